"""Labels for goods that arrived, and for the pallet they stand on; the browser prints them."""

from __future__ import annotations

from decimal import Decimal
from math import ceil
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from returns.models import LabelKind, Receipt, ReceiptLine, ReturnOrder
from returns.selectors import access_return
from returns.services.printing import log_print
from returns.web.dock.prints import printing
from returns.web.dock.slips import bars, square
from returns.web.record.naming import line_name
from rmaproject.shared import money
from rmaproject.shared.errors import NotFound
from rmaproject.web.pages import asks_for_part, page
from rmaproject.web.staff import StaffRequest, staff

#: How many labels one page holds; more are asked for receipt by receipt.
MOST: Final = 200
PAGES: Final = {
    LabelKind.SLIP: "returns:slip",
    LabelKind.ITEM: "returns:item_labels",
    LabelKind.PLATE: "returns:plate_label",
}


@staff
def items(request: StaffRequest, ident: UUID) -> HttpResponse:
    """A label of 62 mm for each unit that arrived, of one receipt or of all that stand."""
    order = access_return(request.actor, ident)
    receipt = _receipt(order, request.GET.get("receipt", ""))
    rows = _of_line(_arrived(order, receipt), request.GET.get("line", ""))
    labels = [label for row in rows for label in _labels(order, row)][:MOST]
    context = {
        "return_order": order,
        "labels": labels,
        "receipt": receipt,
        **printing(order, LabelKind.ITEM, receipt, len(labels)),
    }
    return page(request, "returns/labels_item.html", context)


@staff
def plate(request: StaffRequest, ident: UUID) -> HttpResponse:
    """A label of 4 x 6 inches for the pallet or cage on which the goods of a return stand."""
    order = access_return(request.actor, ident)
    rows = _arrived(order, None)
    places = dict.fromkeys(row.location.code for row in rows if row.location)
    context = {
        "return_order": order,
        "bars": bars(order.reference),
        "square": square(order.reference),
        "units": sum((row.quantity for row in rows), money.ZERO),
        "places": ", ".join(places),
        "rows": [_plate_row(row) for row in rows[:8]],
        "more": max(len(rows) - 8, 0),
        **printing(order, LabelKind.PLATE, None, 1),
    }
    return page(request, "returns/labels_plate.html", context)


@staff
@require_POST
def printed(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Write down who prints what and when, just before the browser does."""
    order = access_return(request.actor, ident)
    told = request.POST.get("kind", "")
    if told not in LabelKind.values:
        raise NotFound(_("There is no such label."), code="not_found")
    kind = LabelKind(told)
    receipt = _receipt(order, request.POST.get("receipt", ""))
    copies = request.POST.get("copies", "")[:4]
    many = min(int(copies), MOST) if copies.isascii() and copies.isdigit() else 1
    log_print(order, kind, receipt=receipt, copies=many, actor=request.actor)
    if asks_for_part(request):
        return HttpResponse(status=204)
    where = reverse(PAGES[kind], args=[order.uuid])
    return redirect(f"{where}?receipt={receipt.uuid}" if receipt else where)


def _receipt(order: ReturnOrder, ident: str) -> Receipt | None:
    """The receipt that is named; None for all. Raises NotFound."""
    if not ident:
        return None
    try:
        found = Receipt.objects.filter(return_order=order, uuid=UUID(ident)).first()
    except ValueError:
        found = None
    if found is None:
        raise NotFound(_("There is no such receipt."), code="not_found")
    return found


def _arrived(order: ReturnOrder, receipt: Receipt | None) -> list[ReceiptLine]:
    """What stands of the receipts of a return, in the order it came."""
    rows = ReceiptLine.objects.filter(
        receipt__return_order=order, receipt__reverses=None, receipt__reversed_by=None
    )
    if receipt is not None:
        rows = rows.filter(receipt=receipt)
    related = ("line__part", "line__stock_item", "stock_item", "location", "receipt")
    return list(rows.select_related(*related).order_by("pk"))


def _of_line(rows: list[ReceiptLine], number: str) -> list[ReceiptLine]:
    """What arrived of the line with this number; of all lines without one."""
    return [row for row in rows if not number or str(row.line.number) == number]


def _labels(order: ReturnOrder, row: ReceiptLine) -> list[dict[str, Any]]:
    """One label for each unit; one for all of what is measured and not counted."""
    part, unit = row.line.part, row.stock_item
    serial = str(unit.serial) if unit is not None and unit.serial else ""
    code = serial or (part.sku if part else order.reference)
    label = {
        "name": line_name(row.line),
        "sku": part.sku if part else "",
        "serial": serial,
        "code": code,
        "bars": bars(code),
        "square": square(code),
        "place": row.location.code if row.location else "",
        "at": row.receipt.at,
        "line": row.line.number,
    }
    whole = row.quantity == row.quantity.to_integral_value()
    copies = min(ceil(row.quantity), MOST) if whole else 1
    return [{**label, "quantity": Decimal(1) if whole else row.quantity}] * copies


def _plate_row(row: ReceiptLine) -> dict[str, Any]:
    return {"quantity": row.quantity, "name": line_name(row.line)}
