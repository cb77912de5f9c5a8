"""Credit notes: how they are booked, and what they settle.

Callers hold the lock of the account, so that nothing else is settled or credited meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Sum
from django.utils.translation import gettext as _

from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.shared import clock, money
from rmaproject.shared.db import add_figures
from rmaproject.shared.errors import RuleViolation
from sales.models import (
    Account,
    Business,
    CreditLine,
    CreditNote,
    Document,
    Invoice,
    InvoiceLine,
    LineKind,
    Payment,
)
from sales.services.invoicing import settle
from sales.services.ledger import credit_booking, post
from sales.services.numbering import draw, require_reference
from sales.services.refunding.intending import intend_refunds
from sales.services.refunding.terms import RefundTerms, unpromised


@dataclass(frozen=True)
class Target:
    """Where a credit note is booked; the invoice is None for a blind one."""

    business: Business
    account: Account
    invoice: Invoice | None
    order_id: int | None


def book(
    target: Target,
    lines: Sequence[CreditLine],
    *,
    actor: Actor,
    reference: str = "",
    credited_on: date | None = None,
    keep: bool = False,
    terms: RefundTerms | None = None,
) -> CreditNote:
    """Make a credit note of these lines, post it, and let it settle what is due.

    With terms, refunds of the rest are intended; without, it stays open. With `keep` (store
    credit) it settles its own invoice alone and the rest stays as the customer's credit. Our own
    number comes from the gap-free series, drawn last; a given one is kept and takes none.
    Raises RuleViolation `credit_below_zero`, `exceeds_invoice`; Conflict `reference_exists`.
    """
    own: Invoice | None = None
    on = credited_on or clock.today(target.business)
    note = _note(target, lines, on)
    if reference:
        note.reference = require_reference(reference)
    else:
        drawn = draw(target.business, Document.CREDIT_NOTE, on, CreditNote)
        note.reference, note.period = drawn.reference, drawn.period
        note.series_number = drawn.number
    trail.create(note, actor=actor, gross=note.gross, currency=note.currency)
    for number, line in enumerate(lines, start=1):
        line.credit_note, line.number = note, number
    CreditLine.objects.bulk_create(lines)
    _count_credited(lines)
    if target.invoice is not None and note.gross:
        own = _count_on_invoice(target.invoice, note, actor)
    post([credit_booking(note, goodwill=_goodwill(lines))], at=clock.now())
    if keep:
        _keep(note, target, actor)
    else:
        _use(note, target, own, actor)
    if terms is not None and not keep:
        intend_refunds(note, terms, actor=actor)
    return note


def _note(target: Target, lines: Sequence[CreditLine], on: date) -> CreditNote:
    net = sum((line.net for line in lines), money.ZERO)
    tax = sum((line.tax for line in lines), money.ZERO)
    if net + tax < 0:
        raise _below_zero(lines, target.account.currency)
    return CreditNote(
        business=target.business,
        customer_id=target.account.company_id,
        account=target.account,
        invoice=target.invoice,
        order_id=target.order_id,
        currency=target.account.currency,
        credited_on=on,
        net=net,
        tax=tax,
        gross=net + tax,
    )


def _below_zero(lines: Sequence[CreditLine], currency: str) -> RuleViolation:
    """The refusal with its figures: what would be credited, and what would be charged of it."""
    beside = [line for line in lines if line.invoice_line_id is None and line.gross < 0]
    charges = -sum((line.gross for line in beside), money.ZERO)
    gross = sum((line.gross for line in lines), money.ZERO)
    message = _("The charges are higher than the credit; a credit note is never below zero.")
    return RuleViolation(
        message,
        code="credit_below_zero",
        credit=money.amount(gross + charges, currency),
        charges=money.amount(charges, currency),
        gross=money.amount(gross, currency),
    )


def _use(note: CreditNote, target: Target, own: Invoice | None, actor: Actor) -> None:
    """Settle the own invoice, then other due ones; keep what no payment could pay back."""
    applied = settle(target.account, note.gross, actor=actor, first=own, credit_note=note)
    rest = note.gross - applied
    kept = max(rest - _refundable(target.account, note), money.ZERO) if rest else money.ZERO
    CreditNote.objects.filter(pk=note.pk).update(applied=applied, kept=kept)
    note.applied, note.kept = applied, kept


def _keep(note: CreditNote, target: Target, actor: Actor) -> None:
    """Settle the own invoice alone; the rest stays as the customer's credit."""
    applied = money.ZERO
    if target.invoice is not None:
        own = Invoice.objects.get(pk=target.invoice.pk)
        due = min(note.gross, own.gross - own.settled)
        applied = settle(target.account, due, actor=actor, first=own, credit_note=note)
    note.applied, note.kept = applied, note.gross - applied
    CreditNote.objects.filter(pk=note.pk).update(applied=note.applied, kept=note.kept)


def _refundable(account: Account, note: CreditNote) -> Decimal:
    """What payments of the account hold that was not refunded and no other credit waits for."""
    held = Payment.objects.filter(account=account).aggregate(
        amount=Sum(F("amount") - F("refunded") - F("refunding"))
    )["amount"]
    if not held:
        return money.ZERO
    waiting = CreditNote.objects.filter(account=account, reverses=None, reversed_by=None)
    owed = waiting.exclude(pk=note.pk).aggregate(
        amount=Sum(F("gross") - F("applied") - F("kept") - F("refunded") - F("refunding"))
    )["amount"]
    return max(held - (owed or money.ZERO), money.ZERO)


def payable_out(note: CreditNote) -> Decimal:
    """How much of a note's kept credit the customer's payments could still pay back."""
    return max(_refundable(note.account, note) - unpromised(note), money.ZERO)


def _count_credited(lines: Iterable[CreditLine]) -> None:
    raised: dict[int, tuple[Decimal, Decimal]] = {}
    for line in lines:
        if line.invoice_line_id is None:
            continue
        units = line.units.upper - line.units.lower if line.units else money.ZERO
        before, gross = raised.get(line.invoice_line_id, (money.ZERO, money.ZERO))
        raised[line.invoice_line_id] = (before + units, gross + line.gross)
    add_figures(InvoiceLine, raised, "credited_units", "credited_gross")


def _count_on_invoice(invoice: Invoice, note: CreditNote, actor: Actor) -> Invoice:
    """Read anew: another note of the same booking may have settled this invoice meanwhile."""
    fresh = Invoice.objects.get(pk=invoice.pk)
    left = fresh.gross - fresh.credited
    if note.gross > left:
        figures = {
            "credit": money.amount(note.gross, note.currency),
            "open": money.amount(left, note.currency),
        }
        message = _("Only %(open)s %(currency)s of %(reference)s can be credited.") % {
            "open": figures["open"],
            "currency": note.currency,
            "reference": fresh.reference,
        }
        raise RuleViolation(message, code="exceeds_invoice", **figures)
    credited = {"credited": fresh.credited + note.gross}
    trail.change(fresh, "credit", actor=actor, fields=credited, credit_note=note.uuid)
    return fresh


def _goodwill(lines: Iterable[CreditLine]) -> Decimal:
    return sum((line.net for line in lines if line.kind == LineKind.GOODWILL), money.ZERO)
