"""At the dock's door: one scan finds the return and opens its count, whatever was scanned."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from returns.models import LIVE_COUNTS, Count, ReturnOrder
from returns.selectors import visible_returns
from returns.services.counts import find_returns, open_count, read_code
from returns.services.counts.finding import meanings_of
from returns.web.crumbs import dock_crumbs
from returns.web.dock.slips import bars
from returns.web.record.history import person
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff


@staff
def scan(request: StaffRequest) -> HttpResponse:
    """Open the count of the return that a code points to; several are offered to choose from."""
    seen = visible_returns(request.actor)
    request.actor.require("returns.receive_return")
    asked = request.POST if request.method == "POST" else request.GET
    code = read_code(asked.get("code", ""))
    if not code.text or code.command is not None:
        return redirect("returns:to_receive")
    found = find_returns(seen, code)
    if len(found) == 1 and request.method == "POST":
        return _open(request, found[0], asked.get("code", ""))
    if request.method == "POST":
        where = reverse("returns:scan_door")
        return redirect(f"{where}?{urlencode({'code': code.text})}")
    context = {
        "code": code.text,
        "crumbs": dock_crumbs(),
        "found": [_choice(row, number) for number, row in enumerate(found, start=1)],
        "unknown_url": _unknown_url(request, code.text),
    }
    return page(request, "returns/door.html", context)


@staff
@require_safe
def commands(request: StaffRequest) -> HttpResponse:
    """A sheet of command codes to print and hang up at the dock."""
    visible_returns(request.actor)
    request.actor.require("returns.receive_return")
    words = {
        "FINISH": _("Finish the count"),
        "PARK": _("Park the count"),
        "UNDO": _("Take the last scan back"),
        "QTY 2": _("The next scan counts 2"),
        "QTY 5": _("The next scan counts 5"),
        "QTY 10": _("The next scan counts 10"),
        "QTY 20": _("The next scan counts 20"),
        "QTY 50": _("The next scan counts 50"),
    }
    codes = [{"code": code, "text": text, "bars": bars(code)} for code, text in words.items()]
    return page(request, "returns/commands.html", {"codes": codes, "crumbs": dock_crumbs()})


def _open(request: StaffRequest, order: ReturnOrder, raw: str) -> HttpResponse:
    """Count the return; a code on a parcel says which parcel was opened."""
    parcels = [row.record for row in meanings_of(order, read_code(raw)) if row.kind == "parcel"]
    parcel = parcels[0] if len(parcels) == 1 else None
    open_count(order.pk, actor=request.actor, parcel=parcel)
    return redirect("returns:count", order.uuid)


def _choice(order: ReturnOrder, number: int) -> dict[str, Any]:
    return {
        "number": number,
        "reference": order.reference,
        "customer": order.customer.name,
        "status": order.status,
        "goods": order.goods,
        "url": reverse("returns:count", args=[order.uuid]),
    }


def _unknown_url(request: StaffRequest, code: str) -> str:
    needed = ("returns.receive_unknown", "customers.view_company")
    if not all(map(request.actor.may, needed)):
        return ""
    return f"{reverse('returns:unknown')}?{urlencode({'code': code})}"


def counts_under_way(request: StaffRequest) -> list[dict[str, Any]]:
    """The counts that were begun and not finished, newest first."""
    seen = visible_returns(request.actor)
    rows = Count.objects.filter(return_order__in=seen, state__in=LIVE_COUNTS)
    rows = rows.select_related("return_order__customer", "worker").order_by("-since")[:20]
    return [
        {
            "reference": row.return_order.reference,
            "customer": row.return_order.customer.name,
            "url": reverse("returns:count", args=[row.return_order.uuid]),
            "parked": row.state == "parked",
            "who": person(row.worker) or _("The program"),
            "since": row.since,
        }
        for row in rows
    ]
