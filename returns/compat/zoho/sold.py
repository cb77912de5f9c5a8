"""The sold lines that a body may name, and how kits among them hang together."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_CEILING, Decimal
from functools import cached_property

from returns.compat.zoho.values import Values
from returns.models import ReturnLine
from rmaproject.shared import money
from rmaproject.shared.errors import NotFound, RuleViolation
from sales.kits import below, in_kits, leaves
from sales.models import LineKind, OrderLine


class Sold:
    """All lines of some sales orders, by the id that other systems know them by."""

    def __init__(self, orders: Iterable[int]) -> None:
        rows = OrderLine.objects.filter(order__in=set(orders)).select_related("part", "order")
        self.lines = list(rows.order_by("order_id", "number"))

    @cached_property
    def by_id(self) -> dict[str, OrderLine]:
        return {str(line.uuid): line for line in self.lines}

    @cached_property
    def by_key(self) -> dict[int, OrderLine]:
        return {line.pk: line for line in self.lines}

    def named(self, item: Values, outer: OrderLine | None) -> OrderLine:
        """The sold line that an item names; of a mapped item, one below its kit.

        Raises NotFound, RuleViolation `wrong_part`, each with its pointer.
        """
        at = item.place("salesorder_item_id")
        found = self.by_id.get(item.need("salesorder_item_id").lower())
        if found is None or (outer is not None and found not in below(outer, self.lines)):
            where = "kit" if outer else "sales order"
            raise NotFound(f"The {where} has no such line.", code="not_found", pointer=at)
        require_part(found, item)
        return found

    def pieces(self, kit: OrderLine) -> list[OrderLine]:
        """The goods that a kit comes to."""
        return leaves(kit, self.lines)

    def path(self, leaf: OrderLine, root: OrderLine) -> list[OrderLine]:
        """The kits between a kit and a piece of it, the outermost first, both left out."""
        found: list[OrderLine] = []
        parent = self.by_key.get(leaf.parent_id or 0)
        while parent is not None and parent.pk != root.pk:
            found.insert(0, parent)
            parent = self.by_key.get(parent.parent_id or 0)
        return found


def require_part(sold: OrderLine, item: Values) -> None:
    """Refuse an item that is not the one of its sold line. Raises RuleViolation `wrong_part`."""
    given = item.ident("item_id").lower()
    if given and (sold.part is None or given not in (str(sold.part.uuid), sold.part.sku.lower())):
        message = "The item is not the one of the sales order's line."
        raise RuleViolation(message, code="wrong_part", pointer=item.place("item_id"))


def is_kit(sold: OrderLine | None) -> bool:
    return sold is not None and sold.kind == LineKind.KIT


def of_kits(kit: OrderLine, pieces: Iterable[tuple[OrderLine, Decimal]]) -> Decimal:
    """Of how many kits these pieces are; of two kits, if one lacks a part."""
    counts = [units * kit.quantity / piece.quantity for piece, units in pieces]
    return max(counts, default=money.ZERO).to_integral_value(ROUND_CEILING)


def require_whole(kit: OrderLine, quantity: Decimal, pointer: str) -> None:
    """Refuse half a kit. Raises RuleViolation `invalid_quantity`."""
    if quantity % 1:
        message = f"{kit.part.sku if kit.part else 'A kit'} comes back in whole numbers."
        raise RuleViolation(message, code="invalid_quantity", pointer=pointer)


def require_kits(kit: OrderLine, given: Decimal, counted: Decimal, pointer: str) -> None:
    """Refuse a number of kits that its mapped items contradict. Raises `kit_mismatch`."""
    if given and given != counted:
        message = (
            f"The mapped items are those of {money.plain(counted)} kits, not of "
            f"{money.plain(given)}; their quantities are those of all kits together."
        )
        figures = {"kits": money.plain(counted), "given": money.plain(given)}
        raise RuleViolation(message, code="kit_mismatch", pointer=pointer, **figures)


def units_of(kit: OrderLine, piece: OrderLine, kits: Decimal) -> Decimal:
    """How many of a piece so many kits are made of."""
    return in_kits(kit, piece, kits)


def orders_of(lines: Iterable[ReturnLine]) -> set[int]:
    """The sales orders that these lines of a return were sold on."""
    return {line.order_line.order_id for line in lines if line.order_line is not None}
