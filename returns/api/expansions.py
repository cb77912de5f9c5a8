"""Which documents of money belong to which returns, for `expand`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from returns.models import LineCredit
from sales.models import CreditNote, Refund

Pairs = Iterable[tuple[UUID, int]]
NOTE: Final = "credit_line__credit_note"
#: What a credit can pay for.
KINDS: Final = ("line", "extra_line")


def notes_of_returns(ids: Collection[UUID]) -> Pairs:
    """The credit notes of returns, oldest first, with those that take one of them back."""
    pairs: set[tuple[UUID, int]] = set()
    for kind in KINDS:
        owner = f"{kind}__return_order__uuid"
        pairs |= set(_credits(kind, **{f"{owner}__in": ids}).values_list(owner, NOTE))
    back = defaultdict(list)
    notes = CreditNote.objects.filter(reverses__in={note for _, note in pairs})
    for note, counter in notes.values_list("reverses", "pk"):
        back[note].append(counter)
    pairs |= {(owner, counter) for owner, note in pairs for counter in back[note]}
    return sorted(pairs, key=lambda pair: pair[1])


def refunds_of_returns(ids: Collection[UUID]) -> Pairs:
    """The refunds of the credit notes of returns, oldest first."""
    owners = defaultdict(list)
    for owner, note in notes_of_returns(ids):
        owners[note].append(owner)
    refunds = Refund.objects.filter(credit_note__in=owners).order_by("pk")
    found = refunds.values_list("credit_note", "pk")
    return [(owner, refund) for note, refund in found for owner in owners[note]]


def returns_of_notes(ids: Collection[UUID]) -> Pairs:
    """The returns that credit notes pay for."""
    pairs: set[tuple[UUID, int]] = set()
    for kind in KINDS:
        rows = _credits(kind, **{f"{NOTE}__uuid__in": ids})
        pairs |= set(rows.values_list(f"{NOTE}__uuid", f"{kind}__return_order"))
    return sorted(pairs, key=lambda pair: pair[1])


def _credits(kind: str, **which: Any) -> QuerySet[Any, Any]:
    """What was credited of lines, or of extra lines."""
    return LineCredit.objects.exclude(**{kind: None}).filter(**which)
