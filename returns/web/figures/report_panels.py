"""The panels of dashboard and reports: a chart, its table, its definition, its export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.template.defaultfilters import date as format_date
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from returns.metrics.definitions import DEFINITIONS, Definition
from returns.metrics.durations import Duration
from returns.metrics.flow import Age, Week
from returns.metrics.rates import Rate, Sold
from returns.metrics.refunds import Step
from returns.metrics.sight import Period
from returns.web.figures import tables
from returns.web.figures.charts import bars, lines, share
from rmaproject.shared import money
from rmaproject.web.tags.figures import quantity


@dataclass(frozen=True)
class Panel:
    """One section: `kind` names the partial that draws `chart`; `defined` are its definitions."""

    key: str
    kind: str
    title: str
    chart: Any
    table: tables.Table
    defined: tuple[str, ...]
    says: str = ""
    aside: str = ""
    note: str = ""
    query: dict[str, str] = field(default_factory=dict)

    @property
    def definitions(self) -> list[Definition]:
        return [DEFINITIONS[key] for key in self.defined]

    @property
    def csv_url(self) -> str:
        return self._url("csv")

    @property
    def xlsx_url(self) -> str:
        return self._url("xlsx")

    def _url(self, form: str) -> str:
        query = {"table": self.table.key, "format": form, **self.query}
        kept = urlencode({name: value for name, value in query.items() if value})
        return f"{reverse('reports_export')}?{kept}"


def flow_panel(weeks: Sequence[Week], query: dict[str, str]) -> Panel:
    """Opened and closed, two bars a week."""
    labels = [str(week.number) for week in weeks]
    says = _("Bar chart: returns opened and closed per week. The table below has the figures.")
    return Panel(
        "flow",
        "bars",
        _("Opened and closed per week"),
        bars(labels, [(week.opened, week.closed) for week in weeks]),
        tables.week_table(weeks),
        ("flow",),
        says,
        query=query,
    )


def resolution_panel(
    weeks: Sequence[Duration], stages: Sequence[Duration], query: dict[str, str]
) -> Panel:
    """Median and slowest tenth by week; the table below tells the stages."""
    labels = [str(row.week.isocalendar().week) for row in weeks if row.week]
    says = _(
        "Line chart: median and p90 of days to resolution per week."
        " The table below has the figures by stage."
    )
    return Panel(
        "resolution",
        "lines",
        _("Days to resolution"),
        lines(labels, [[row.median for row in weeks], [row.p90 for row in weeks]]),
        tables.stage_table(stages),
        ("resolution", "stages"),
        says,
        query=query,
    )


def rate_panel(
    dimension: str,
    rows: Sequence[Rate],
    query: dict[str, str],
    *,
    sales: bool,
    sold: Sold | None = None,
    title: str = "",
) -> Panel:
    """Lying bars of units, with both rates beside them."""
    highest = max((row.units for row in rows), default=money.ZERO)
    chart = [
        {
            "name": tables.rate_name(row),
            "code": row.code if dimension != "reason" else "",
            "width": share(row.units, highest),
            "units": row.units,
            "unit_rate": row.unit_rate,
            "order_rate": row.order_rate,
        }
        for row in rows
    ]
    return Panel(
        dimension,
        "rates",
        title or tables.rate_titles()[dimension],
        chart,
        tables.rate_table(dimension, rows, sales=sales),
        ("units", "unit_rate", "order_rate") if sales else ("units",),
        note=_of_all(rows, sold) if sold is not None and sold.units else "",
        query=query,
    )


def _of_all(rows: Sequence[Rate], sold: Sold) -> str:
    units = sum((row.units for row in rows), Decimal(0))
    whole = sold.units or Decimal(1)
    figures = {
        "units": quantity(units),
        "sold": quantity(sold.units),
        "rate": quantity((100 * units / whole).quantize(Decimal("0.1"))),
    }
    return _("%(units)s of %(sold)s units sold: %(rate)s %%.") % figures


def age_panel(ages: Sequence[Age], query: dict[str, str]) -> Panel:
    """Open returns by age, with those on hold."""
    highest = max((age.count for age in ages), default=0)
    chart = [
        {
            "name": tables.age_name(age),
            "width": share(age.count, highest),
            "count": age.count,
            "held": ngettext("%(count)d on hold", "%(count)d on hold", age.held)
            % {"count": age.held},
        }
        for age in ages
    ]
    return Panel(
        "ages",
        "ages",
        _("Open returns by age"),
        chart,
        tables.age_table(ages),
        ("ages",),
        aside=_("days since request"),
        query=query,
    )


def refund_panel(
    steps: Sequence[Step], period: Period, query: dict[str, str], *, title: str, refunds: bool
) -> Panel:
    """What is requested, due, approved and paid, a column a currency."""
    currencies = sorted({step.currency for step in steps})
    by_place = {(step.key, step.currency): step for step in steps}
    shown = ("requested", "due", "approved", "paid") if refunds else ("requested", "due")
    rows = [
        {
            "key": key,
            "name": tables.step_names()[key],
            "count": _documents(key, [by_place.get((key, code)) for code in currencies]),
            "amounts": [
                {"currency": code, "amount": _amount(by_place.get((key, code)))}
                for code in currencies
            ],
        }
        for key in shown
    ]
    one = currencies[0] if len(currencies) == 1 else ""
    return Panel(
        "refunds",
        "refunds",
        title,
        {"rows": rows, "currencies": currencies, "several": len(currencies) > 1},
        tables.step_table(steps),
        tuple(shown),
        aside=_("%(currency)s gross") % {"currency": one} if one else "",
        query=query,
    )


def _documents(key: str, steps: list[Step | None]) -> str:
    count = sum(step.count for step in steps if step)
    words = {
        "requested": ngettext("%(n)d return", "%(n)d returns", count),
        "due": ngettext("%(n)d credit note", "%(n)d credit notes", count),
    }
    return words.get(key, ngettext("%(n)d refund", "%(n)d refunds", count)) % {"n": count}


def _amount(step: Step | None) -> Decimal:
    return step.amount if step else money.ZERO


def month_name(period: Period) -> str:
    """The month that a period ends in."""
    return format_date(period.last, "F")
