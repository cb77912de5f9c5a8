"""What is kept of a refund: refund shares below 100 percent and restocking fees; pure arithmetic.

Both are lines of their own beside the goods, one for each VAT rate. What is kept of units
[from, to) is f(to) - f(from), where f(x) is the percentage of what the lowest x units are
credited with, rounded. So the parts of a line add up to one credit of all of it, whatever the
order of partial credits and reversals, and nothing is ever kept beyond what the units are worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from rmaproject.shared import money
from sales.shares import Interval, Worth

WHOLE = Decimal(100)


class Cause(StrEnum):
    """Why something is kept."""

    SHARE = "share"
    FEE = "fee"


@dataclass(frozen=True)
class Terms:
    """What the customer gets of the worth of accepted goods, in percent.

    `share` follows from their state; `fee` is taken from what remains of it.
    """

    share: Decimal = WHOLE
    fee: Decimal = money.ZERO

    @property
    def in_full(self) -> bool:
        return self.share == WHOLE and not self.fee


@dataclass(frozen=True)
class Reduction:
    """What is kept of some units at one VAT rate; below zero."""

    cause: Cause
    percent: Decimal
    gross: Decimal
    net: Decimal
    vat_percent: Decimal
    vat_type: str


def reductions(
    worths: Sequence[Worth], sold: Decimal, units: Interval, terms: Terms, currency: str
) -> list[Reduction]:
    """What is kept of these units of a line of `sold` units; worths are for all of them."""
    if terms.in_full:
        return []
    by_rate: dict[tuple[Decimal, str], list[Worth]] = {}
    for worth in worths:
        by_rate.setdefault((worth.vat_percent, worth.vat_type), []).append(worth)
    percents = {Cause.SHARE: WHOLE - terms.share, Cause.FEE: terms.fee}
    found = []
    for (vat_percent, vat_type), ours in by_rate.items():
        gross = _kept([worth.gross for worth in ours], sold, units, terms, currency)
        net = _kept([worth.net for worth in ours], sold, units, terms, currency)
        found += [
            Reduction(cause, percents[cause], -gross[cause], -net[cause], vat_percent, vat_type)
            for cause in Cause
            if gross[cause] or net[cause]
        ]
    return found


def _kept(
    totals: Sequence[Decimal], sold: Decimal, units: Interval, terms: Terms, currency: str
) -> dict[Cause, Decimal]:
    before = _kept_up_to(totals, sold, units.start, terms, currency)
    after = _kept_up_to(totals, sold, units.end, terms, currency)
    return {cause: after[cause] - before[cause] for cause in Cause}


def _kept_up_to(
    totals: Sequence[Decimal], sold: Decimal, units: Decimal, terms: Terms, currency: str
) -> dict[Cause, Decimal]:
    """What is kept of the lowest units, by the amounts that these are credited with."""
    parts = [money.rounded(total * units / sold, currency) for total in totals]
    credited = sum(parts, money.ZERO)
    share = money.rounded(credited * (WHOLE - terms.share) / WHOLE, currency)
    fee = money.rounded((credited - share) * terms.fee / WHOLE, currency)
    return {Cause.SHARE: share, Cause.FEE: fee}
