"""Returned parts of a kit put back on the shelf as kits: complete ones, or nothing happens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext

from returns.locks import lines_of
from returns.models import Action, Disposal, Disposition, ReceiptLine, ReturnLine, ReturnOrder
from returns.services._advance import lock_for
from returns.services.disposing import dispose_received
from returns.services.inputs import DisposeInput
from returns.services.kits import family_of
from rmaproject.access.actors import Actor
from rmaproject.shared import money
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict, RuleViolation
from sales.kits import complete_kits, in_kits, leaves
from sales.models import LineKind, OrderLine
from stock.kits import explode
from stock.models import Location, Part
from stock.services.kits import (
    assemble,
    kit_incomplete,
    missing_part,
    require_untracked,
    require_whole_kits,
)


@dataclass(frozen=True)
class KitRestockInput:
    """So many kits of a sold kit; as many as are complete when no quantity is named."""

    kit_line: OrderLine
    disposition: Disposition
    quantity: Decimal | None = None
    location: Location | None = None


@dataclass(frozen=True)
class Waiting:
    """A part of the kit with the return lines on which undecided units of it are here."""

    leaf: OrderLine
    lines: list[tuple[ReturnLine, Decimal]]

    @property
    def units(self) -> Decimal:
        return sum((units for _, units in self.lines), money.ZERO)


@command
def restock_kit(return_id: int, given: KitRestockInput, *, actor: Actor) -> ReturnOrder:
    """Restock undecided parts of sold kits and put them together: whole kits, or nothing.

    Parts with a rejected unit on their line do not count. Raises Conflict `kit_incomplete` with
    what is missing, `kit_changed` when the kit is made of other parts today; RuleViolation
    `not_a_kit`, `not_restocked`, `tracked_part`, `location_required` when the parts lie apart.
    """
    order = lock_for(return_id, "dispose")
    kit, part = _kit(given)
    waiting = _waiting(order, kit)
    _require_same_parts(kit, part, [entry.leaf for entry in waiting])
    quantity = _quantity(given, kit, part, waiting)
    place = given.location or _one_place(waiting)
    wanted = [
        DisposeInput(line, given.disposition, units, place)
        for entry in waiting
        for line, units in _first(entry.lines, in_kits(kit, entry.leaf, quantity))
    ]
    order = dispose_received(order, wanted, actor=actor)
    assemble(part, quantity, place, actor=actor, note=f"Return {order.reference}")
    return order


def _kit(given: KitRestockInput) -> tuple[OrderLine, Part]:
    kit = given.kit_line
    if kit.kind != LineKind.KIT or kit.part is None:
        raise RuleViolation(gettext("The line is no kit."), code="not_a_kit", pointer="/kit_line")
    if given.disposition.action != Action.RESTOCK:
        message = gettext("Only goods that are available again can be put together.")
        raise RuleViolation(message, code="not_restocked", pointer="/disposition")
    return kit, kit.part


def _waiting(order: ReturnOrder, kit: OrderLine) -> list[Waiting]:
    lines = [line for line in lines_of(order) if not line.void and not line.rejected]
    disposed = dict(
        Disposal.objects.filter(line__in=lines)
        .exclude(receipt_line__receipt__reversed_by__isnull=False)
        .values_list("line")
        .annotate(units=Sum("quantity"))
        .order_by()
    )
    return [
        Waiting(
            leaf,
            [
                (line, line.received - disposed.get(line.pk, money.ZERO))
                for line in lines
                if line.order_line_id == leaf.pk
            ],
        )
        for leaf in leaves(kit, family_of([kit]))
    ]


def _require_same_parts(kit: OrderLine, part: Part, goods: Sequence[OrderLine]) -> None:
    """Refuse to make a kit of what its list does not name: nobody could take it apart."""
    sold: dict[int, Decimal] = {}
    for leaf in goods:
        key = leaf.part_id or 0
        sold[key] = sold.get(key, money.ZERO) + in_kits(kit, leaf, Decimal(1))
    listed = {leaf.pk: number for leaf, number in explode(part, Decimal(1))}
    if sold != listed:
        message = gettext("%(sku)s is made of other parts than when it was sold.") % {
            "sku": part.sku
        }
        raise Conflict(message, code="kit_changed", sku=part.sku)
    require_untracked([(leaf.part, leaf.quantity) for leaf in goods if leaf.part])


def _quantity(
    given: KitRestockInput, kit: OrderLine, part: Part, waiting: Sequence[Waiting]
) -> Decimal:
    complete = complete_kits(kit, [(entry.leaf, entry.units) for entry in waiting])
    wanted = max(complete, Decimal(1)) if given.quantity is None else given.quantity
    require_whole_kits(part, wanted)
    missing = [
        missing_part(entry.leaf.part, in_kits(kit, entry.leaf, wanted), entry.units)
        for entry in waiting
        if entry.leaf.part and entry.units < in_kits(kit, entry.leaf, wanted)
    ]
    if missing:
        raise kit_incomplete(missing)
    return wanted


def _one_place(waiting: Sequence[Waiting]) -> Location:
    """Where all the parts lie, when that is one place."""
    lines = [line for entry in waiting for line, _ in entry.lines]
    rows = ReceiptLine.objects.filter(line__in=lines, receipt__reverses=None)
    rows = rows.exclude(receipt__reversed_by__isnull=False)
    places = {row.location for row in rows.select_related("location") if row.location}
    if len(places) != 1:
        message = gettext("The parts lie at different places; say where the kit is to stand.")
        raise RuleViolation(message, code="location_required", pointer="/location")
    return places.pop()


def _first(
    lines: Sequence[tuple[ReturnLine, Decimal]], units: Decimal
) -> list[tuple[ReturnLine, Decimal]]:
    """So many units, from the first lines that have them."""
    found = []
    for line, there in lines:
        taken = min(there, units)
        if taken > 0:
            found.append((line, taken))
            units -= taken
    return found
