"""How work flows: returns opened and closed by week, and how old those are that are open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from returns.metrics.sight import Period, Rows, Sight
from returns.metrics.sql import figure, on_days, week_of
from returns.states import Status

#: Ages of open returns in days since the request: from, to; the last has no end.
AGES: Final[tuple[tuple[int, int | None], ...]] = ((0, 3), (4, 7), (8, 14), (15, None))


@dataclass(frozen=True)
class Week:
    """What happened in the calendar week that begins on `monday`."""

    monday: date
    opened: int = 0
    closed: int = 0

    @property
    def number(self) -> int:
        """The number of the week in its year (ISO 8601)."""
        return self.monday.isocalendar().week


@dataclass(frozen=True)
class Age:
    """Open returns that were asked for so many days ago."""

    first: int
    last: int | None
    count: int = 0
    held: int = 0


def week_figures(sight: Sight, period: Period) -> list[Rows]:
    """Returns by the week of their request, and by the week in which they ended."""
    whole = period.whole_weeks()
    rows = sight.returns()
    opened = rows.filter(requested_on__gte=whole.first, requested_on__lte=whole.last)
    closed = on_days(rows, "closed_at", whole, "business__time_zone")
    return [
        figure(opened, "opened", day=week_of("requested_on")),
        figure(closed, "closed", day=week_of("local")),
    ]


def weeks_of(period: Period, found: dict[tuple[str, date | None], Any]) -> list[Week]:
    """Every week of the period, those too in which nothing happened."""
    return [
        Week(monday, int(found.get(("opened", monday), 0)), int(found.get(("closed", monday), 0)))
        for monday in period.weeks()
    ]


def age_figures(sight: Sight) -> list[Rows]:
    """Open returns of each age, and those of them that are on hold."""
    rows = sight.returns().open()
    held = rows.filter(status=Status.ON_HOLD)
    return [
        figure(_aged(sight, of, age), f"{name}_{age[0]}")
        for name, of in (("age", rows), ("held", held))
        for age in AGES
    ]


def ages_of(figures: dict[str, Any]) -> list[Age]:
    """The ages from the figures that were asked together."""
    return [
        Age(first, last, int(figures[f"age_{first}"]), int(figures[f"held_{first}"]))
        for first, last in AGES
    ]


def _aged(sight: Sight, rows: Rows, age: tuple[int, int | None]) -> Rows:
    """Returns asked for so long ago; one dated ahead counts as of today."""
    first, last = age
    young = rows.filter(requested_on__lte=sight.today - timedelta(days=first)) if first else rows
    return young.filter(requested_on__gte=sight.today - timedelta(days=last)) if last else young
