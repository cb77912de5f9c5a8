"""The records that an address of this system means, as far as the caller may see them."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, OuterRef, Prefetch, Q, QuerySet, Subquery

from returns.models import Receipt, ReceiptLine, ReturnLine, ReturnOrder
from returns.selectors import permission_for, visible_returns
from rmaproject.access.actors import Actor
from rmaproject.audit.models import AuditEntry
from rmaproject.shared.errors import NotFound, RuleViolation
from sales.models import Invoice

M = TypeVar("M", bound=Model)


def find_invoice(actor: Actor, ident: str) -> Invoice:
    """The invoice with this number, or id, within the caller's sight.

    Raises NotFound; RuleViolation `ambiguous_reference` when two businesses use the number.
    """
    rows = Invoice.objects.visible_to(actor.scope).with_parties()
    return _one(rows, ident, "invoice")


def find_return(
    actor: Actor, ident: str, *, invoice: Invoice | None = None, for_action: str = "view"
) -> ReturnOrder:
    """The return with this number, or id, for something the actor may do with it.

    With `invoice` only among those of its goods. Raises NotFound, NotPermitted, `returns_disabled`
    while off; RuleViolation `ambiguous_reference`.
    """
    rows = visible_returns(actor).select_related("business")
    if invoice is not None:
        rows = rows.filter(pk__in=returned_from(invoice))
    found = _one(rows, ident, "return")
    actor.require(permission_for(for_action))
    return found


def find_receipt(order: ReturnOrder, ident: str) -> Receipt:
    """A receipt of a return by its number or id. Raises NotFound."""
    rows = receipts_of(order)
    number = int(ident) if ident.isascii() and ident.isdigit() and len(ident) < 10 else None
    found = rows.filter(number=number).first() if number is not None else None
    return found or _one(rows, ident, "receipt", by="")


def returned_from(invoice: Invoice) -> QuerySet[Any, Any]:
    """The keys of the returns with goods of an invoice."""
    named = Q(invoice_line__invoice=invoice)
    sold = Q(invoice_line=None, order_line__invoice_lines__invoice=invoice)
    return ReturnLine.objects.filter(named | sold).values("return_order")


def loaded(rows: QuerySet[ReturnOrder, ReturnOrder]) -> QuerySet[ReturnOrder, ReturnOrder]:
    """Returns with all that this system shows of them, in a fixed number of queries."""
    last = AuditEntry.objects.filter(aggregate_id=OuterRef("uuid"), n=OuterRef("version"))
    lines = ReturnLine.objects.filter(void=False).select_related("part", "invoice_line__invoice")
    changed = rows.annotate(changed_by=Subquery(last.values("actor__username")[:1]))
    return changed.select_related("business", "created_by").prefetch_related(
        Prefetch("lines", lines.order_by("number"))
    )


def receipts_of(order: ReturnOrder) -> QuerySet[Receipt, Receipt]:
    """The receipts of a return that stand, with what came in them."""
    lines = ReceiptLine.objects.select_related("line__part").order_by("pk")
    rows = Receipt.objects.filter(return_order=order, reverses=None, reversed_by=None)
    return rows.select_related("actor").prefetch_related(Prefetch("lines", lines))


def _one(rows: QuerySet[M, M], ident: str, word: str, *, by: str = "reference") -> M:
    found = [] if "\x00" in ident else list(rows.filter(**_key(ident, by))[:2])
    if not found:
        raise NotFound(f"There is no such {word}.", code="not_found")
    if len(found) > 1:
        message = f"Several businesses have a {word} with this number; give its uuid."
        raise RuleViolation(message, code="ambiguous_reference")
    return found[0]


def _key(ident: str, by: str) -> dict[str, Any]:
    try:
        return {"uuid": UUID(ident)}
    except ValueError:
        return {f"{by}__iexact": ident} if by else {"pk": None}
