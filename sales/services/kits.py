"""Kits taken apart when they are sold: a line for the kit, and lines below it for its parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext

from rmaproject.shared.errors import Conflict, RuleViolation, below
from sales import kits
from sales.models import PART_KINDS, LineKind, OrderLine
from stock.kits import Component, kit_lists
from stock.models import Part, PartKind
from stock.services.kits import require_kit, require_whole_kits


def mark_kit(line: OrderLine) -> None:
    """Make a line whose part is a kit a line of kits.

    Raises RuleViolation `not_a_kit` for a line of kits whose part is none, `invalid_quantity`.
    """
    part = line.part
    if part is None or line.kind not in PART_KINDS:
        return
    if line.kind == LineKind.KIT:
        require_kit(part)
    if part.kind == PartKind.KIT:
        line.kind = LineKind.KIT
        require_whole_kits(part, line.quantity)


def with_parts(
    lines: Sequence[OrderLine], currency: str, numbers: Iterator[int]
) -> list[OrderLine]:
    """Unsaved lines together with those of the parts of their kits, by the lists of these kits.

    Raises RuleViolation `kit_empty`.
    """
    listed = kit_lists(line.part for line in lines if line.part and line.kind == LineKind.KIT)
    found = []
    for place, line in enumerate(lines):
        found.append(line)
        if line.kind == LineKind.KIT and line.part is not None:
            with below(f"/lines/{place}"):
                made = kit_lines(line, listed[line.part.pk], currency, numbers)
            found += [row for row, _ in made]
    return found


def kit_lines(
    kit: OrderLine, components: Sequence[Component], currency: str, numbers: Iterator[int]
) -> list[tuple[OrderLine, Component]]:
    """Unsaved lines of everything below a kit, kits in it first of all, with what they stand for.

    Raises RuleViolation `kit_empty`, `invalid_quantity`.
    """
    made: list[tuple[OrderLine, Component]] = []
    waiting = [(kit, components)]
    while waiting:
        at, inside = waiting.pop(0)
        if not inside:
            raise _empty(at.part)
        lines = [_line(at, entry, next(numbers)) for entry in inside]
        kits.value_parts(at, lines, currency, kits=kit.quantity)
        for line, entry in zip(lines, inside, strict=True):
            made.append((line, entry))
            if line.kind == LineKind.KIT:
                require_whole_kits(entry.part, entry.per_kit)
                waiting.append((line, entry.components))
    return made


def save_lines(lines: Iterable[OrderLine]) -> None:
    """Insert lines, those of kits before what lies below them."""
    waiting = list(lines)
    while waiting:
        level = [line for line in waiting if line.parent is None or line.parent.pk]
        OrderLine.objects.bulk_create(level)
        waiting = [line for line in waiting if line.pk is None]


def require_own_line(line: OrderLine) -> None:
    """Refuse to change a part of a kit by itself. Raises Conflict `part_of_a_kit`."""
    if line.parent_id is not None:
        message = gettext("The line is part of a kit; change the line of the kit.")
        raise Conflict(message, code="part_of_a_kit", line=str(line.uuid))


def _line(kit: OrderLine, entry: Component, number: int) -> OrderLine:
    is_kit = entry.part.kind == PartKind.KIT
    return OrderLine(
        order=kit.order,
        parent=kit,
        number=number,
        kind=LineKind.KIT if is_kit else LineKind.GOODS,
        part=entry.part,
        name=entry.name or entry.part.name,
        per_kit=entry.per_kit,
        value_weight=entry.weight,
    )


def _empty(part: Part | None) -> RuleViolation:
    sku = part.sku if part else ""
    message = gettext("Nobody has said what %(sku)s is made of.") % {"sku": sku}
    return RuleViolation(message, code="kit_empty", pointer="/part", sku=sku)
