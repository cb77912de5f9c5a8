"""Reports: the charts of the start page over any time, of a business or a category, and files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from returns.metrics.durations import durations
from returns.metrics.rates import rates
from returns.metrics.refunds import refund_steps
from returns.metrics.sight import USUAL_DAYS, Period, Sight, look
from returns.metrics.today import work_of
from returns.web.figures import report_panels as panels
from returns.web.figures.exports import as_csv, as_xlsx
from returns.web.figures.tables import TABLES
from returns.web.figures.today import chosen_business, definitions_for
from rmaproject.shared.errors import Malformed
from rmaproject.web.days import day_of
from rmaproject.web.lists import searched
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff
from sales.selectors import visible_businesses
from stock.models import PartCategory

RANGES: Final = (30, 90, 365)
WRITERS: Final = {"csv": as_csv, "xlsx": as_xlsx}


@dataclass(frozen=True)
class Asked:
    """What the address asks for: whose rows, of which time."""

    sight: Sight
    period: Period
    query: dict[str, str]
    businesses: list[Any]
    categories: list[Any]


@staff
def reports(request: StaffRequest) -> HttpResponse:
    """All charts over a time, by default of ninety days."""
    asked = _asked(request)
    context = {
        "as_of": asked.sight.now,
        "period": asked.period,
        "ranges": _ranges(asked),
        "businesses": asked.businesses if len(asked.businesses) > 1 else [],
        "business": asked.sight.business,
        "categories": asked.categories,
        "category": asked.sight.category,
        "panels": _panels(asked),
        "definitions": definitions_for(asked.sight),
    }
    return page(request, "today/reports.html", context)


@staff
def export(request: StaffRequest) -> HttpResponse:
    """The figures of one chart as a file, by the same rights and filters."""
    asked = _asked(request)
    key = searched(request, "table") or "flow"
    form = searched(request, "format") or "csv"
    if key not in TABLES or form not in WRITERS or (key == "refunds" and not asked.sight.money):
        raise Http404
    name = f"{key}-{asked.period.first:%Y%m%d}-{asked.period.last:%Y%m%d}.{form}"
    return WRITERS[form](TABLES[key](asked.sight, asked.period), name)


def _asked(request: StaffRequest) -> Asked:
    businesses = list(visible_businesses(request.actor).order_by("code"))
    business = chosen_business(request, businesses)
    categories = list(PartCategory.objects.filter(active=True).order_by("name"))
    code = searched(request, "category")
    category = next((row for row in categories if row.code == code), None)
    if code and category is None:
        raise _unreadable(_("Category"))
    sight = look(request.actor, business=business, category=category)
    period = _period(request, sight.latest)
    query = {
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "business": str(business.uuid) if business else "",
        "category": code,
    }
    return Asked(sight, period, query, businesses, categories)


def _period(request: StaffRequest, latest: date) -> Period:
    """The time of the address. Raises Malformed for what is no day, RuleViolation `no_period`."""
    days = searched(request, "days")
    if days and days not in map(str, RANGES):
        raise _unreadable(_("Days"))
    last = _day(request, "to") or latest
    return Period.asked(_day(request, "from"), last, int(days or USUAL_DAYS))


def _day(request: StaffRequest, name: str) -> date | None:
    text = searched(request, name)
    try:
        return day_of(text) if text else None
    except ValueError as error:
        raise _unreadable(name) from error


def _unreadable(label: str) -> Malformed:
    message = _("The filter %(label)s cannot be read. Open the page again.") % {"label": label}
    return Malformed(message, code="invalid_filter")


def _ranges(asked: Asked) -> list[dict[str, Any]]:
    kept = {name: asked.query[name] for name in ("business", "category") if asked.query[name]}
    return [
        {
            "label": ngettext("%(days)d day", "%(days)d days", days) % {"days": days},
            "url": f"{reverse('reports')}?{urlencode({**kept, 'days': days})}",
            "current": asked.period == Period.of_days(days, asked.sight.latest),
        }
        for days in RANGES
    ]


def _panels(asked: Asked) -> list[panels.Panel]:
    sight, period, query = asked.sight, asked.period, asked.query
    work = work_of(sight, period)
    weeks, stages = durations(sight, period)
    splits = ("reason", "part", "category", "customer")
    rated, sold = rates(sight, period, *splits)
    shown = [
        panels.flow_panel(work.weeks, query),
        panels.resolution_panel(weeks, stages, query),
        *(
            panels.rate_panel(
                split,
                rated[split],
                query,
                sales=sight.sales,
                sold=sold if split == "reason" else None,
            )
            for split in splits
        ),
        panels.age_panel(work.ages, query),
    ]
    if sight.money:
        steps = refund_steps(sight, period)
        title = _("Refunds")
        shown.append(panels.refund_panel(steps, period, query, title=title, refunds=sight.refunds))
    return shown
