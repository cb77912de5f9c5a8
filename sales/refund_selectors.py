"""What may be read of refunds, bank accounts, bank files and limits, by whom."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from rmaproject.access.actors import Actor
from rmaproject.access.selectors import access
from rmaproject.shared.transitions import find_verb
from sales.models import ApprovalLimit, BankDetails, BankFile, Refund
from sales.states import REFUND_VERBS

VIEW = "sales.view_refund"
LIMITS = "sales.edit_limits"


def visible_refunds(actor: Actor) -> QuerySet[Refund, Refund]:
    """The refunds this actor may see."""
    actor.require(VIEW)
    return Refund.objects.visible_to(actor.scope)


def access_refund(actor: Actor, ident: UUID | str, *, verb: str = "") -> Refund:
    """A refund for something the actor may do with it. Raises NotFound, NotPermitted."""
    needed = (VIEW, find_verb(REFUND_VERBS, verb).permission) if verb else (VIEW,)
    rows: Any = Refund.objects.visible_to(actor.scope)
    found: Refund = access(rows.with_details(), ident, actor=actor, permissions=needed)
    return found


def visible_bank_details(actor: Actor) -> QuerySet[BankDetails, BankDetails]:
    """The bank accounts, as masks, that this actor may name."""
    actor.require(VIEW)
    return BankDetails.objects.visible_to(actor.scope)


def visible_bank_files(actor: Actor) -> QuerySet[BankFile, BankFile]:
    """The bank files this actor may see."""
    actor.require(VIEW)
    return BankFile.objects.visible_to(actor.scope)


def visible_limits(actor: Actor) -> QuerySet[ApprovalLimit, ApprovalLimit]:
    """Every limit of approval, for who may set them."""
    actor.require(LIMITS)
    return ApprovalLimit.objects.select_related("group")
