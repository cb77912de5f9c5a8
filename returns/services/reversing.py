"""What was booked of a return is taken back by counter-entries; nothing is ever deleted."""

from __future__ import annotations

from django.db.models import F, Sum

from returns.locks import lock_return
from returns.models import ExtraLine, LineCredit, ReturnLine
from returns.services._advance import require_in_progress, touched
from rmaproject.access.actors import Actor
from rmaproject.shared.db import command
from sales.models import CreditNote
from sales.services.reversing import reverse_note


@command
def reverse_credit(note_id: int, *, actor: Actor, reason: str) -> CreditNote:
    """Take a credit note of a return back: what it paid is owed again; gives the counter note.

    Raises RuleViolation `reason_required`; Conflict `illegal_transition`, `on_hold`,
    `reversed_already`, `is_reversal`, `refund_out` once money went out.
    """
    note = CreditNote.objects.get(pk=note_id)
    key = _return_paid_by(note)
    if key is None:
        return reverse_note(note, actor=actor, reason=reason)
    order = lock_return(key)
    require_in_progress(order, "take a credit note back")
    counter = take_credit_back(note, actor=actor, reason=reason)
    touched(
        order,
        "reverse_credit",
        actor=actor,
        credit_note=note.uuid,
        reversed_by=counter.uuid,
        reason=reason[:500],
    )
    return counter


def take_credit_back(note: CreditNote, *, actor: Actor, reason: str) -> CreditNote:
    """Reverse a note of a locked return; its lines and extra lines are no longer credited."""
    counter = reverse_note(note, actor=actor, reason=reason)
    paid = LineCredit.objects.filter(credit_line__credit_note=note)
    sums = paid.exclude(line=None).values("line").annotate(units=Sum("quantity"))
    for line, units in sums.order_by("line").values_list("line", "units"):
        ReturnLine.objects.filter(pk=line).update(credited=F("credited") - units)
    extra = paid.exclude(extra_line=None).values("extra_line")
    ExtraLine.objects.filter(pk__in=extra).update(credited=False)
    return counter


def _return_paid_by(note: CreditNote) -> int | None:
    """The key of the return whose lines the note, or the one that it takes back, pays for."""
    paid = LineCredit.objects.filter(credit_line__credit_note__in=[note.pk, note.reverses_id])
    row = paid.select_related("line", "extra_line").first()
    if row is None:
        return None
    line = row.line or row.extra_line
    return line.return_order_id if line else None
