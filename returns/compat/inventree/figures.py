"""Figures and times as this system writes them: numbers, and days without a time."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal


def number(value: Decimal | None) -> float | None:
    """A quantity or a price as a JSON number; exact for all that has up to 15 digits."""
    return None if value is None else float(value)


def day_of(value: date | datetime | None) -> str | None:
    """A day as text."""
    if value is None:
        return None
    return (value.date() if isinstance(value, datetime) else value).isoformat()
