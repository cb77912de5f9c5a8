"""The one writer of a refund's state, and of the amounts it reserves, frees and spends."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.shared import clock
from rmaproject.shared.db import lock_rows
from rmaproject.shared.transitions import require_legal
from sales.models import CreditNote, Payment, Refund, RefundPart
from sales.models.refund import new_key
from sales.services.ledger import post, refund_booking
from sales.services.refunding.followers import recount_followers
from sales.states import REFUND_VERBS, RefundState, Via

S = RefundState


def move(
    refund: Refund,
    verb: str,
    *,
    actor: Actor,
    to: str = "",
    fields: dict[str, Any] | None = None,
    **facts: Any,
) -> Refund:
    """Move a locked refund by a verb and write its trail. Raises Conflict `illegal_transition`."""
    row = require_legal(REFUND_VERBS, verb, refund.state)
    before, after = refund.state, to or row.target or refund.state
    written = {**(fields or {}), "state": after}
    moved = {"from": before, "to": after, **facts}
    trail.change(refund, verb, actor=actor, fields=written, **moved)
    return refund


def first_state(refund: Refund, *, approved: bool = False) -> str:
    """Where a refund stands that nobody has decided on: what it still waits for.

    With `approved`, somebody approved another amount or account: that must be done again.
    """
    if refund.via == Via.BANK and refund.bank_details_id is None:
        return S.WAITING_DETAILS
    return S.WAITING_APPROVAL if refund.asks_approval or approved else S.READY


def another_attempt() -> dict[str, Any]:
    """The fields of a refund whose payout failed and may be tried again: under a new key."""
    return {
        "key": new_key(),
        "failure_code": "",
        "failure_text": "",
        "payout_reference": "",
        "sent_at": None,
        "paid_by_id": None,
        "bank_file_id": None,
    }


def parts_of(refund: Refund) -> dict[int, Decimal]:
    """How much of each payment the refund gives back, by the payment's key."""
    rows = RefundPart.objects.filter(refund=refund).values("payment").annotate(all=Sum("amount"))
    return {row["payment"]: row["all"] for row in rows.order_by("payment") if row["all"]}


def reserve(refund: Refund, amounts: Mapping[int, Decimal], *, actor: Actor) -> None:
    """Promise so much of these payments and of the note to a refund; below zero takes it back."""
    RefundPart.objects.bulk_create(
        RefundPart(refund=refund, payment_id=key, amount=amount) for key, amount in amounts.items()
    )
    _shift(refund, amounts, "reserve", actor=actor)


def free(refund: Refund, *, actor: Actor) -> None:
    """Give back what a refund had reserved: it will not be paid."""
    taken = {key: -amount for key, amount in parts_of(refund).items()}
    _shift(refund, taken, "free", actor=actor)


def finish(refund: Refund, verb: str, *, actor: Actor, reference: str = "") -> Refund:
    """The money has gone back: spend what was reserved, post it, let returns show it."""
    now = clock.now(refund.business)
    fields = {
        "settled_at": now,
        "payout_reference": reference[:100],
        "failure_code": "",
        "failure_text": "",
    }
    move(refund, verb, actor=actor, to=S.DONE, fields=fields)
    _shift(refund, parts_of(refund), "refund", actor=actor, spent=True)
    post([refund_booking(refund, now.date())], at=now)
    recount_followers(refund.credit_note_id, actor=actor)
    return refund


def _shift(
    refund: Refund,
    amounts: Mapping[int, Decimal],
    verb: str,
    *,
    actor: Actor,
    spent: bool = False,
) -> None:
    """Move amounts of the note and the payments: into `refunding`, or from there to `refunded`."""
    payments = lock_rows(Payment, amounts)
    note, total = refund.credit_note, sum(amounts.values(), Decimal(0))
    rows: list[tuple[CreditNote | Payment, Decimal]] = [(note, total)]
    rows += [(payments[key], amounts[key]) for key in payments]
    for row, amount in rows:
        if spent:
            fields = {"refunding": row.refunding - amount, "refunded": row.refunded + amount}
        else:
            fields = {"refunding": row.refunding + amount}
        facts = {"refund": refund.uuid, "amount": amount}
        trail.change(row, verb, actor=actor, fields=fields, **facts)
