"""What time it is: read once per service call, so that one action has one time."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from django.utils import timezone


class InTimeZone(Protocol):
    """Anything that names its IANA time zone: a business."""

    time_zone: str


def now(place: InTimeZone | None = None) -> datetime:
    """The present instant; in the business's time zone where one is given."""
    instant = timezone.now()
    return instant.astimezone(ZoneInfo(place.time_zone)) if place else instant


def today(place: InTimeZone) -> date:
    """The present day where the business is."""
    return now(place).date()
