"""The figures as tables: what a chart's twin shows, and what CSV and XLSX carry."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from returns.metrics.durations import Duration, durations
from returns.metrics.flow import Age, Week
from returns.metrics.rates import Rate, rates
from returns.metrics.refunds import Step, refund_steps
from returns.metrics.sight import Period, Sight
from returns.metrics.today import work_of

#: Kinds of cells, which say how they are written.
TEXT, COUNT, QUANTITY, PERCENT, DAYS, AMOUNT = (
    "text",
    "count",
    "quantity",
    "percent",
    "days",
    "amount",
)


@dataclass(frozen=True)
class Cell:
    """A value with its kind; an amount names its currency."""

    value: Any
    kind: str = COUNT
    currency: str = ""


@dataclass(frozen=True)
class Table:
    """Columns and rows; the first cell of a row is its head."""

    key: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]] = field(default_factory=list)


def text(value: Any) -> Cell:
    return Cell(value, TEXT)


def week_table(weeks: Sequence[Week]) -> Table:
    """Opened and closed, a row a week."""
    rows = [[text(_week(week.monday)), Cell(week.opened), Cell(week.closed)] for week in weeks]
    return Table(
        "flow", _("Opened and closed per week"), [_("Week"), _("Opened"), _("Closed")], rows
    )


def duration_table(weeks: Sequence[Duration]) -> Table:
    """Days to resolution, a row a week."""
    rows = [[text(_week(row.week)), *_figures_of(row)] for row in weeks]
    return Table("resolution", _("Days to resolution"), [_("Week"), *_duration_columns()], rows)


def stage_table(stages: Sequence[Duration]) -> Table:
    """Days by stage, the whole way first."""
    names = stage_names()
    rows = [[text(names[row.key]), *_figures_of(row)] for row in stages]
    return Table("stages", _("Days by stage"), [_("Stage"), *_duration_columns()], rows)


def stage_names() -> dict[str, str]:
    """What the stages are called."""
    return {
        "all": _("Request to completion"),
        "authorise": _("Request to issue"),
        "receive": _("Issue to receipt"),
        "decide": _("Receipt to decision"),
        "credit": _("Decision to credit"),
        "refund": _("Credit to refund paid"),
    }


def rate_titles() -> dict[str, str]:
    """What the splits of return rates are called."""
    return {
        "reason": _("Units returned by reason"),
        "part": _("Return rate by part"),
        "category": _("Return rate by category"),
        "customer": _("Return rate by customer"),
    }


def rate_name(row: Rate) -> str:
    """What a rate is of; what has no name says so."""
    return row.name or row.code or _("Not given")


def rate_table(dimension: str, rows: Sequence[Rate], *, sales: bool) -> Table:
    """Units and orders with their own rates; without the sight of sales only what came back."""
    coded = dimension != "reason"
    columns = [_("Name"), *([_("Code")] if coded else []), _("Units returned")]
    columns += [_("Units sold"), _("Rate by units, %")] if sales else []
    columns += [_("Orders with returns")]
    columns += [_("Orders"), _("Rate by orders, %")] if sales else []
    made = [_rate_cells(row, coded=coded, sales=sales) for row in rows]
    return Table(dimension, rate_titles()[dimension], columns, made)


def _rate_cells(row: Rate, *, coded: bool, sales: bool) -> list[Cell]:
    cells = [text(rate_name(row)), *([text(row.code)] if coded else [])]
    cells.append(Cell(row.units, QUANTITY))
    if sales:
        cells += [Cell(row.sold_units, QUANTITY), Cell(row.unit_rate, PERCENT)]
    cells.append(Cell(row.orders))
    if sales:
        cells += [Cell(row.sold_orders), Cell(row.order_rate, PERCENT)]
    return cells


def age_name(age: Age) -> str:
    """How old: from, to."""
    if age.last is None:
        return _("%(days)s days and more") % {"days": age.first}
    return _("%(first)s to %(last)s days") % {"first": age.first, "last": age.last}


def age_table(ages: Sequence[Age]) -> Table:
    """Open returns by age."""
    rows = [[text(age_name(age)), Cell(age.count), Cell(age.held)] for age in ages]
    columns = [_("Days since the request"), _("Returns"), _("On hold")]
    return Table("ages", _("Open returns by age"), columns, rows)


def step_names() -> dict[str, str]:
    """What the steps of money are called."""
    return {
        "requested": _("Requested, no credit booked yet"),
        "due": _("Due"),
        "approved": _("Approved, not paid"),
        "paid": _("Paid"),
    }


def step_table(steps: Sequence[Step]) -> Table:
    """Refunds by step and currency."""
    names = step_names()
    rows = [
        [
            text(names[step.key]),
            text(step.currency),
            Cell(step.count),
            Cell(step.amount, AMOUNT, step.currency),
        ]
        for step in steps
    ]
    columns = [_("Step"), _("Currency"), _("Documents"), _("Amount, gross")]
    return Table("refunds", _("Refunds"), columns, rows)


def _rates(dimension: str) -> Callable[[Sight, Period], Table]:
    def made(sight: Sight, period: Period) -> Table:
        return rate_table(
            dimension, rates(sight, period, dimension)[0][dimension], sales=sight.sales
        )

    return made


#: Every table by its key, made on its own: what an export asks for.
TABLES: Final[dict[str, Callable[[Sight, Period], Table]]] = {
    "flow": lambda sight, period: week_table(work_of(sight, period).weeks),
    "resolution": lambda sight, period: duration_table(durations(sight, period)[0]),
    "stages": lambda sight, period: stage_table(durations(sight, period)[1]),
    "reason": _rates("reason"),
    "part": _rates("part"),
    "category": _rates("category"),
    "customer": _rates("customer"),
    "ages": lambda sight, period: age_table(work_of(sight, period).ages),
    "refunds": lambda sight, period: step_table(refund_steps(sight, period)),
}


def _week(monday: Any) -> str:
    year, week, _day = monday.isocalendar()
    return f"{year}-W{week:02d}"


def _duration_columns() -> list[str]:
    return [_("Returns"), _("Median, days"), _("p90, days")]


def _figures_of(row: Duration) -> list[Cell]:
    return [Cell(row.count), Cell(row.median, DAYS), Cell(row.p90, DAYS)]
