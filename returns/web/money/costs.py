"""The cost book: what was decided about goods of all returns, and what that cost."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from returns.counting import disposal_costs
from returns.models import Action, Disposal
from returns.selectors import visible_returns
from returns.web.crumbs import crumbs
from rmaproject.shared import money
from rmaproject.web.lists import Filters, paged
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff


@staff
def costs(request: StaffRequest) -> HttpResponse:
    """Disposals within the caller's sight, newest first, with their sums by currency."""
    filters = Filters(request)
    rows: QuerySet[Any, Any] = Disposal.objects.filter(
        return_order__in=visible_returns(request.actor)
    )
    if action := filters.choice("action", _("Action"), list(Action.choices)):
        rows = rows.filter(action=action)
    if sku := filters.text("part", _("SKU")):
        rows = rows.filter(line__part__sku__iexact=sku)
    if day := filters.day("since", _("Since")):
        rows = rows.filter(at__date__gte=day)
    sums = disposal_costs(rows)
    related = ("return_order", "line__part", "disposition")
    listed = paged(request, rows.select_related(*related))
    context = {
        "crumbs": crumbs(),
        "filters": filters.context(),
        "sums": [f"{money.amount(row.total, row.currency)} {row.currency}" for row in sums],
        "rows": [_row(row) for row in listed.rows],
        "page": listed.pager,
        "empty": {"icon": "shelf", "title": _("Nothing was decided yet"), "text": ""},
    }
    return page(request, "returns/costs.html", context)


def _row(row: Disposal) -> dict[str, Any]:
    part = row.line.part
    return {
        "at": row.at,
        "reference": row.return_order.reference,
        "url": reverse("returns:detail", args=[row.return_order.uuid]),
        "part": part.name if part else row.line.description,
        "sku": part.sku if part else "",
        "quantity": row.quantity,
        "disposition": row.disposition.name,
        "write_off": row.write_off or None,
        "cost_currency": row.cost_currency,
        "handling": row.handling or None,
        "handling_currency": row.handling_currency,
    }
