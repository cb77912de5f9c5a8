"""What a step would do, found out by doing it and taking it back: no second arithmetic."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from returns.services.crediting import credit_return
from rmaproject.access.actors import Actor
from sales.models import CreditLine, CreditNote


@dataclass(frozen=True)
class NotePreview:
    """A credit note as it would be booked; its number is drawn only then."""

    note: CreditNote
    lines: list[CreditLine]


def preview_credit(return_id: int, *, actor: Actor) -> list[NotePreview]:
    """The credit notes that `credit_return` would book now; nothing is kept. Raises as it does."""
    with transaction.atomic():
        notes = credit_return(return_id, actor=actor)
        found = [_preview(note) for note in notes]
        transaction.set_rollback(True)
    return found


def _preview(note: CreditNote) -> NotePreview:
    lines = note.lines.select_related("part", "invoice_line__invoice").order_by("number")
    return NotePreview(note, list(lines))
