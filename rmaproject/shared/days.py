"""Which days somebody may mean."""

from __future__ import annotations

from datetime import date
from typing import Final

#: Days beyond these are mistakes of typing, and reckoning with them leaves the calendar.
EARLIEST: Final = date(1900, 1, 1)
LATEST: Final = date(2999, 12, 31)


def may_be_meant(day: date) -> bool:
    """Whether a day is near enough to all work that somebody may mean it."""
    return EARLIEST <= day <= LATEST
