"""What may be read of sales, by whom."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from rmaproject.access.actors import Actor
from rmaproject.access.selectors import access
from rmaproject.shared.transitions import find_verb
from sales.models import Business, CreditNote, Invoice, Payment, SalesOrder
from sales.states import ORDER_VERBS

VIEW = "sales.view_order"


def visible_orders(actor: Actor) -> QuerySet[SalesOrder, SalesOrder]:
    """The sales orders this actor may see."""
    actor.require(VIEW)
    return SalesOrder.objects.visible_to(actor.scope)


def access_order(actor: Actor, ident: UUID | str, *, for_action: str = "view") -> SalesOrder:
    """A sales order for something the actor may do with it. Raises NotFound, NotPermitted."""
    rows = SalesOrder.objects.visible_to(actor.scope).with_parties()
    return access(rows, ident, actor=actor, permissions=(VIEW, permission_for(for_action)))


def permission_for(action: str) -> str:
    """The permission behind a verb of a sales order."""
    if any(row.verb == action for row in ORDER_VERBS):
        return find_verb(ORDER_VERBS, action).permission
    return f"sales.{action}_order"


def visible_businesses(actor: Actor) -> QuerySet[Business, Business]:
    """The businesses this actor may see."""
    return Business.objects.visible_to(actor.scope)


def visible_invoices(actor: Actor) -> QuerySet[Invoice, Invoice]:
    """The invoices this actor may see."""
    actor.require("sales.view_invoice")
    return Invoice.objects.visible_to(actor.scope)


def visible_payments(actor: Actor) -> QuerySet[Payment, Payment]:
    """The payments this actor may see."""
    actor.require("sales.view_payment")
    return Payment.objects.visible_to(actor.scope)


def visible_credit_notes(actor: Actor) -> QuerySet[CreditNote, CreditNote]:
    """The credit notes this actor may see."""
    actor.require("sales.view_creditnote")
    return CreditNote.objects.visible_to(actor.scope)
