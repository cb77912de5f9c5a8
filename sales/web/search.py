"""Sales orders, invoices and credit notes in the search box, by their references."""

from __future__ import annotations

from typing import Any

from rmaproject.access.actors import Actor
from rmaproject.shared import money
from rmaproject.web.nav import address
from rmaproject.web.search import MOST, Hit, Source
from sales.models import CreditNote, Invoice, SalesOrder, Shipment
from sales.selectors import visible_credit_notes, visible_invoices, visible_orders


def find_orders(actor: Actor, query: str) -> list[Hit]:
    """Sales orders by their reference, the customer's, or the tracking number of a shipment."""
    seen = visible_orders(actor).select_related("customer")
    named = SalesOrder.objects.filter(reference__icontains=query).values("pk")
    theirs = SalesOrder.objects.filter(customer_reference__icontains=query).values("pk")
    sent = Shipment.objects.filter(tracking_number__icontains=query).values("order")
    rows = seen.filter(pk__in=named.union(theirs, sent))
    return [
        Hit(
            address("sales:detail", row.uuid),
            row.reference,
            row.customer.name,
            "order",
            row.status,
            names=_names(row),
        )
        for row in rows.prefetch_related("shipments").order_by("-pk")[:MOST]
    ]


def _names(row: SalesOrder) -> tuple[str, ...]:
    sent = (shipment.tracking_number for shipment in row.shipments.all())
    return tuple(name for name in (*sent, row.customer_reference) if name)


def find_invoices(actor: Actor, query: str) -> list[Hit]:
    """Invoices by number; they are shown on their order's page."""
    return _documents(visible_invoices(actor), query)


def find_credit_notes(actor: Actor, query: str) -> list[Hit]:
    """Credit notes by number; they are shown on their order's page."""
    return _documents(visible_credit_notes(actor), query)


def _documents(seen: Any, query: str) -> list[Hit]:
    rows = seen.filter(reference__icontains=query).select_related("customer", "order")
    return [_document(row) for row in rows.order_by("-pk")[:MOST]]


def _document(row: Invoice | CreditNote) -> Hit:
    url = address("sales:detail", row.order.uuid) if row.order else ""
    amount = f"{money.amount(row.gross, row.currency)} {row.currency}"
    return Hit(url, row.reference, f"{row.customer.name}, {amount}")


SOURCES = [
    Source("Sales orders", "order", find_orders),
    Source("Invoices", "order", find_invoices),
    Source("Credit notes", "refund", find_credit_notes),
]
