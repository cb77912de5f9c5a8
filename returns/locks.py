"""The named lock of a return: taken first, before accounts, order lines and units."""

from __future__ import annotations

from django.utils.translation import gettext as _

from returns.models import ReturnLine, ReturnOrder
from rmaproject.shared.errors import NotFound


def lock_return(return_id: int) -> ReturnOrder:
    """The return, locked until the transaction ends. Raises NotFound for a deleted one."""
    rows = ReturnOrder.objects.filter(discarded_at=None).select_related("business", "customer")
    found = rows.select_for_update(of=("self",)).filter(pk=return_id).first()
    if found is None:
        raise NotFound(_("There is no such return."), code="not_found")
    return found


def lines_of(order: ReturnOrder) -> list[ReturnLine]:
    """The lines of a locked return as they stand, with what they point to."""
    rows = order.lines.select_related(
        "part", "stock_item__part", "order_line__order", "invoice_line__invoice"
    )
    return list(rows.order_by("number"))
