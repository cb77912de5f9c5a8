"""Which days a calendar shows: plain arithmetic with days, which no time zone can move."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.formats import date_format, get_format
from django.utils.translation import get_language
from django.utils.translation.trans_real import parse_accept_lang_header

from rmaproject.web.days import written

MONTH, WEEK, LIST, DAY = "month", "week", "list", "day"
#: Calendars further away than this hold nothing, and days before year 1 do not exist.
EARLIEST, LATEST = date(1970, 1, 1), date(2199, 12, 31)
#: Where a week does not begin on Monday: region to the day it begins on, Monday being 0.
_SUNDAY: Final = "AG AS BD BR BS BT BW BZ CA CN CO DM DO ET GT GU HK HN ID IL IN JM JP KE KH KR"
_SUNDAY_TOO: Final = "LA MH MM MO MT MX MZ NI NP PA PE PH PK PR PY SA SG SV TH TT TW UM US VE VI"
_SATURDAY: Final = "AE AF BH DJ DZ EG IQ IR JO KW LY OM QA SD SY"
BEGINS: Final = {
    **dict.fromkeys((_SUNDAY + " " + _SUNDAY_TOO + " WS YE ZA ZW").split(), 6),
    **dict.fromkeys(_SATURDAY.split(), 5),
}


@dataclass(frozen=True)
class Span:
    """The days from `first` to `last` around the day `on`, shown as `kind`."""

    kind: str
    on: date
    first: date
    last: date

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    @property
    def title(self) -> str:
        """What the span is called: November 2026; 16 – 22 November 2026; 19 November 2026."""
        if self.kind == DAY:
            return written(self.on, "l, j F Y")
        if self.kind != WEEK:
            return date_format(self.on, "F Y")
        begin = "j" if self.first.month == self.last.month else "j F"
        begin = begin if self.first.year == self.last.year else "j F Y"
        return f"{date_format(self.first, begin)} – {date_format(self.last, 'j F Y')}"

    def holds(self, day: date) -> bool:
        """Whether a day is shown as one of this span, not as a neighbour that fills a week."""
        if self.kind in (MONTH, LIST):
            return (day.year, day.month) == (self.on.year, self.on.month)
        return self.first <= day <= self.last


def span_of(kind: str, on: date, begins: int) -> Span:
    """The days to show around `on`; weeks begin on `begins`, Monday being 0."""
    if kind == DAY:
        return Span(DAY, on, on, on)
    if kind == WEEK:
        first = week_of(on, begins)
        return Span(WEEK, on, first, first + timedelta(days=6))
    first, last = on.replace(day=1), _last_of_month(on)
    if kind == LIST:
        return Span(LIST, on, first, last)
    end = week_of(last, begins) + timedelta(days=6)
    return Span(MONTH, on, week_of(first, begins), end)


def week_of(day: date, begins: int) -> date:
    """The day on which the week of `day` begins."""
    return day - timedelta(days=(day.weekday() - begins) % 7)


def week_number(first: date) -> int:
    """The number of the week that begins on this day: that of its Thursday, as ISO 8601 has it."""
    return next(
        day for day in (first + timedelta(days=n) for n in range(7)) if day.weekday() == 3
    ).isocalendar()[1]


def stepped(span: Span, by: int) -> date | None:
    """The day to open one span further on or back; None where calendars end."""
    if span.kind in (MONTH, LIST):
        months = span.on.year * 12 + span.on.month - 1 + by
        aim = date(months // 12, months % 12 + 1, 1)
    else:
        aim = span.on + timedelta(days=by * (7 if span.kind == WEEK else 1))
    return aim if EARLIEST <= aim <= LATEST else None


def week_begins(header: str) -> int:
    """On which day a reader's weeks begin, Monday being 0: by the browser's region for the
    language shown, else by the language.
    """
    shown = (get_language() or "").partition("-")[0]
    for tag, _weight in parse_accept_lang_header(header):
        language, _dash, region = tag.partition("-")
        if language == shown and region:
            return BEGINS.get(region.upper(), 0)
    return (int(get_format("FIRST_DAY_OF_WEEK")) - 1) % 7


def _last_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
