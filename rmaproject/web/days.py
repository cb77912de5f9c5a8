"""Days as the reader's language writes them: 19 Nov, 19. Nov; and days as addresses name them."""

from __future__ import annotations

import datetime
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import pgettext, pgettext_lazy

from rmaproject.shared.days import may_be_meant

#: The forms of days, for gettext to find; a translation orders and parts them anew.
FORMS: Final = (
    pgettext_lazy("date", "j M"),
    pgettext_lazy("date", "j M Y"),
    pgettext_lazy("date", "j M Y, H:i"),
    pgettext_lazy("date", "D j M"),
    pgettext_lazy("date", "l, j F Y"),
)


def day_of(text: str) -> datetime.date:
    """The day of an ISO text. Raises ValueError for what is none, and for one far from all work."""
    day = datetime.date.fromisoformat(text)
    if not may_be_meant(day):
        raise ValueError(text)
    return day


def written(value: datetime.date, form: str) -> str:
    """A day, or a moment, in one of these forms."""
    return date_format(value, pgettext("date", form))
