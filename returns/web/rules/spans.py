"""When versions of the rules hold, drawn: one line of time for each business."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any, Final

from django.utils.translation import gettext as _

from returns.models import PolicyStatus, PolicyVersion
from rmaproject.shared import clock
from rmaproject.web.days import written
from sales.models import Business

#: Time around today is always shown; what holds without an end goes to the edge.
BEFORE, AFTER = timedelta(days=90), timedelta(days=120)
#: Months between two marks, and how many marks there is room for.
STEPS: Final = (1, 3, 6, 12, 24, 60)
MOST_MARKS: Final = 7
#: So wide is a bar at least to hold its number, in hundredths.
ROOM: Final = 4

Row = dict[str, Any]


@dataclass(frozen=True)
class Stretch:
    """From one day to another, as hundredths of the drawing's width."""

    first: date
    last: date

    def at(self, day: date) -> float:
        """Where a day lies; one outside lies at the edge."""
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return min(max(100 * share, 0.0), 100.0)


def lines_of_time(rows: Sequence[PolicyVersion]) -> list[Row]:
    """A drawing for each business that has published rules; `rows` come by business."""
    kept = [row for row in rows if row.status in (PolicyStatus.PUBLISHED, PolicyStatus.DRAFT)]
    groups = groupby(kept, key=lambda row: row.business)
    drawn = [_line(business, list(versions)) for business, versions in groups]
    return [line for line in drawn if line["bars"]]


def _line(business: Business, versions: list[PolicyVersion]) -> Row:
    today = clock.today(business)
    published = sorted((row for row in versions if row.valid), key=lambda row: row.valid.lower)
    days = [row.valid.lower for row in published]
    days += [row.valid.upper for row in published if row.valid.upper]
    stretch = Stretch(min([today - BEFORE, *days]), max([today + AFTER, *days]))
    now = stretch.at(today)
    return {
        "business": business.name,
        "bars": [_bar(row, stretch, today) for row in published],
        "drafts": [str(row.number) for row in versions if row.status == PolicyStatus.DRAFT],
        "today": _hundredths(now),
        "rest": _hundredths(100 - now),
        "marks": _marks(stretch),
        "says": _said(business, published),
    }


def _bar(row: PolicyVersion, stretch: Stretch, today: date) -> Row:
    since, until = row.valid.lower, row.valid.upper
    left, right = stretch.at(since), stretch.at(until or stretch.last)
    state = "coming" if since > today else "over" if until and until <= today else "holds"
    return {
        "state": state,
        "x": _hundredths(left),
        "width": _hundredths(max(right - left, 0.4)),
        "middle": _hundredths((left + right) / 2),
        "label": str(row.number) if right - left >= ROOM else "",
        "open": until is None,
    }


def _marks(stretch: Stretch) -> list[Row]:
    """The first days of some months, no more than can be read."""
    months = (stretch.last.year - stretch.first.year) * 12 + stretch.last.month
    months -= stretch.first.month
    step = next((step for step in STEPS if months // step < MOST_MARKS), STEPS[-1])
    whole = stretch.first.year * 12 + stretch.first.month - 1
    starts = range(-(-(whole + 1) // step) * step, whole + months + 1, step)
    days = [date(month // 12, month % 12 + 1, 1) for month in starts]
    return [{"x": _hundredths(stretch.at(day)), "label": written(day, "M Y")} for day in days]


def _said(business: Business, published: list[PolicyVersion]) -> str:
    """The drawing in words, for who does not see it."""
    told = [_one(row) for row in published]
    return _("%(business)s: %(versions)s") % {
        "business": business.name,
        "versions": "; ".join(told),
    }


def _one(row: PolicyVersion) -> str:
    since = written(row.valid.lower, "j M Y")
    if row.valid.upper is None:
        return _("version %(n)s from %(since)s on") % {"n": row.number, "since": since}
    until = written(row.valid.upper, "j M Y")
    words = _("version %(n)s from %(since)s until %(until)s")
    return words % {"n": row.number, "since": since, "until": until}


def _hundredths(value: float) -> str:
    """A length for an attribute of the drawing, the same in every language."""
    return f"{value:.2f}%"
