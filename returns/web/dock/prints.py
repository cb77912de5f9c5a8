"""What a page that is printed says about being printed: the button, and who did so before."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from returns.models import LabelKind, LabelPrint, Receipt, ReturnOrder
from returns.web.crumbs import crumbs
from returns.web.record.history import person


def printing(
    order: ReturnOrder, kind: LabelKind, receipt: Receipt | None = None, copies: int = 1
) -> dict[str, Any]:
    """The context of `returns/_print.html`, with the way back to the return."""
    return {
        "crumbs": crumbs(order),
        "kind": kind.value,
        "copies": copies,
        "printed_url": reverse("returns:printed", args=[order.uuid]),
        "prints": _prints(order, kind),
        "receipt_key": str(receipt.uuid) if receipt else "",
    }


def _prints(order: ReturnOrder, kind: LabelKind) -> list[dict[str, Any]]:
    """Who printed these labels before and when, newest first."""
    rows = LabelPrint.objects.filter(return_order=order, kind=kind).select_related("actor")
    return [{"who": person(row.actor), "at": row.at} for row in rows.order_by("-pk")[:5]]
