from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from rmaproject.shared import money
from sales.models import BankDetails, CreditNote


@dataclass(frozen=True)
class RefundTerms:
    """What the rules ask of refunds: amounts in the note's currency, kept on each refund.

    Above `approval_above` a refund waits for approval; above `four_eyes_above` who asked, who
    approves and who pays are different people. None: never. `bank_details` is the account that
    was chosen for this money; with `await_details` no other one is taken in its stead.
    """

    approval_above: Decimal | None = money.ZERO
    four_eyes_above: Decimal | None = None
    bank_details: BankDetails | None = None
    await_details: bool = False


def unpromised(note: CreditNote) -> Decimal:
    """What of a credit note is neither used up nor promised to a refund."""
    used = note.applied + note.kept + note.refunded + note.refunding
    return Decimal(note.gross - used)
