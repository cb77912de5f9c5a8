"""Lines of a return as items: pieces that came as parts of a kit stand below it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from returns.compat.zoho.sold import Sold, of_kits
from returns.models import ReturnLine
from rmaproject.shared import money
from sales.models import OrderLine
from stock.models import Location, Part


@dataclass
class Node:
    """One line with a quantity and what was waived of it, or a kit with its pieces.

    A kit is known by the id of its sold line; how many kits it is follows from its pieces.
    """

    sold: OrderLine | None
    line: ReturnLine | None = None
    parts: list[Node] = field(default_factory=list)
    #: Of a line: how much of it is told, and further facts for whoever shows it.
    told: Decimal = money.ZERO
    told_waived: Decimal = money.ZERO
    more: Any = None

    @property
    def ident(self) -> str:
        owner = self.line or self.sold
        return str(owner.uuid) if owner else ""

    @property
    def part(self) -> Part | None:
        return self.line.part if self.line else (self.sold.part if self.sold else None)

    @property
    def location(self) -> Location | None:
        if self.line is not None:
            return self.line.location
        return next((node.location for node in self.parts if node.location), None)

    @property
    def quantity(self) -> Decimal:
        return self._count([(piece, node.told) for piece, node in self._pieces()], self.told)

    @property
    def waived(self) -> Decimal:
        told = [(piece, node.told_waived) for piece, node in self._pieces()]
        return self._count(told, self.told_waived)

    def _count(self, pieces: list[tuple[OrderLine, Decimal]], own: Decimal) -> Decimal:
        return of_kits(self.sold, pieces) if self.line is None and self.sold else own

    def _pieces(self) -> Iterable[tuple[OrderLine, Node]]:
        for node in self.parts:
            if node.line is not None and node.sold is not None:
                yield node.sold, node
            yield from node._pieces()


def planted(leaves: Iterable[Node], sold: Sold) -> list[Node]:
    """Items for these lines in their order; each kit once, where its first piece stands."""
    roots: list[Node] = []
    kits: dict[tuple[int, int], Node] = {}
    for leaf in leaves:
        kit = leaf.line.kit_line if leaf.line else None
        root = sold.by_key.get(kit.pk) if kit else None
        if root is None or leaf.sold is None:
            roots.append(leaf)
            continue
        siblings = roots
        for step in (root, *sold.path(leaf.sold, root)):
            node = kits.get((root.pk, step.pk))
            if node is None:
                node = kits[root.pk, step.pk] = Node(step)
                siblings.append(node)
            siblings = node.parts
        siblings.append(leaf)
    return roots
