from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Sum
from django.utils.translation import gettext

from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.shared import clock, money
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict, RuleViolation
from sales.gateways import known_gateways
from sales.models import Account, BankDetails, CreditNote, Document, Invoice, Payment, Refund
from sales.services.banking import only_account_of
from sales.services.numbering import draw
from sales.services.refunding.followers import recount_followers, terms_of
from sales.services.refunding.locking import lock_note
from sales.services.refunding.moving import first_state, free, move, reserve
from sales.services.refunding.terms import RefundTerms, unpromised
from sales.states import UNSENT, RefundState, Via

#: SEPA transfers are in euros; other currencies are paid by hand.
TRANSFERABLE = "EUR"


@dataclass
class Way:
    """One refund to be: how it goes, and what it gives back of which payment."""

    via: Via
    gateway: str
    amounts: dict[int, Decimal]


def intend_refunds(note: CreditNote, terms: RefundTerms, *, actor: Actor) -> list[Refund]:
    """Promise to pay back what is left of a note, as far as payments hold it.

    The caller holds the account's lock. Payments by a gateway go back by it, newest first, each
    by a refund of its own; the rest goes by bank, in other currencies than euro by hand.
    """
    rest = unpromised(note)
    if rest <= 0 or note.reverses_id is not None:
        return []
    return _intend(note, rest, terms, actor)


@command
def refund_credit(
    note_id: int,
    *,
    actor: Actor,
    amount: Decimal | None = None,
    via: str = "",
    currency: str = "",
) -> list[Refund]:
    """Ask for a refund of a credit note's open rest, all of it or this amount.

    Raises Conflict `nothing_to_refund`, `credit_reversed`; RuleViolation `invalid_amount`,
    `wrong_currency`, `exceeds_credit`, `exceeds_payment`, `owed_elsewhere`, `invalid_via`.
    """
    note = lock_note(note_id)
    if note.reverses_id is not None or CreditNote.objects.filter(reverses=note).exists():
        message = gettext("A credit note that was taken back pays nothing.")
        raise Conflict(message, code="credit_reversed")
    wanted = _wanted(note, amount, currency)
    if via and via not in (Via.BANK, Via.MANUAL):
        message = gettext(
            "By which gateway money goes back, its payment says; choose bank or manual."
        )
        raise RuleViolation(message, code="invalid_via", pointer="/via")
    made = _intend(note, wanted, terms_of(note.pk), actor, via=via)
    recount_followers(note.pk, actor=actor)
    return made


def cancel_refunds(note: CreditNote, *, actor: Actor) -> None:
    """Cancel the refunds of a note that is being taken back; the caller holds its locks.

    Raises Conflict `refund_out` with the refunds that were sent, are unknown or done.
    """
    rows = Refund.objects.filter(credit_note=note).exclude(state=RefundState.CANCELLED)
    refunds = list(rows.select_related("business").order_by("pk").select_for_update(of=("self",)))
    out = [refund.reference for refund in refunds if refund.state not in UNSENT]
    if out:
        message = gettext("Money of this credit note is on its way or was paid: %(out)s.") % {
            "out": ", ".join(out)
        }
        raise Conflict(message, code="refund_out", refunds=out)
    for refund in refunds:
        refund.credit_note = note
        move(refund, "cancel", actor=actor, reason="credit_reversed")
        free(refund, actor=actor)


def shares_of(free_on: Sequence[tuple[Payment, Decimal]], wanted: Decimal) -> dict[int, Decimal]:
    """Take so much from these payments, the first ones first; less where they hold less."""
    taken: dict[int, Decimal] = {}
    for payment, amount in free_on:
        part = min(amount, wanted - sum(taken.values(), money.ZERO))
        if part > 0:
            taken[payment.pk] = part
    return taken


def free_payments(account_id: int) -> list[tuple[Payment, Decimal]]:
    """The payments of an account that hold unpromised money, newest first, and how much."""
    rows = Payment.objects.filter(
        account=account_id, amount__gt=F("refunded") + F("refunding")
    ).order_by("-paid_on", "-pk")
    return [(row, row.amount - row.refunded - row.refunding) for row in rows]


def require_amount(amount: Decimal, currency: str) -> None:
    """Refuse what cannot be paid in a currency. Raises RuleViolation `invalid_amount`."""
    if amount <= 0 or money.rounded(amount, currency) != amount:
        message = gettext("%(amount)s is no amount of %(currency)s that can be paid.") % {
            "amount": money.plain(amount),
            "currency": currency,
        }
        raise RuleViolation(message, code="invalid_amount", pointer="/amount")


