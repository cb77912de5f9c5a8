"""Credit that stays with us: it settles invoices when told so, or is paid out after all.

Locked in this order: what follows the note, its account, the note.
"""

from __future__ import annotations

from decimal import Decimal

from django.db.models import F, Sum
from django.utils.translation import gettext as _

from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.shared import money
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict, RuleViolation
from sales.models import Account, CreditNote, Invoice, Settlement
from sales.services.crediting import payable_out
from sales.services.refunding.followers import recount_followers, terms_of
from sales.services.refunding.intending import intend_refunds
from sales.services.refunding.locking import lock_note


@command
def apply_credit(note_id: int, invoice_id: int, amount: Decimal, *, actor: Actor) -> CreditNote:
    """Settle so much of an invoice of the same account with kept credit.

    Raises RuleViolation `invalid_amount`, `exceeds_kept`, `exceeds_invoice` with the figures,
    `wrong_account`; Conflict `credit_reversed` for a note that was taken back.
    """
    note = _lock(note_id)
    invoice = Invoice.objects.get(pk=invoice_id)
    if invoice.account_id != note.account_id:
        message = _("The invoice is on another account than the credit note.")
        raise RuleViolation(message, code="wrong_account", pointer="/invoice")
    _require_kept(note, amount)
    due = invoice.gross - invoice.settled
    if amount > due:
        sentence = _("Only %(shown)s %(currency)s of invoice %(invoice)s are due.")
        raise _exceeds("exceeds_invoice", sentence, due, note, invoice=invoice.reference)
    Settlement.objects.create(credit_note=note, invoice=invoice, amount=amount)
    used = {"kept": note.kept - amount, "applied": note.applied + amount}
    facts = {"amount": amount, "invoice": invoice.uuid}
    trail.change(note, "apply", actor=actor, fields=used, **facts)
    settled = {"settled": invoice.settled + amount}
    facts = {"amount": amount, "credit_note": note.uuid}
    trail.change(invoice, "settle", actor=actor, fields=settled, **facts)
    return note


@command
def pay_out_credit(note_id: int, amount: Decimal, *, actor: Actor) -> CreditNote:
    """Let so much of kept credit go back to the customer, by refunds that wait for approval.

    Raises RuleViolation `invalid_amount`, `exceeds_kept`; `owed_elsewhere` where invoices of the
    account are due; `exceeds_paid` where the customer's payments do not hold so much any more;
    Conflict `credit_reversed`.
    """
    note = _lock(note_id)
    _require_kept(note, amount)
    free = max(note.kept - _due_on(note.account), money.ZERO)
    if amount > free:
        sentence = _("Only %(shown)s %(currency)s are not owed on invoices.")
        raise _exceeds("owed_elsewhere", sentence, free, note)
    left = payable_out(note)
    if amount > left:
        sentence = _("Only %(shown)s %(currency)s were paid and not given back.")
        raise _exceeds("exceeds_paid", sentence, left, note)
    kept = {"kept": note.kept - amount}
    trail.change(note, "pay_out", actor=actor, fields=kept, amount=amount)
    intend_refunds(note, terms_of(note.pk), actor=actor)
    recount_followers(note.pk, actor=actor)
    return note


def _lock(note_id: int) -> CreditNote:
    note = lock_note(note_id)
    if note.reverses_id is not None or hasattr(note, "reversed_by"):
        message = _("The credit note was taken back; nothing of it is left.")
        raise Conflict(message, code="credit_reversed", credit_note=str(note.uuid))
    return note


def _due_on(account: Account) -> Decimal:
    due = account.invoices.aggregate(due=Sum(F("gross") - F("settled")))["due"]
    return due or money.ZERO


def _require_kept(note: CreditNote, amount: Decimal) -> None:
    if amount <= 0 or money.rounded(amount, note.currency) != amount:
        message = _("%(amount)s is no amount of %(currency)s that can be used.") % {
            "amount": money.plain(amount),
            "currency": note.currency,
        }
        raise RuleViolation(message, code="invalid_amount", pointer="/amount")
    if amount > note.kept:
        sentence = _("Only %(shown)s %(currency)s of this credit are kept.")
        raise _exceeds("exceeds_kept", sentence, note.kept, note)


def _exceeds(
    code: str, sentence: str, left: Decimal, note: CreditNote, **named: str
) -> RuleViolation:
    figure = money.amount(left, note.currency)
    message = sentence % {"shown": figure, "currency": note.currency, **named}
    return RuleViolation(message, code=code, pointer="/amount", open=figure)
