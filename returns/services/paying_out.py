"""Refunds of returns: which rules hold for them, to which account they go, what they show."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from returns.counting import notes_of
from returns.models import LineCredit, ReturnOrder
from returns.services._advance import lock_for, recounted, touched
from returns.services.approval import reask
from returns.services.neighbours import recount_neighbours
from returns.terms import return_terms
from rmaproject.access.actors import Actor
from rmaproject.shared.db import command
from sales.models import BankDetails, Refund
from sales.services.banking import BankAccount, known_account
from sales.services.refunding import RefundTerms, set_refund_details
from sales.states import RefundState


def refund_terms(order: ReturnOrder) -> RefundTerms:
    """What the rules of a return ask of its refunds, and the account chosen on it."""
    terms = return_terms(order)
    return RefundTerms(
        approval_above=terms.refund_approval_above,
        four_eyes_above=terms.refund_four_eyes_above,
        bank_details=order.bank_details,
        await_details=bool(order.details_refused),
    )


class ReturnFollower:
    """Returns show how far the money of their credit notes has come."""

    def lock(self, note_ids: Collection[int]) -> None:
        """Lock the returns of notes, in key order: before their accounts, as everybody does."""
        list(_rows(note_ids).select_for_update(of=("self",)))

    def terms(self, note_id: int) -> RefundTerms | None:
        """The rules of the return that the note pays for."""
        orders = returns_of(note_id)
        return refund_terms(orders[0]) if orders else None

    def recount(self, note_id: int, *, actor: Actor) -> None:
        """Compute the money of the note's returns anew; only what changed is written."""
        for order in returns_of(note_id):
            recounted(order, "refund", actor=actor)

    def invoiced(self, order_lines: Collection[int], *, actor: Actor) -> None:
        """What was decided before its invoice was made is owed a credit from now on."""
        recount_neighbours(order_lines, actor=actor)


RETURNS = ReturnFollower()


def returns_of(*note_ids: int) -> list[ReturnOrder]:
    """The returns that credit notes pay for, by key."""
    return list(_rows(note_ids).select_related("business", "bank_details"))


def _rows(note_ids: Collection[int]) -> QuerySet[ReturnOrder]:
    pays = LineCredit.objects.filter(credit_line__credit_note__in=note_ids)
    lines, extra = (pays.exclude(**{name: None}) for name in ("line", "extra_line"))
    keys = lines.values_list("line__return_order").union(
        extra.values_list("extra_line__return_order")
    )
    return ReturnOrder.objects.filter(pk__in=keys, discarded_at=None).order_by("pk")


@command
def choose_bank_details(
    return_id: int, chosen: BankDetails | BankAccount | None, *, actor: Actor
) -> ReturnOrder:
    """Say to which account the refunds of a return go; an account in full is kept first.

    Refunds that wait for an account get it. Raises Conflict `illegal_transition`,
    `bank_details_retired`; RuleViolation `wrong_customer`, `invalid_iban`, `invalid_bic`.
    """
    order = lock_for(return_id, "edit")
    if chosen is not None:
        chosen = known_account(chosen, order.customer, actor=actor)
    if order.bank_details_id == (chosen.pk if chosen else None):
        return order
    told = chosen.uuid if chosen else None
    fields = {"bank_details": chosen, "details_refused": ""}
    touched(order, "edit_bank_details", actor=actor, fields=fields, bank_details=told)
    reask(order, actor)
    if chosen is not None:
        waiting = Refund.objects.filter(
            credit_note__in=notes_of(order), state=RefundState.WAITING_DETAILS
        )
        for key in waiting.order_by("pk").values_list("pk", flat=True):
            set_refund_details(key, chosen, actor=actor)
    return order
