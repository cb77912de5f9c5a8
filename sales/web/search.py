"""Sales orders, invoices, credit notes, refunds and bank files in the search box.

They are found by their references, never by a bank account.
"""

from __future__ import annotations

from typing import Any

from rmaproject.access.actors import Actor
from rmaproject.shared import money
from rmaproject.web.nav import address
from rmaproject.web.search import MOST, Hit, Source
from sales.models import CreditNote, Invoice, SalesOrder, Shipment
from sales.refund_selectors import visible_bank_files, visible_refunds
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
    """Invoices by number."""
    return _documents(visible_invoices(actor), query)


def find_credit_notes(actor: Actor, query: str) -> list[Hit]:
    """Credit notes by number."""
    return _documents(visible_credit_notes(actor), query)


def _documents(seen: Any, query: str) -> list[Hit]:
    rows = seen.filter(reference__icontains=query).select_related("customer", "order")
    return [_document(row) for row in rows.order_by("-pk")[:MOST]]


def _document(row: Invoice | CreditNote) -> Hit:
    kind = "credit_note" if isinstance(row, CreditNote) else "invoice_page"
    url = address(f"sales:{kind}", row.uuid)
    amount = f"{money.amount(row.gross, row.currency)} {row.currency}"
    return Hit(url, row.reference, f"{row.customer.name}, {amount}")


def find_refunds(actor: Actor, query: str) -> list[Hit]:
    """Refunds by their number."""
    rows = visible_refunds(actor).filter(reference__icontains=query).select_related("customer")
    return [
        Hit(
            address("refunds:detail", row.uuid),
            row.reference,
            f"{row.customer.name}, {money.amount(row.amount, row.currency)} {row.currency}",
            "refund",
            row.state,
        )
        for row in rows.order_by("-pk")[:MOST]
    ]


def find_bank_files(actor: Actor, query: str) -> list[Hit]:
    """Bank files by their number."""
    rows = visible_bank_files(actor).filter(reference__icontains=query)
    return [
        Hit(
            address("refunds:file", row.uuid),
            row.reference,
            f"{money.amount(row.amount, row.currency)} {row.currency}",
        )
        for row in rows.order_by("-pk")[:MOST]
    ]


SOURCES = [
    Source("Sales orders", "order", find_orders),
    Source("Invoices", "order", find_invoices),
    Source("Credit notes", "refund", find_credit_notes),
    Source("Refunds", "bank", find_refunds),
    Source("Bank files", "bank", find_bank_files),
]
