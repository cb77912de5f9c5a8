"""What kits are made of, down to the parts that can be shipped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rmaproject.shared import money
from stock.models import KitPart, Part, PartKind


@dataclass(frozen=True)
class Component:
    """So much of a part in one of what it belongs to; a kit brings its own components."""

    part: Part
    per_kit: Decimal
    weight: Decimal = Decimal(1)
    components: tuple[Component, ...] = ()
    name: str = ""
    serials: tuple[str, ...] = ()


def kit_lists(kits: Iterable[Part]) -> dict[int, tuple[Component, ...]]:
    """The components of each of these kits by its key; one query a level of nesting."""
    keys = {kit.pk for kit in kits}
    rows = _rows_below(keys)
    return {key: _components(key, rows) for key in keys}


def explode(part: Part, quantity: Decimal) -> list[tuple[Part, Decimal]]:
    """The parts that a quantity of a part comes to, kits in kits taken apart; each once."""
    if part.kind != PartKind.KIT:
        return [(part, quantity)]
    found: dict[int, tuple[Part, Decimal]] = {}
    for leaf, number in _leaves(kit_lists([part])[part.pk], quantity):
        _, before = found.get(leaf.pk, (leaf, money.ZERO))
        found[leaf.pk] = (leaf, before + number)
    return list(found.values())


def _leaves(components: tuple[Component, ...], quantity: Decimal) -> Iterator[tuple[Part, Decimal]]:
    for entry in components:
        number = quantity * entry.per_kit
        if entry.part.kind == PartKind.KIT:
            yield from _leaves(entry.components, number)
        else:
            yield entry.part, number


def _rows_below(kits: set[int]) -> dict[int, list[KitPart]]:
    found: dict[int, list[KitPart]] = {}
    wanted = kits
    while wanted:
        level: Any = KitPart.objects.filter(kit__in=wanted).select_related("part")
        found |= {key: [] for key in wanted}
        for row in level.order_by("pk"):
            found[row.kit_id].append(row)
        inner = {row.part_id for row in level if row.part.kind == PartKind.KIT}
        wanted = inner - found.keys()
    return found


def _components(kit: int, rows: dict[int, list[KitPart]]) -> tuple[Component, ...]:
    return tuple(
        Component(
            row.part,
            row.quantity,
            Decimal(1) if row.value_weight is None else row.value_weight,
            _components(row.part_id, rows) if row.part_id in rows else (),
        )
        for row in rows[kit]
    )
