"""What goes back to the customer of a credit note."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from rmaproject.access.actors import Actor
from rmaproject.shared import money
from sales.models import CreditNote


@dataclass(frozen=True)
class RefundTerms:
    """Above which amounts a refund waits for approval, and for different people; None: never."""

    approval_above: Decimal | None
    four_eyes_above: Decimal | None


#: Every refund waits for approval.
ASK_ALWAYS: Final = RefundTerms(money.ZERO, None)


def intend_refunds(note: CreditNote, terms: RefundTerms, *, actor: Actor) -> list[Any]:
    """Nothing is paid out yet: what is left of a note waits."""
    return []


def cancel_refunds(note: CreditNote, *, actor: Actor) -> None:
    """Cancel the refunds of a note that were not sent. Raises Conflict `refund_out`."""
