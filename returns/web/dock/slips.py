"""The slip that a customer puts into the parcel: what comes back, with codes to scan."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import segno
from barcode import Code128
from barcode.errors import BarcodeError
from django.http import HttpResponse
from django.utils.safestring import SafeString, mark_safe

from returns.counting import still_expected
from returns.models import LabelKind, ReturnLine, ReturnOrder
from returns.selectors import access_return
from returns.web.dock.prints import printing
from returns.web.record.naming import goods_of
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff

#: Bars are drawn 44 units high, quiet zones left and right are ten modules (ISO/IEC 15417).
BAR_HEIGHT = 44
QUIET = 10


@staff
def slip(request: StaffRequest, ident: UUID) -> HttpResponse:
    """One return as a paper to print; its codes hold the reference, which the search box opens."""
    found = access_return(request.actor, ident)
    order = ReturnOrder.objects.with_parties().with_lines().get(pk=found.pk)
    context = {"slip": slip_of(order), "return_order": order, **printing(order, LabelKind.SLIP)}
    return page(request, "returns/slip.html", context)


def slip_of(order: ReturnOrder) -> dict[str, Any]:
    """What stands on the slip of a return that was loaded with its lines and parties."""
    return {
        "return_order": order,
        "lines": [_row(line) for line in order.lines.all() if still_expected(line)],
        "bars": bars(order.reference),
        "square": square(order.reference),
    }


def _row(line: ReturnLine) -> dict[str, Any]:
    return {
        "quantity": still_expected(line),
        **goods_of(line),
        "sale": line.order_line.order.reference if line.order_line else "",
        "reason": line.reason.name if line.reason else "",
    }


def bars(text: str) -> dict[str, Any] | None:
    """A Code 128 as the path of an SVG with its width; None for what it cannot hold."""
    try:
        (modules,) = Code128(text).build()
    except BarcodeError:
        return None
    strokes = [
        f"M{QUIET + place} 0h1v{BAR_HEIGHT}h-1z"
        for place, module in enumerate(modules)
        if module == "1"
    ]
    width = len(modules) + 2 * QUIET
    return {"path": "".join(strokes), "width": width, "height": BAR_HEIGHT}


def square(text: str) -> SafeString:
    """A QR code as an SVG without style, which the content security policy would refuse."""
    code = segno.make_qr(text, error="m")
    # The code is drawn from modules; nothing of the text itself is in the markup.
    return mark_safe(code.svg_inline(border=4, omitsize=True, svgclass="qr", lineclass=None))  # noqa: S308
