"""Kits on a sales order: what their parts are worth, and how many can come back; pure arithmetic.

A kit's gross is spread over its parts for one kit, then multiplied, so that a whole kit is worth
its price to the cent. Where the price of one kit is finer than its currency, the whole is spread.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_DOWN, Decimal

from rmaproject.shared import money
from sales.models import LineKind, OrderLine
from sales.shares import Interval, allotments, share


def gross_of(line: OrderLine, currency: str) -> Decimal:
    """What a line comes to: its share of the kit that it belongs to, else quantity times price."""
    if line.value_share is not None:
        return line.value_share
    return money.rounded(Decimal(line.quantity) * Decimal(line.gross_unit_price), currency)


def charged(line: OrderLine, quantity: Decimal, after: Decimal, currency: str) -> Decimal:
    """What so many units of a line come to when `after` of them were charged before."""
    if line.value_share is None:
        return money.rounded(quantity * line.gross_unit_price, currency)
    units = Interval(after, after + quantity)
    return share(line.value_share, line.quantity, units, currency)


def total_of(lines: Iterable[OrderLine], currency: str) -> Decimal:
    """The gross total of an order's lines; parts of kits are in the price of their kits."""
    whole = (line for line in lines if line.parent_id is None)
    return sum((gross_of(line, currency) for line in whole), money.ZERO)


def value_parts(
    kit: OrderLine, parts: Sequence[OrderLine], currency: str, *, kits: Decimal
) -> None:
    """Give the parts directly below a kit their quantity, share, price and VAT.

    `kits` is the quantity of the outermost kit, by which shares are multiplied.
    """
    total = gross_of(kit, currency)
    weights = [Decimal(str(part.per_kit)) * (part.value_weight or 0) for part in parts]
    one = total / kits
    if money.rounded(one, currency) == one:
        shares = [amount * kits for amount in allotments(one, weights, currency)]
    else:
        shares = allotments(total, weights, currency)
    for part, worth in zip(parts, shares, strict=True):
        part.quantity = kit.quantity * (part.per_kit or money.ZERO)
        part.value_share = worth
        part.gross_unit_price = (worth / part.quantity).quantize(Decimal("0.000001"), ROUND_DOWN)
        part.vat_percent, part.vat_type = kit.vat_percent, kit.vat_type


def revalue(kit: OrderLine, lines: Sequence[OrderLine], currency: str) -> list[OrderLine]:
    """Spread a changed kit anew over its parts, by the weights they were sold with; these parts."""
    changed: list[OrderLine] = []
    waiting = [kit]
    while waiting:
        at = waiting.pop()
        parts = [line for line in lines if line.parent_id == at.pk]
        value_parts(at, parts, currency, kits=kit.quantity)
        changed += parts
        waiting += [part for part in parts if part.kind == LineKind.KIT]
    return changed


def below(kit: OrderLine, lines: Iterable[OrderLine]) -> list[OrderLine]:
    """The lines below a kit at any depth, in the order of their numbers."""
    keys, found = {kit.pk}, []
    for line in sorted(lines, key=lambda line: line.number):
        if line.parent_id in keys:
            keys.add(line.pk)
            found.append(line)
    return found


def in_order(lines: Iterable[OrderLine]) -> list[OrderLine]:
    """Lines by number, what lies below a kit right after it."""
    below_of: dict[int | None, list[OrderLine]] = {}
    for line in sorted(lines, key=lambda line: line.number, reverse=True):
        below_of.setdefault(line.parent_id, []).append(line)
    found, waiting = [], below_of.get(None, [])
    while waiting:
        line = waiting.pop()
        found.append(line)
        waiting += below_of.get(line.pk, [])
    return found


def leaves(kit: OrderLine, lines: Iterable[OrderLine]) -> list[OrderLine]:
    """The goods that a kit comes to: what is shipped, charged and returned of it."""
    return [line for line in below(kit, lines) if line.kind == LineKind.GOODS]


def in_kits(kit: OrderLine, leaf: OrderLine, kits: Decimal) -> Decimal:
    """How many units of a leaf so many kits are made of."""
    return kits * leaf.quantity / kit.quantity


def complete_kits(kit: OrderLine, units: Iterable[tuple[OrderLine, Decimal]]) -> Decimal:
    """How many whole kits these units of its leaves make."""
    made = [number * kit.quantity // leaf.quantity for leaf, number in units]
    return max(min(made, default=money.ZERO), money.ZERO)


def kit_counts(kit: OrderLine, lines: Iterable[OrderLine]) -> tuple[Decimal, Decimal]:
    """How many whole kits left, and how many of them can still come back."""
    goods = leaves(kit, lines)
    left = complete_kits(kit, [(leaf, leaf.shipped) for leaf in goods])
    return left, complete_kits(kit, [(leaf, leaf.shipped - leaf.claimed) for leaf in goods])


def returnable(line: OrderLine, lines: Iterable[OrderLine]) -> Decimal:
    """How much of a line can still come back; of a kit, the whole ones that its leaves make."""
    if line.kind != LineKind.KIT:
        return line.shipped - line.claimed
    return kit_counts(line, lines)[1]