def require_within(amount: Decimal, most: Decimal, currency: str, code: str, sentence: str) -> None:
    """Refuse an amount above what there is; the sentence has places for `shown` and `currency`.

    Raises RuleViolation with the code and the figures.
    """
    if amount > most:
        shown = money.amount(most, currency)
        message = sentence % {"shown": shown, "currency": currency}
        facts = {"amount": money.amount(amount, currency), "open": shown}
        raise RuleViolation(message, code=code, pointer="/amount", **facts)


def _wanted(note: CreditNote, amount: Decimal | None, currency: str) -> Decimal:
    if currency and currency != note.currency:
        message = gettext("The credit note is in %(currency)s, not in %(currency_2)s.") % {
            "currency": note.currency,
            "currency_2": currency,
        }
        raise RuleViolation(
            message, code="wrong_currency", pointer="/currency", currency=note.currency
        )
    if amount is not None:
        require_amount(amount, note.currency)
    left = unpromised(note)
    if left <= 0:
        raise _all_promised(note)
    wanted = left if amount is None else amount
    open_credit = gettext("Only %(shown)s %(currency)s of this credit note are open.")
    require_within(wanted, left, note.currency, "exceeds_credit", open_credit)
    due = _due(note.account)
    rest = max(left - due, money.ZERO)
    not_owed = gettext("Only %(shown)s %(currency)s are not owed on invoices.")
    require_within(wanted, rest, note.currency, "owed_elsewhere", not_owed)
    held = sum((amount for _, amount in free_payments(note.account_id)), money.ZERO)
    paid = gettext("Only %(shown)s %(currency)s were paid and not given back.")
    require_within(wanted, held, note.currency, "exceeds_payment", paid)
    return wanted


def _all_promised(note: CreditNote) -> Conflict:
    names = ("gross", "applied", "kept", "refunded", "refunding")
    figures = {name: money.amount(getattr(note, name), note.currency) for name in names}
    message = gettext("All of this credit note is used or promised to a refund.")
    return Conflict(message, code="nothing_to_refund", **figures)


def _due(account: Account) -> Decimal:
    rows = Invoice.objects.filter(account=account, settled__lt=F("gross"))
    return rows.aggregate(due=Sum(F("gross") - F("settled")))["due"] or money.ZERO


def _intend(
    note: CreditNote, wanted: Decimal, terms: RefundTerms, actor: Actor, *, via: str = ""
) -> list[Refund]:
    ways = _ways(note, wanted, via)
    details = terms.bank_details
    if details is None and not terms.await_details:
        details = only_account_of(note.customer)
    return [
        _make(note, way, terms, details if way.via == Via.BANK else None, actor) for way in ways
    ]


def _ways(note: CreditNote, wanted: Decimal, via: str) -> list[Way]:
    free_on = free_payments(note.account_id)
    known = set() if via else known_gateways()
    ways, rest = [], wanted
    for payment, amount in free_on:
        part = min(amount, rest)
        if payment.gateway in known and part > 0:
            ways.append(Way(Via.GATEWAY, payment.gateway, {payment.pk: part}))
            rest -= part
    others = [(payment, amount) for payment, amount in free_on if payment.gateway not in known]
    taken = shares_of(others, rest)
    if taken:
        own = Via.BANK if note.currency == TRANSFERABLE else Via.MANUAL
        ways.append(Way(Via(via) if via else own, "", taken))
    return ways


def _make(
    note: CreditNote, way: Way, terms: RefundTerms, details: BankDetails | None, actor: Actor
) -> Refund:
    refund = Refund(
        business=note.business,
        customer_id=note.customer_id,
        account_id=note.account_id,
        credit_note=note,
        currency=note.currency,
        amount=sum(way.amounts.values(), money.ZERO),
        via=way.via,
        gateway=way.gateway,
        bank_details=details,
        approval_above=terms.approval_above,
        four_eyes_above=terms.four_eyes_above,
        requested_by_id=actor.answerable_id,
    )
    refund.state = first_state(refund)
    on = clock.today(note.business)
    refund.reference = draw(note.business, Document.REFUND, on, Refund).reference
    trail.create(refund, actor=actor, credit_note=note.uuid, amount=refund.amount, via=refund.via)
    reserve(refund, way.amounts, actor=actor)
    return refund
