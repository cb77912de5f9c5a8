"""What was booked of a return is taken back by counter-entries; nothing is ever deleted."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, Sum
from django.utils.translation import gettext as _

from returns.locks import lock_return
from returns.models import (
    ExtraLine,
    LineCredit,
    Outbound,
    Receipt,
    ReceiptLine,
    ReturnLine,
    ReturnOrder,
    Verdict,
)
from returns.services._advance import require_in_progress, touched
from returns.services._taking_back import rows_of, take_stock_back
from returns.services.neighbours import order_lines_of, recount_neighbours
from returns.services.receiving import new_receipt
from rmaproject.access.actors import Actor
from rmaproject.shared import clock, money
from rmaproject.shared.db import command, lock_rows
from rmaproject.shared.errors import Conflict, RuleViolation
from sales.models import Account, CreditNote
from sales.services.reversing import reverse_note
from stock.models import Cause
from stock.services.moving import Moved

#: The right to take credit notes back.
REVERSE_CREDIT = "returns.reverse_credit"


@command
def reverse_credit(note_id: int, *, actor: Actor, reason: str) -> CreditNote:
    """Take a credit note of a return back: what it paid is owed again; gives the counter note.

    Raises RuleViolation `reason_required`; Conflict `illegal_transition`, `on_hold`,
    `reversed_already`, `is_reversal`, `refund_out` once money went out.
    """
    note = CreditNote.objects.get(pk=note_id)
    order = lock_before(note)
    if order is None:
        return reverse_note(note, actor=actor, reason=reason)
    require_in_progress(order, "take a credit note back")
    counter = _take_credit_back(note, actor=actor, reason=reason)
    touched(
        order,
        "reverse_credit",
        actor=actor,
        credit_note=note.uuid,
        reversed_by=counter.uuid,
        reason=reason[:500],
    )
    recount_neighbours(order_lines_of([note.pk]), actor=actor, own=order)
    return counter


@command
def reverse_receipt(receipt_id: int, *, actor: Actor, reason: str) -> Receipt:
    """Take a receipt back: counters, stock and units as before; gives the counter receipt.

    Units go back to who held them, in the sale that the receipt ended. Credit notes that paid for
    these goods are taken back too, which needs the right for that.
    Raises RuleViolation `reason_required`; NotPermitted; Conflict `illegal_transition`,
    `on_hold`, `reversed_already`, `is_reversal`, `stock_moved_on`, `refund_out`.
    """
    receipt = Receipt.objects.get(pk=receipt_id)
    order = lock_return(receipt.return_order_id)
    require_in_progress(order, "take a receipt back")
    _require_reason(reason)
    _require_standing(receipt)
    rows = rows_of(receipt)
    _require_not_sent_back(rows)
    notes = _notes_for(rows)
    if notes:
        actor.require(REVERSE_CREDIT)
    lock_rows(Account, [note.account_id for note in notes])
    now = clock.now()
    day = clock.today(order.business)
    facts: dict[str, Any] = {"note": reason[:500], "parcel": receipt.parcel, "reverses": receipt}
    counter = new_receipt(order, day, actor, now, **facts)
    take_stock_back(rows, counter, Moved(Cause.REVERSAL, now, actor, reason[:200]))
    taken = [_take_credit_back(note, actor=actor, reason=reason) for note in notes]
    _count_down(rows)
    told: dict[str, Any] = {"receipt": receipt.uuid, "reversed_by": counter.uuid}
    told["credit_notes"] = [note.uuid for note in taken]
    touched(order, "reverse_receipt", actor=actor, reason=reason[:500], **told)
    freed = order_lines_of([note.pk for note in notes])
    recount_neighbours(freed, actor=actor, own=order)
    return counter


def lock_before(note: CreditNote) -> ReturnOrder | None:
    """The return that a note, or the one that it takes back, pays for, locked; None for none.

    The account is locked after it: who locks the note itself must do so after both.
    """
    paid = LineCredit.objects.filter(credit_line__credit_note__in=[note.pk, note.reverses_id])
    row = paid.select_related("line", "extra_line").first()
    line = (row.line or row.extra_line) if row else None
    order = lock_return(line.return_order_id) if line else None
    lock_rows(Account, [note.account_id])
    return order


def _take_credit_back(note: CreditNote, *, actor: Actor, reason: str) -> CreditNote:
    """Reverse a note of a locked return; its lines and extra lines are no longer credited."""
    counter = reverse_note(note, actor=actor, reason=reason)
    paid = LineCredit.objects.filter(credit_line__credit_note=note)
    sums = paid.exclude(line=None).values("line").annotate(units=Sum("quantity"))
    for line, units in sums.order_by("line").values_list("line", "units"):
        ReturnLine.objects.filter(pk=line).update(credited=F("credited") - units)
    extra = paid.exclude(extra_line=None).values("extra_line")
    ExtraLine.objects.filter(pk__in=extra).update(credited=False)
    return counter


def _require_reason(reason: str) -> None:
    if not reason.strip():
        message = _("Say why the receipt is taken back.")
        raise RuleViolation(message, code="reason_required", pointer="/reason")


def _require_standing(receipt: Receipt) -> None:
    if receipt.reverses_id is not None:
        message = _("This receipt takes another one back and stays.")
        raise Conflict(message, code="is_reversal", receipt=str(receipt.uuid))
    taken = Receipt.objects.filter(reverses=receipt).first()
    if taken is not None:
        message = _("Receipt %(number)s was taken back by receipt %(number_2)s.") % {
            "number": receipt.number,
            "number_2": taken.number,
        }
        raise Conflict(message, code="reversed_already", reversed_by=str(taken.uuid))


def _require_not_sent_back(rows: Sequence[ReceiptLine]) -> None:
    """Refuse to take back the receipt of goods that have left for the customer again."""
    for sent in (
        Outbound.objects.filter(receipt_line__in=rows).select_related("line").order_by("pk")
    ):
        message = _("%(quantity)s of line %(number)s were sent back.") % {
            "quantity": money.plain(sent.quantity),
            "number": sent.line.number,
        }
        facts = {"line": str(sent.line.uuid), "sent_back": money.plain(sent.quantity)}
        raise Conflict(message, code="stock_moved_on", **facts)


def _notes_for(rows: Sequence[ReceiptLine]) -> list[CreditNote]:
    """The standing notes that paid for goods of these rows, and no more than must be taken back.

    Those that say which inspection they pay for come first; where that is not known, the newest
    go until what is credited is accepted or waived again.
    """
    judged = [row.pk for entry in rows for row in entry.inspections.all()]
    live = LineCredit.objects.filter(credit_line__live=True)
    found = set(
        live.filter(Q(inspection__in=judged) | Q(extra_line__in=_fees(rows))).values_list(
            "credit_line__credit_note", flat=True
        )
    )
    losing = _judged(rows, Verdict.ACCEPTED)
    for line in ReturnLine.objects.filter(pk__in=losing).order_by("pk"):
        paid = live.filter(line=line).order_by("-pk")
        excess = line.credited - line.waived - line.accepted + losing[line.pk]
        excess -= sum(
            (row.quantity for row in paid.filter(credit_line__credit_note__in=found)), money.ZERO
        )
        for row in paid.exclude(credit_line__credit_note__in=found).select_related("credit_line"):
            if excess <= 0:
                break
            found.add(row.credit_line.credit_note_id)
            excess -= row.quantity
    return list(CreditNote.objects.filter(pk__in=found).order_by("pk"))


def _count_down(rows: Sequence[ReceiptLine]) -> None:
    """Let the lines count the receipt no more; those that it found are void."""
    received = _sums((row.line_id, row.quantity) for row in rows)
    accepted, rejected = _judged(rows, Verdict.ACCEPTED), _judged(rows, Verdict.REJECTED)
    disposed = _sums((done.line_id, done.quantity) for row in rows for done in row.disposals.all())
    for line in ReturnLine.objects.filter(pk__in=received).order_by("pk"):
        line.received -= received[line.pk]
        line.accepted -= accepted.get(line.pk, money.ZERO)
        line.rejected -= rejected.get(line.pk, money.ZERO)
        line.disposed -= disposed.get(line.pk, money.ZERO)
        line.void = line.void or (line.unexpected and not line.received)
        line.save(update_fields=["received", "accepted", "rejected", "disposed", "void"])
    _drop_fees(rows)


def _drop_fees(rows: Sequence[ReceiptLine]) -> None:
    """What dispositions charged for these goods is charged no more."""
    fees = _fees(rows)
    for charge in ExtraLine.objects.filter(pk__in=fees, credited=False).order_by("pk"):
        if charge.quantity > fees[charge.pk]:
            charge.quantity -= fees[charge.pk]
        else:
            charge.void = True
        charge.save(update_fields=["quantity", "void"])


def _fees(rows: Sequence[ReceiptLine]) -> dict[int, Decimal]:
    """The units for which dispositions of these rows charged a fee, by the fee's extra line."""
    return _sums(
        (done.fee_line_id, done.quantity)
        for row in rows
        for done in row.disposals.all()
        if done.fee_line_id
    )


def _judged(rows: Sequence[ReceiptLine], verdict: str) -> dict[int, Decimal]:
    return _sums(
        (judged.line_id, judged.quantity)
        for row in rows
        for judged in row.inspections.all()
        if judged.verdict == verdict
    )


def _sums(pairs: Any) -> dict[int, Decimal]:
    sums: dict[int, Decimal] = {}
    for key, quantity in pairs:
        sums[key] = sums.get(key, money.ZERO) + quantity
    return sums
