"""What other systems are told of sales and their documents; never an amount."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Model, QuerySet

from rmaproject.access.actors import Actor
from rmaproject.events.kinds import Kind, register
from sales.models import CreditNote, Invoice, Payment, Refund, SalesOrder
from sales.states import ORDER_VERBS, REFUND_VERBS, RefundState

ORDER_MORE = "create record add_lines edit_line remove_line add_shipment deallocate deliver".split()
CREDIT_VERBS = "create record apply pay_out keep reserve free refund reverse".split()
PAYMENT_VERBS = "create record reserve free refund".split()
INVOICE_VERBS = "create record settle unsettle credit uncredit".split()

#: States that others wait for: told by their own names, whatever led there.
AWAITED = (RefundState.DONE, RefundState.WAITING_DETAILS)


def _seen(model: type[Model]) -> Callable[[Actor], QuerySet[Any, Any]]:
    manager: Any = model._default_manager
    return lambda actor: manager.visible_to(actor.scope)


def _document(row: Any) -> dict[str, Any]:
    return {"reference": row.reference, "business": row.business.code}


def _payment(row: Payment) -> dict[str, Any]:
    return {"business": row.business.code}


def _order(row: SalesOrder) -> dict[str, Any]:
    return {**_document(row), "status": row.status}


def _refund(row: Refund) -> dict[str, Any]:
    note = row.credit_note
    return {
        **_document(row),
        "status": row.state,
        "credit_note": {"id": str(note.uuid), "reference": note.reference},
    }


def _refund_told_as(row: Refund, verb: str, written: dict[str, Any]) -> str:
    return str(row.state) if written.get("state") in AWAITED else verb


def register_kinds() -> None:
    """Let events tell of sales orders, invoices, payments, credit notes and refunds."""
    verbs = [*dict.fromkeys([*(row.verb for row in ORDER_VERBS), *ORDER_MORE])]
    order = Kind("sales_order", "sales.view_order", verbs, _seen(SalesOrder), _order)
    register("sales.salesorder", order)
    invoice = Kind("invoice", "sales.view_invoice", INVOICE_VERBS, _seen(Invoice), _document)
    register("sales.invoice", invoice)
    payment = Kind("payment", "sales.view_payment", PAYMENT_VERBS, _seen(Payment), _payment)
    register("sales.payment", payment)
    note = Kind("credit_note", "sales.view_creditnote", CREDIT_VERBS, _seen(CreditNote), _document)
    register("sales.creditnote", note)
    verbs = [*dict.fromkeys(["create", *(row.verb for row in REFUND_VERBS), *map(str, AWAITED)])]
    refund = Kind("refund", "sales.view_refund", verbs, _seen(Refund), _refund, _refund_told_as)
    register("sales.refund", refund)
