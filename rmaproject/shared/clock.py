"""What time it is: read once per service call, so that one action has one time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from django.utils import timezone


class WithClock(Protocol):
    """Anything that names its IANA time zone and how far its clock was moved: a business."""

    time_zone: str
    clock_ahead: timedelta


_told: Final[ContextVar[datetime | None]] = ContextVar("told_instant", default=None)


@contextmanager
def set_to(instant: datetime) -> Iterator[None]:
    """Let all that happens inside happen at this instant: a history that is told afterwards."""
    former = _told.set(instant)
    try:
        yield
    finally:
        _told.reset(former)


def now(place: WithClock | None = None) -> datetime:
    """The present instant; by the business's clock, in its time zone, where one is given."""
    instant = _told.get() or timezone.now()
    if place is None:
        return instant
    return (instant + place.clock_ahead).astimezone(ZoneInfo(place.time_zone))


def today(place: WithClock) -> date:
    """The present day where the business is, by its clock."""
    return now(place).date()
