"""The named locks of sales, each in key order. Order among them (DOMAIN 5): the order or return
at hand, account, order lines, units, invoice lines, counter."""

from __future__ import annotations

from collections.abc import Iterable

from sales.models import InvoiceLine, OrderLine, SalesOrder


def lock_order(order_id: int) -> SalesOrder:
    """The sales order, locked until the transaction ends."""
    return (
        SalesOrder.objects.select_related("business", "customer")
        .select_for_update(of=("self",))
        .get(pk=order_id)
    )


def lock_order_lines(keys: Iterable[int]) -> dict[int, OrderLine]:
    """Order lines with their orders, locked in key order, so that claims never deadlock."""
    rows = OrderLine.objects.filter(pk__in=set(keys)).select_related("order", "part")
    return {row.pk: row for row in rows.order_by("pk").select_for_update(of=("self",))}


def lock_invoice_lines(keys: Iterable[int]) -> dict[int, InvoiceLine]:
    """Invoice lines with their invoices, locked in key order."""
    rows = InvoiceLine.objects.filter(pk__in=set(keys)).select_related("invoice", "part")
    return {row.pk: row for row in rows.order_by("pk").select_for_update(of=("self",))}
