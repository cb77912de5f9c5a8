"""Credit notes are never changed: a counter note takes one back, amount for amount.

What the note settled is open again, the units that it credited can be credited anew, and the
ledger gets the opposite entry.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import F, Sum
from django.utils.translation import gettext as _

from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.shared import clock, money
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict, RuleViolation
from sales.locks import lock_invoice_lines
from sales.models import (
    Account,
    CreditLine,
    CreditNote,
    Document,
    Invoice,
    InvoiceLine,
    Ledger,
    LedgerLine,
    Settlement,
)
from sales.services.ledger import Booking, post
from sales.services.numbering import draw
from sales.services.refunding import cancel_refunds


@command
def reverse_note(note: CreditNote, *, actor: Actor, reason: str) -> CreditNote:
    """Take a credit note back with a note of our own series, dated today; gives that note.

    Also what was kept of it and used elsewhere is taken back; refunds that were not sent are
    cancelled. Raises RuleViolation `reason_required`; Conflict `reversed_already`,
    `is_reversal`, `refund_out`.
    """
    if not reason.strip():
        message = _("Say why the credit note is taken back.")
        raise RuleViolation(message, code="reason_required", pointer="/reason")
    note = _lock_note(note)
    _require_reversible(note)
    cancel_refunds(note, actor=actor)
    note.refresh_from_db()
    _require_nothing_paid_out(note)
    lines = list(note.lines.order_by("number"))
    lock_invoice_lines(line.invoice_line_id for line in lines if line.invoice_line_id)
    _take_back_settlements(note, actor)
    _free(lines)
    _uncredit_invoice(note, actor)
    counter = _counter_note(note)
    trail.create(counter, actor=actor, reverses=note.uuid, gross=note.gross, reason=reason[:500])
    CreditLine.objects.bulk_create(_counter_line(counter, line) for line in lines)
    unused = {"applied": money.ZERO, "kept": money.ZERO}
    facts = {"reversed_by": counter.uuid, "reason": reason[:500]}
    trail.change(note, "reverse", actor=actor, fields=unused, **facts)
    post([_counter_booking(note, counter)], at=clock.now())
    return counter


def reversal_of(note: CreditNote) -> CreditNote | None:
    """The note that takes this one back; None as long as it stands."""
    return CreditNote.objects.filter(reverses=note.pk).first()


def _lock_note(note: CreditNote) -> CreditNote:
    """The note as it stands, its account locked first: nothing is settled or credited meanwhile."""
    Account.objects.select_for_update().get(pk=note.account_id)
    rows = CreditNote.objects.select_related("business", "account")
    return rows.select_for_update(of=("self",)).get(pk=note.pk)


def _require_reversible(note: CreditNote) -> None:
    if note.reverses_id is not None:
        message = _("%(reference)s takes another credit note back and stays.") % {
            "reference": note.reference
        }
        raise Conflict(message, code="is_reversal", credit_note=str(note.uuid))
    taken = reversal_of(note)
    if taken is not None:
        message = _("%(reference)s was taken back by %(reference_2)s.") % {
            "reference": note.reference,
            "reference_2": taken.reference,
        }
        raise Conflict(message, code="reversed_already", reversed_by=str(taken.uuid))


def _require_nothing_paid_out(note: CreditNote) -> None:
    if note.refunded:
        paid = money.amount(note.refunded, note.currency)
        message = _("%(paid)s %(currency)s of %(reference)s were paid out.") % {
            "paid": paid,
            "currency": note.currency,
            "reference": note.reference,
        }
        raise Conflict(message, code="refund_out", refunded=paid, currency=note.currency)


def _take_back_settlements(note: CreditNote, actor: Actor) -> None:
    """Open what the note settled again, by a counter row for each settlement."""
    standing = Settlement.objects.filter(credit_note=note, reverses=None, reversed_by=None)
    rows = list(standing.select_related("invoice").order_by("pk"))
    Settlement.objects.bulk_create(
        Settlement(credit_note=note, invoice=row.invoice, amount=-row.amount, reverses=row)
        for row in rows
    )
    sums: dict[int, Decimal] = {}
    for row in rows:
        sums[row.invoice_id] = sums.get(row.invoice_id, money.ZERO) + row.amount
    for invoice in Invoice.objects.filter(pk__in=sums).order_by("pk"):
        amount = sums[invoice.pk]
        settled = {"settled": invoice.settled - amount}
        facts = {"amount": amount, "credit_note": note.uuid}
        trail.change(invoice, "unsettle", actor=actor, fields=settled, **facts)


def _free(lines: Iterable[CreditLine]) -> None:
    """Let the units of these lines be credited again; invoice lines count them no more."""
    for line in lines:
        if line.invoice_line_id is None or not line.live:
            continue
        units = line.units.upper - line.units.lower if line.units else money.ZERO
        InvoiceLine.objects.filter(pk=line.invoice_line_id).update(
            credited_units=F("credited_units") - units,
            credited_gross=F("credited_gross") - line.gross,
        )
    CreditLine.objects.filter(pk__in=[line.pk for line in lines]).update(live=False)


def _uncredit_invoice(note: CreditNote, actor: Actor) -> None:
    if note.invoice_id is None or not note.gross:
        return
    invoice = Invoice.objects.get(pk=note.invoice_id)
    credited = {"credited": invoice.credited - note.gross}
    trail.change(invoice, "uncredit", actor=actor, fields=credited, credit_note=note.uuid)


def _counter_note(note: CreditNote) -> CreditNote:
    on = clock.today(note.business)
    drawn = draw(note.business, Document.CREDIT_NOTE, on, CreditNote)
    return CreditNote(
        business=note.business,
        customer_id=note.customer_id,
        account=note.account,
        invoice_id=note.invoice_id,
        order_id=note.order_id,
        reference=drawn.reference,
        period=drawn.period,
        series_number=drawn.number,
        currency=note.currency,
        credited_on=on,
        net=note.net,
        tax=note.tax,
        gross=note.gross,
        reverses=note,
    )


def _counter_line(counter: CreditNote, line: CreditLine) -> CreditLine:
    """The same line, which covers no units: those of the original are free."""
    return CreditLine(
        credit_note=counter,
        number=line.number,
        invoice_line_id=line.invoice_line_id,
        part_id=line.part_id,
        kind=line.kind,
        name=line.name,
        quantity=line.quantity,
        live=False,
        given=line.given,
        net=line.net,
        tax=line.tax,
        gross=line.gross,
        vat_percent=line.vat_percent,
        vat_type=line.vat_type,
    )


def _counter_booking(note: CreditNote, counter: CreditNote) -> Booking:
    """The entry of the note with every side turned round."""
    booked = LedgerLine.objects.filter(entry__credit_note=note).values("ledger")
    sums = booked.annotate(total=Sum("amount")).values_list("ledger", "total")
    sides: dict[str, Decimal] = dict.fromkeys(Ledger, money.ZERO)
    for ledger, amount in sums:
        sides[ledger] = -amount
    return Booking(counter, counter.credited_on, sides)
