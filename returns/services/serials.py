"""Which units arrived, where nobody reads serial numbers and there is only one answer."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from returns.services.inputs import ArrivalInput
from sales.models import UnitSale


def each_unit(entry: ArrivalInput) -> list[ArrivalInput]:
    """An arrival of serialized goods as one for each unit, where it can only be these.

    That is so when as many arrive as the customer still has of the sold line. Everything else
    stays as it came, and the receipt asks for what is missing.
    """
    line = entry.line
    serialized = line.part is not None and line.part.is_serialized
    if not serialized or entry.serial or line.stock_item_id or line.order_line_id is None:
        return [entry]
    out = UnitSale.objects.filter(order_line=line.order_line_id, until=None).order_by("pk")
    serials = list(out.values_list("stock_item__serial", flat=True))
    if not serials or len(serials) != entry.quantity:
        return [entry]
    return [replace(entry, quantity=Decimal(1), serial=serial or "") for serial in serials]
