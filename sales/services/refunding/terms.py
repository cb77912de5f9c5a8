from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from rmaproject.shared import money
from sales.models import CreditNote


@dataclass(frozen=True)
class RefundTerms:
    """Above which amounts a refund waits for approval, and for different people; None: never."""

    approval_above: Decimal | None = money.ZERO
    four_eyes_above: Decimal | None = None


def unpromised(note: CreditNote) -> Decimal:
    """What of a credit note is neither used up nor promised to a refund."""
    return Decimal(note.gross - note.applied - note.kept - note.refunded)
