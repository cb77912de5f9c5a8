"""Which records of sales belong to which, for `expand`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from sales.models import CreditNote, Refund

Pairs = Iterable[tuple[UUID, int]]


def notes_of_orders(ids: Collection[UUID]) -> Pairs:
    """The credit notes of sales orders, oldest first."""
    notes = CreditNote.objects.filter(order__uuid__in=ids).order_by("pk")
    return notes.values_list("order__uuid", "pk")


def refunds_of_notes(ids: Collection[UUID]) -> Pairs:
    """The refunds of credit notes, oldest first."""
    refunds = Refund.objects.filter(credit_note__uuid__in=ids).order_by("pk")
    return refunds.values_list("credit_note__uuid", "pk")
