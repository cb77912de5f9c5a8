"""Pieces of queries: figures of several tables in one statement, local days, percentiles."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import (
    CharField,
    Count,
    DateField,
    Func,
    IntegerField,
    Value,
)
from django.db.models.functions import Cast, TruncWeek

from returns.metrics.sight import Period, Rows

NO_DAY: Final = Cast(Value(None), DateField())
#: No clock on earth is further from UTC.
A_DAY: Final = timedelta(days=1)


class LocalDay(Func):
    """The calendar day of an instant in the time zone named by a column."""

    template = "(%(expressions)s)::date"
    arg_joiner = " AT TIME ZONE "
    output_field = DateField()


class DaysBetween(Func):
    """Whole days from the second day to the first."""

    template = "(%(expressions)s)"
    arg_joiner = " - "
    output_field = IntegerField()


def figure(rows: Rows, key: str, number: Any = None, *, day: Any = None) -> Rows:
    """One figure of a table as (key, day, number), to be asked together with others.

    Without `number` the rows are counted; with `day` there is a figure for each.
    """
    named = rows.order_by().annotate(of=Value(key, CharField()), on=NO_DAY if day is None else day)
    summed = named.values("of", "on").annotate(figure=number or Count("pk"))
    return summed.values_list("of", "on", "figure")


def together(figures: list[Rows]) -> list[Any]:
    """The rows of all these, asked in one statement."""
    first, *others = figures
    return list(first.union(*others, all=True) if others else first)


def week_of(day: Any) -> Any:
    """The Monday of the week of a day, as a column."""
    return Cast(TruncWeek(day), DateField())


def on_days(rows: Rows, instant: str, period: Period, zone: str) -> Rows:
    """Rows whose instant lies in the period by the clock of the business that `zone` leads to.

    They get the column `local`, the day. The rough bounds in UTC let an index be used.
    """
    utc = ZoneInfo("UTC")
    first = datetime.combine(period.first, time.min, utc) - A_DAY
    last = datetime.combine(period.last, time.max, utc) + A_DAY
    rough = rows.filter(**{f"{instant}__gte": first, f"{instant}__lte": last})
    return rough.annotate(local=LocalDay(instant, zone)).filter(
        local__gte=period.first, local__lte=period.last
    )
