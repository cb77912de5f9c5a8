"""Calendar feeds in the few words that tests need: make one, and fetch it as a program would."""

from __future__ import annotations

import base64
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.test import Client
from icalendar import Calendar

from returns.models import CalendarFeed
from returns.services import request_return
from returns.services.calendar_feeds import create_calendar_feed, secret_path
from rmaproject.access.actors import SYSTEM
from rmaproject.access.models import User
from rmaproject.shared import clock
from sales.services.orders import create_order

ALL = ["return_order", "return_deadline", "expected_parcel", "promised_refund", "sales_order"]


class Subscription:
    """A feed and a program that knows its address, and nobody's name or password."""

    def __init__(self, owner: User | Group, *contents: str, **values: Any) -> None:
        told = {"name": "Due days", "contents": list(contents or ALL), **values}
        self.feed, self.secret = create_calendar_feed(told, owner=owner, actor=SYSTEM)
        self.path = secret_path(self.feed, self.secret)

    def get(self, path: str = "", **headers: str) -> Any:
        """The answer to a fetch; a program keeps no cookies."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Client(raise_request_exception=False).get(path or self.path, headers=named)

    def events(self) -> dict[str, Any]:
        """The events by their titles."""
        answer = self.get()
        assert answer.status_code == 200, answer.content
        return events_of(answer.content)

    def row(self) -> CalendarFeed:
        return CalendarFeed.objects.get(pk=self.feed.pk)


def events_of(body: bytes) -> dict[str, Any]:
    found = [dict(event) for event in Calendar.from_ical(body).walk("VEVENT")]
    return {str(event["SUMMARY"]): event for event in found}


def in_days(number: int) -> date:
    return clock.now().date() + timedelta(days=number)


def long_ago() -> datetime:
    """Longer ago than anything is struck out."""
    return clock.now() - timedelta(days=30, minutes=1)


def an_rma(business, customer, reference, **values):
    given = {"target_date": in_days(3), **values}
    return request_return(
        business=business, customer=customer, reference=reference, actor=SYSTEM, **given
    )


def an_order(business, customer, reference, **values):
    given = {"target_date": in_days(3), **values}
    return create_order(
        business=business, customer=customer, reference=reference, actor=SYSTEM, **given
    )


def basic(name, password):
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()
