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


def _of_order() -> Kind:
    verbs = [*dict.fromkeys([*(row.verb for row in ORDER_VERBS), *ORDER_MORE])]
    example = {"reference": "SO-0001", "business": "1000", "status": "complete"}
    return Kind(
        "sales_order", "sales.view_order", verbs, _seen(SalesOrder), _order, example=example
    )


def _of_refund() -> Kind:
    verbs = [*dict.fromkeys(["create", *(row.verb for row in REFUND_VERBS), *map(str, AWAITED)])]
    note = {"id": "5f0c1e52-6f2b-4f0e-9d5f-0f8f3f6b7a10", "reference": "CN-2026-00001"}
    example = {"reference": "RF-00001", "business": "1000", "status": "done", "credit_note": note}
    return Kind(
        "refund",
        "sales.view_refund",
        verbs,
        _seen(Refund),
        _refund,
        _refund_told_as,
        example=example,
    )


def register_kinds() -> None:
    """Let events tell of sales orders, invoices, payments, credit notes and refunds."""
    register("sales.salesorder", _of_order())
    for label, model, verbs, tell, example in (
        ("invoice", Invoice, INVOICE_VERBS, _document, {"reference": "INV-00001"}),
        ("payment", Payment, PAYMENT_VERBS, _payment, {}),
        ("credit_note", CreditNote, CREDIT_VERBS, _document, {"reference": "CN-2026-00001"}),
    ):
        told = {**example, "business": "1000"}
        right = f"sales.view_{model._meta.model_name}"
        kind = Kind(label, right, verbs, _seen(model), tell, example=told)
        register(model._meta.label_lower, kind)
    register("sales.refund", _of_refund())
