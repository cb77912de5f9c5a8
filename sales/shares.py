"""Shares of a sold line by intervals of its units; pure arithmetic.

A credit covers units [from, to) of an invoice line of n units, lowest free ones first, and is
worth round(total x to / n) - round(total x from / n). Whatever the order of partial credits and
reversals, the parts add up to the total to the cent (DOMAIN 5).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rmaproject.shared import money


@dataclass(frozen=True)
class Worth:
    """What all units of a sold line come to in one component: its goods, or one discount."""

    gross: Decimal
    net: Decimal
    vat_percent: Decimal
    vat_type: str


@dataclass(frozen=True, order=True)
class Interval:
    """Units [start, end) of a sold line."""

    start: Decimal
    end: Decimal

    @property
    def size(self) -> Decimal:
        return self.end - self.start


def free_intervals(sold: Decimal, taken: Iterable[Interval]) -> list[Interval]:
    """The units of a line that no live credit covers, lowest first."""
    free, position = [], money.ZERO
    for interval in sorted(taken):
        if interval.start > position:
            free.append(Interval(position, interval.start))
        position = max(position, interval.end)
    if position < sold:
        free.append(Interval(position, sold))
    return free


def lowest(free: Sequence[Interval], quantity: Decimal) -> list[Interval]:
    """The lowest free units that make up a quantity; fewer when there are not so many."""
    chosen, open_quantity = [], quantity
    for interval in free:
        if open_quantity <= 0:
            break
        size = min(interval.size, open_quantity)
        chosen.append(Interval(interval.start, interval.start + size))
        open_quantity -= size
    return chosen


def share(total: Decimal, sold: Decimal, interval: Interval, currency: str) -> Decimal:
    """What the units of an interval are worth of a line's total, in minor units of currency."""
    upto = money.rounded(total * interval.end / sold, currency)
    return upto - money.rounded(total * interval.start / sold, currency)


def allotments(total: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
    """A total spread over weights so that the parts add up to it to the cent.

    Without any weight the first part takes all.
    """
    whole = sum(weights, money.ZERO)
    if not whole:
        return [total, *(money.ZERO for _ in weights[1:])] if weights else []
    parts, position = [], money.ZERO
    for weight in weights:
        parts.append(share(total, whole, Interval(position, position + weight), currency))
        position += weight
    return parts
