"""The start page: what waits, what this person should do next, and how work flows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from returns.metrics.definitions import DEFINITIONS, OF_MONEY
from returns.metrics.durations import durations
from returns.metrics.rates import rates
from returns.metrics.refunds import Step, due_now, refund_steps
from returns.metrics.sight import Period, Sight, look
from returns.metrics.tiles import Tile
from returns.metrics.today import work_of
from returns.metrics.waiting import waiting
from returns.web.figures import report_panels as panels
from returns.web.record.tasks import rows_of
from rmaproject.shared import money
from rmaproject.shared.errors import Malformed, NotPermitted
from rmaproject.web.entrance import onward
from rmaproject.web.lists import searched
from rmaproject.web.pages import asks_for_part, page
from rmaproject.web.sections import MANAGE
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.tags.figures import money as written
from sales.models import Business
from sales.selectors import visible_businesses

#: The flow is shown for so many weeks, rates for so many days.
WEEKS: Final = 12
RATED_DAYS: Final = 90


@staff
def today(request: StaffRequest) -> HttpResponse:
    """The dashboard for who may see returns; everybody else goes to the first open place."""
    try:
        sight = look(request.actor)
    except NotPermitted:
        return onward(request)
    sight, businesses = _narrowed(request, sight)
    team = searched(request, "team") == "1"
    context: dict[str, Any] = _tasks(sight, team=team)
    if not asks_for_part(request):
        context |= _figures(sight)
        context |= {
            "businesses": businesses if len(businesses) > 1 else [],
            "business": sight.business,
            "start_url": reverse("start-card") if sight.actor.may(MANAGE) else "",
            "new_url": reverse("returns:new") if sight.actor.may("returns.create_return") else "",
        }
    return page(request, "today/page.html", context, part="today/_waiting.html")


def _narrowed(request: StaffRequest, sight: Sight) -> tuple[Sight, list[Business]]:
    """The sight of the business that the address names, and all that may be chosen."""
    businesses = list(visible_businesses(request.actor).order_by("code"))
    return replace(sight, business=chosen_business(request, businesses)), businesses


def chosen_business(request: StaffRequest, offered: list[Business]) -> Business | None:
    """The business that the address names, None for all. Raises Malformed `invalid_filter`."""
    asked = searched(request, "business")
    found = next((row for row in offered if str(row.uuid) == asked), None)
    if asked and found is None:
        message = _("This address names no business that you see. Open the page again.")
        raise Malformed(message, code="invalid_filter")
    return found


def of_business(sight: Sight) -> dict[str, str]:
    """The chosen business as a query."""
    return {"business": str(sight.business.uuid)} if sight.business else {}


def _tasks(sight: Sight, *, team: bool) -> dict[str, Any]:
    query = of_business(sight)
    other = query if team else {**query, "team": "1"}
    return {
        "tasks": rows_of(waiting(sight, team=team), sight.now),
        "team": team,
        "switch_url": f"{reverse('home')}?{urlencode(other)}" if other else reverse("home"),
    }


def _figures(sight: Sight) -> dict[str, Any]:
    """What waits and how work flows; the charts that read more come after the page."""
    query = of_business(sight)
    weeks = _weeks(sight)
    work, due = work_of(sight, weeks), due_now(sight)
    return {
        "as_of": sight.now,
        "day": sight.today,
        "tiles": [_tile(sight, tile, due) for tile in work.tiles],
        "flow": panels.flow_panel(work.weeks, _query(query, weeks)),
        "ages": panels.age_panel(work.ages, query),
        "charts_url": f"{reverse('charts')}?{urlencode(query)}",
        "definitions": definitions_for(sight),
    }


def _weeks(sight: Sight) -> Period:
    """The calendar weeks of the charts, this one included."""
    return Period.of_days(7 * (WEEKS - 1) + sight.latest.isoweekday(), sight.latest)


@staff
def charts(request: StaffRequest) -> HttpResponse:
    """The charts of the start page as a part of it; without scripts there are the reports."""
    sight = look(request.actor)
    if not asks_for_part(request):
        return redirect("reports")
    sight, _offered = _narrowed(request, sight)
    return render(request, "today/_charts.html", {"panels": _charts(sight)})


def _charts(sight: Sight) -> list[panels.Panel]:
    """Five statements, each over all returns of its time."""
    query = of_business(sight)
    weeks, rated = _weeks(sight), Period.of_days(RATED_DAYS, sight.latest)
    by_week, stages = durations(sight, weeks)
    rated_by, sold = rates(sight, rated, "reason", "part")
    daily = _query(query, rated)
    by_reason = _("Units returned by reason, %(days)d days") % {"days": RATED_DAYS}
    by_part = _("Return rate by part, %(days)d days") % {"days": RATED_DAYS}
    shown = [
        panels.resolution_panel(by_week, stages, _query(query, weeks)),
        panels.rate_panel(
            "reason", rated_by["reason"], daily, sales=sight.sales, sold=sold, title=by_reason
        ),
        panels.rate_panel("part", rated_by["part"], daily, sales=sight.sales, title=by_part),
    ]
    return [*shown, _refunds(sight)] if sight.money else shown


def _refunds(sight: Sight) -> panels.Panel:
    month = Period(sight.latest.replace(day=1), sight.latest)
    return panels.refund_panel(
        refund_steps(sight, month),
        month,
        _query(of_business(sight), month),
        title=_("Refunds, %(month)s") % {"month": panels.month_name(month)},
        refunds=sight.refunds,
    )


def definitions_for(sight: Sight) -> list[Any]:
    """The definitions of what this person may see."""
    return [row for row in DEFINITIONS.values() if sight.money or row.key not in OF_MONEY]


def _query(query: dict[str, str], period: Period) -> dict[str, str]:
    return {**query, "from": period.first.isoformat(), "to": period.last.isoformat()}


def _tile(sight: Sight, tile: Tile, due: list[Step]) -> dict[str, Any]:
    query = {"queue": tile.key, **of_business(sight)}
    return {
        "key": tile.key,
        "label": DEFINITIONS[tile.key].name,
        "sentence": DEFINITIONS[tile.key].sentence,
        "count": tile.count,
        "details": _details(tile, due),
        "url": f"{reverse('returns:list')}?{urlencode(query)}",
        "tone": "bad" if tile.key == "overdue" and tile.count else "",
    }


def _details(tile: Tile, due: list[Step]) -> list[str]:
    if tile.key == "refund":
        return [f"{money_text(step)} {step.currency}" for step in due]
    number = int(tile.extra)
    words = {
        "open": _("%(n)s in 7 days") % {"n": f"{number:+d}".replace("-", "−")},
        "overdue": ngettext("oldest %(n)d day", "oldest %(n)d days", number) % {"n": number},
        "receive": ngettext("%(n)d parcel today", "%(n)d parcels today", number) % {"n": number},
        "inspect": ngettext("%(n)s unit", "%(n)s units", number)
        % {"n": money.plain(tile.extra + money.ZERO)},
        "approval": ngettext("%(n)d waits for you", "%(n)d wait for you", number) % {"n": number},
        "stuck": ngettext("%(n)d on hold", "%(n)d on hold", number) % {"n": number},
    }
    silent = tile.key in ("overdue", "stuck", "approval", "inspect") and not number
    return [] if silent else [words[tile.key]]


def money_text(step: Step) -> str:
    """An amount as its reader writes it."""
    return written(step.amount, step.currency)
