from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.shared import clock, money
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict, NotPermitted, RuleViolation
from rmaproject.shared.transitions import require_legal
from sales.models import BankDetails, Payment, Refund
from sales.services.banking import require_account_of
from sales.services.limits import require_within_limit
from sales.services.refunding.followers import recount_followers
from sales.services.refunding.intending import (
    free_payments,
    require_amount,
    require_within,
    shares_of,
)
from sales.services.refunding.locking import lock_refund
from sales.services.refunding.moving import (
    another_attempt,
    first_state,
    free,
    move,
    parts_of,
    reserve,
)
from sales.services.refunding.terms import unpromised
from sales.states import REFUND_VERBS, RefundState, Via


@command
def approve_refund(refund_id: int, *, actor: Actor) -> Refund:
    """Let a refund be paid. Raises Conflict `illegal_transition`; NotPermitted `four_eyes` for
    who asked for it above the limit of four eyes, `above_limit` above the approver's own."""
    refund = lock_refund(refund_id)
    require_legal(REFUND_VERBS, "approve", refund.state)
    require_other_person(refund, actor, refund.requested_by_id)
    require_within_limit(actor, "sales.approve_refund", refund.amount, refund.currency)
    fields = {"approved_by_id": actor.user_id, "approved_at": clock.now()}
    return move(refund, "approve", actor=actor, fields=fields, amount=refund.amount)


@command
def set_refund_details(refund_id: int, details: BankDetails, *, actor: Actor) -> Refund:
    """Say to which account a refund goes; an approval of another account no longer counts.

    Raises Conflict `illegal_transition`, `bank_details_retired`; RuleViolation `not_by_bank`,
    `wrong_customer`.
    """
    refund = lock_refund(refund_id)
    require_legal(REFUND_VERBS, "details", refund.state)
    if refund.via != Via.BANK:
        message = _("This refund does not go by bank.")
        raise RuleViolation(message, code="not_by_bank", via=refund.via)
    require_account_of(details, refund.customer_id)
    if refund.bank_details_id == details.pk and refund.state != RefundState.FAILED:
        return refund
    facts = {"bank_details": details.uuid}
    if refund.bank_details is not None:
        facts["before"] = refund.bank_details.uuid
    refund.bank_details = details
    return _decide_again(refund, "details", {"bank_details": details}, actor, facts)


@command
def change_refund(
    refund_id: int, *, actor: Actor, amount: Decimal | None = None, via: str = ""
) -> Refund:
    """Pay another amount, or by another way; an approval of what was before no longer counts.

    Raises Conflict `illegal_transition`; RuleViolation `invalid_amount`, `exceeds_credit`,
    `exceeds_payment`, `invalid_via`.
    """
    refund = lock_refund(refund_id)
    require_legal(REFUND_VERBS, "change", refund.state)
    before = {"amount": refund.amount, "via": refund.via}
    fields: dict[str, Any] = {}
    if via and via != refund.via:
        fields |= _other_way(refund, via)
    if amount is not None and amount != refund.amount:
        _move_amount(refund, amount, actor)
        fields["amount"] = refund.amount
    if not fields:
        return refund
    _decide_again(refund, "change", fields, actor, {"before": before, "after": fields})
    recount_followers(refund.credit_note_id, actor=actor)
    return refund


@command
def cancel_refund(refund_id: int, *, actor: Actor, keep: bool = False, reason: str = "") -> Refund:
    """Give a refund up that was not sent; its amount is open again, or kept as store credit.

    Raises Conflict `illegal_transition`.
    """
    refund = lock_refund(refund_id)
    facts: dict[str, Any] = {"keep": keep, **({"reason": reason[:500]} if reason else {})}
    move(refund, "cancel", actor=actor, **facts)
    free(refund, actor=actor)
    note = refund.credit_note
    if keep:
        kept = {"kept": note.kept + refund.amount}
        trail.change(note, "keep", actor=actor, fields=kept, refund=refund.uuid)
    recount_followers(note.pk, actor=actor)
    return refund


def require_other_person(refund: Refund, actor: Actor, *others: int | None) -> None:
    """Refuse who acted on a refund above its limit. Raises NotPermitted `four_eyes`."""
    limit = refund.four_eyes_above
    if actor.user_id is None or limit is None or not refund.asks_four_eyes:
        return
    if actor.user_id in others:
        shown = money.amount(limit, refund.currency)
        message = _("Above %(shown)s %(currency)s another person must do this.") % {
            "shown": shown,
            "currency": refund.currency,
        }
        amount = money.amount(refund.amount, refund.currency)
        raise NotPermitted(message, code="four_eyes", amount=amount, limit=shown)


def _decide_again(
    refund: Refund, verb: str, fields: dict[str, Any], actor: Actor, facts: dict[str, Any]
) -> Refund:
    """Write what changed; whoever approved before approved something else."""
    approved = refund.approved_at is not None
    cleared: dict[str, Any] = {"approved_by_id": None, "approved_at": None}
    if refund.state == RefundState.FAILED:
        cleared |= another_attempt()
    to = first_state(refund, approved=approved)
    return move(refund, verb, actor=actor, to=to, fields={**cleared, **fields}, **facts)


def _other_way(refund: Refund, via: str) -> dict[str, Any]:
    if via not in (Via.BANK, Via.MANUAL):
        message = _("A refund can be changed to go by bank or by hand.")
        raise RuleViolation(message, code="invalid_via", pointer="/via")
    if via == Via.BANK and refund.currency != "EUR":
        message = _("Only euros go by bank; other currencies are paid by hand.")
        raise RuleViolation(message, code="invalid_via", pointer="/via", currency=refund.currency)
    fields: dict[str, Any] = {"via": via, "gateway": ""}
    if via == Via.MANUAL:
        fields["bank_details"] = None
    for name, value in fields.items():
        setattr(refund, name, value)
    return fields


def _move_amount(refund: Refund, amount: Decimal, actor: Actor) -> None:
    """Reserve more, or less, of the note and of payments."""
    currency = refund.currency
    require_amount(amount, currency)
    most = refund.amount + unpromised(refund.credit_note)
    open_credit = _("Only %(shown)s %(currency)s of this credit note are open.")
    require_within(amount, most, currency, "exceeds_credit", open_credit)
    if amount > refund.amount:
        more = amount - refund.amount
        taken = shares_of(_refundable(refund), more)
        held = refund.amount + sum(taken.values(), money.ZERO)
        paid = _("Only %(shown)s %(currency)s were paid and not given back.")
        require_within(amount, held, currency, "exceeds_payment", paid)
    else:
        taken = _less(refund, refund.amount - amount)
    reserve(refund, taken, actor=actor)
    refund.amount = amount


def _refundable(refund: Refund) -> list[tuple[Payment, Decimal]]:
    """A gateway gives back only of the payment that came by it."""
    free_on = free_payments(refund.account_id)
    if refund.via != Via.GATEWAY:
        return free_on
    own = parts_of(refund)
    return [(payment, amount) for payment, amount in free_on if payment.pk in own]


def _less(refund: Refund, amount: Decimal) -> dict[int, Decimal]:
    taken: dict[int, Decimal] = {}
    for key, part in parts_of(refund).items():
        back = min(part, amount + sum(taken.values(), money.ZERO))
        if back > 0:
            taken[key] = -back
    return taken


def require_no_gateway(refund: Refund) -> None:
    """Refuse to say for a gateway what became of a payout. Raises Conflict `gateway_decides`."""
    if refund.via == Via.GATEWAY:
        message = _("What became of this payout, the gateway says: ask it.")
        raise Conflict(message, code="gateway_decides", gateway=refund.gateway)
