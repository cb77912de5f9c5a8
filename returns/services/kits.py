"""Kits in returns: a wish for whole kits becomes one for each of their parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _

from returns.services.inputs import LineInput
from rmaproject.shared.errors import RuleViolation, below
from sales.kits import in_kits, leaves
from sales.models import LineKind, OrderLine
from stock.kits import explode
from stock.models import Part, PartKind
from stock.services.kits import require_whole_kits


def kits_taken_apart(
    lines: Sequence[LineInput], *, listed: bool = True
) -> list[tuple[int, LineInput]]:
    """The wishes with the place of the line that each came from; kits stand as their parts.

    Sold kits come apart as they were sold, kits without a sale as their list says.
    Raises RuleViolation `invalid_quantity` for half a kit, `kit_empty`.
    """
    family = family_of(line.order_line for line in lines if line.order_line)
    found: list[tuple[int, LineInput]] = []
    for place, line in enumerate(lines):
        with below(f"/lines/{place}" if listed else ""):
            found += [(place, part) for part in _parts(line, family)]
    return found


def family_of(lines: Iterable[OrderLine]) -> list[OrderLine]:
    """All lines of the sales orders that have one of these lines of kits; none without a kit."""
    orders = {line.order_id for line in lines if line.kind == LineKind.KIT}
    if not orders:
        return []
    rows = OrderLine.objects.filter(order__in=orders).select_related("part")
    return list(rows.order_by("number"))


def _parts(line: LineInput, family: list[OrderLine]) -> list[LineInput]:
    sold = line.order_line
    if sold is not None and sold.kind == LineKind.KIT:
        if sold.part is not None:
            _require_whole(line, sold.part)
        return [
            replace(
                line,
                order_line=leaf,
                kit_line=line.kit_line or sold,
                quantity=in_kits(sold, leaf, line.quantity),
                waived=in_kits(sold, leaf, line.waived),
            )
            for leaf in leaves(sold, family)
        ]
    if sold is None and line.part is not None and line.part.kind == PartKind.KIT:
        return _blind_parts(line, line.part)
    return [line]


def _blind_parts(line: LineInput, kit: Part) -> list[LineInput]:
    _require_whole(line, kit)
    parts = explode(kit, Decimal(1))
    if not parts:
        message = _("Nobody has said what %(sku)s is made of.") % {"sku": kit.sku}
        raise RuleViolation(message, code="kit_empty", pointer="/part", sku=kit.sku)
    return [
        replace(line, part=part, quantity=line.quantity * number, waived=line.waived * number)
        for part, number in parts
    ]


def _require_whole(line: LineInput, kit: Part) -> None:
    """Of a kit, a whole number comes back; its parts come back by themselves."""
    if line.waived % 1 or line.quantity % 1:
        require_whole_kits(kit, line.quantity if line.quantity % 1 else line.waived)
    require_whole_kits(kit, line.quantity + line.waived)
