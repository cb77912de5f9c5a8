"""What the rules that a return is pinned to ask of it, as figures that services act on.

Without a policy everything is allowed and free: these are the defaults.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from returns.models import ReturnLine, ReturnOrder
from rmaproject.shared import money


@dataclass(frozen=True)
class LineTerms:
    """The rules for one line: percentages of the gross amount of its goods, in percent."""

    fee_percent: Decimal = money.ZERO
    inspection_required: bool = False


@dataclass(frozen=True)
class ReturnTerms:
    """The rules for a return as a whole; amounts are gross, in the currency of its goods.

    `shipping_charge` is what the customer bears for sending the goods in; `refund_shipping` says
    when the shipping of the sale is credited: `never`, `full` (all goods of the sale came back)
    or `always`. Refunds wait for approval above `refund_approval_above` (None: never), and above
    `refund_four_eyes_above` (None: never) requester, approver and payer are different people.
    """

    shipping_charge: Decimal = money.ZERO
    shipping_vat_percent: Decimal = money.ZERO
    refund_shipping: str = "never"
    refund_approval_above: Decimal | None = money.ZERO
    refund_four_eyes_above: Decimal | None = None
    accept_on_receipt: bool = False
    credit_on_accept: bool = False
    complete_when_done: bool = False
    advance_replacement: bool = True


def line_terms(order: ReturnOrder, line: ReturnLine) -> LineTerms:
    """The rules for a line of a return, by the policy that the return is pinned to."""
    return LineTerms()


def return_terms(order: ReturnOrder) -> ReturnTerms:
    """The rules for a return, by the policy that it is pinned to."""
    return ReturnTerms()
