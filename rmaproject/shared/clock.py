"""What time it is: read once per service call, so that one action has one time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from django.utils import timezone


class WithClock(Protocol):
    """Anything that names its IANA time zone and how far its clock was moved: a business."""

    time_zone: str
    clock_ahead: timedelta


def now(place: WithClock | None = None) -> datetime:
    """The present instant; by the business's clock, in its time zone, where one is given."""
    instant = timezone.now()
    if place is None:
        return instant
    return (instant + place.clock_ahead).astimezone(ZoneInfo(place.time_zone))


def today(place: WithClock) -> date:
    """The present day where the business is, by its clock."""
    return now(place).date()
