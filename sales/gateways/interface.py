"""What a payout gateway must do; docs/refunds.md tells how to bring one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Protocol


class NoAnswer(Exception):
    """The gateway could not be reached or did not answer: whether it paid, nobody knows."""


@dataclass(frozen=True)
class Answer:
    """What the gateway says of a payout; `code` and `text` say why one failed.

    A gateway that also says what it paid should pass on `amount` and `currency`: an answer that
    differs from the refund is not believed.
    """

    state: Literal["done", "failed", "pending"]
    reference: str = ""
    code: str = ""
    text: str = ""
    amount: Decimal | None = None
    currency: str = ""


class Gateway(Protocol):
    """Pays money back to the payment that it came by, once for each key."""

    def refund(self, key: str, payment_reference: str, amount: Decimal, currency: str) -> Answer:
        """Pay back; the same key again does nothing and gives the first payout's answer.

        Raises NoAnswer.
        """

    def ask(self, key: str) -> Answer | None:
        """What became of the payout with this key; None when the gateway never heard of it.

        Raises NoAnswer.
        """
