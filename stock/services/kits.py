"""Kits: what they are made of, put together from stock and taken apart again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext

from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.shared import clock, money
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict, RuleViolation, below
from stock.kits import explode
from stock.models import Cause, KitPart, Location, Part, PartKind, State, StockItem
from stock.services.moving import Moved, Place, move_bulk

Leaves = list[tuple[Part, Decimal]]


@dataclass(frozen=True)
class KitPartInput:
    """So much of a part in one kit; `value_weight` of one unit in the kit's value."""

    part: Part
    quantity: Decimal = Decimal(1)
    value_weight: Decimal | None = None


@command
def set_kit_parts(kit_id: int, parts: Sequence[KitPartInput], *, actor: Actor) -> Part:
    """Say what a kit is made of from now on; what was sold of it stays as it was sold.

    Raises RuleViolation `not_a_kit`, `kit_cycle`, `invalid_quantity`, `invalid_weight`;
    Conflict `kit_part_exists` for a part that is named twice.
    """
    # Leaves the key unlocked: another kit that takes this one in need not wait for us.
    kit = Part.objects.select_for_update(no_key=True).get(pk=kit_id)
    require_kit(kit)
    KitPart.objects.filter(kit=kit).delete()
    for number, entry in enumerate(parts):
        with below(f"/parts/{number}"):
            _require_whole(entry)
    KitPart.objects.bulk_create(
        KitPart(kit=kit, part=entry.part, quantity=entry.quantity, value_weight=entry.value_weight)
        for entry in parts
    )
    shown = [[entry.part.uuid, money.plain(entry.quantity)] for entry in parts]
    trail.change(kit, "set_kit_parts", actor=actor, parts=shown)
    return kit


@command
def assemble(
    kit: Part, quantity: Decimal, location: Location, *, actor: Actor, note: str = ""
) -> StockItem:
    """Make kits of available parts at a place: complete ones, or none at all.

    Virtual parts have no stock and are not asked for. Raises Conflict `kit_incomplete` with what
    is missing; RuleViolation `not_a_kit`, `kit_empty`, `invalid_quantity`, and `tracked_part` for
    a part with serial numbers or batches, which would be lost in the kit.
    """
    leaves = _stocked_leaves(kit, quantity)
    _require_complete(leaves, location)
    moved = _moved(note or f"Made into {kit.sku}", actor)
    place = Place(location.pk)
    for part, number in leaves:
        move_bulk(part, number, source=place, target=None, moved=moved)
    move_bulk(kit, quantity, source=None, target=place, moved=moved)
    return _kits_at(kit, location)


@command
def disassemble(
    kit: Part, quantity: Decimal, location: Location, *, actor: Actor, note: str = ""
) -> StockItem:
    """Take available kits at a place apart into the parts that its list names now.

    Raises RuleViolation `not_enough_stock`, and as `assemble`.
    """
    leaves = _stocked_leaves(kit, quantity)
    moved = _moved(note or f"Taken out of {kit.sku}", actor)
    place = Place(location.pk)
    move_bulk(kit, quantity, source=place, target=None, moved=moved)
    for part, number in leaves:
        move_bulk(part, number, source=None, target=place, moved=moved)
    return _kits_at(kit, location)


def require_kit(part: Part) -> None:
    """Refuse what is no kit. Raises RuleViolation `not_a_kit`."""
    if part.kind != PartKind.KIT:
        raise RuleViolation(
            gettext("%(sku)s is no kit.") % {"sku": part.sku}, code="not_a_kit", sku=part.sku
        )


def require_whole_kits(kit: Part, quantity: Decimal) -> None:
    """Refuse half a kit. Raises RuleViolation `invalid_quantity`."""
    if quantity <= 0 or quantity % 1:
        message = gettext("%(sku)s is a kit and counted in whole ones.") % {"sku": kit.sku}
        raise RuleViolation(message, code="invalid_quantity", pointer="/quantity")


def require_untracked(leaves: Leaves) -> None:
    """Refuse parts that are known by serial number or batch. Raises `tracked_part`."""
    for part, _ in leaves:
        if part.is_serialized or part.is_batched:
            message = gettext("%(sku)s has serial numbers or batches, which a kit would lose.") % {
                "sku": part.sku
            }
            raise RuleViolation(message, code="tracked_part", sku=part.sku)


def _stocked_leaves(kit: Part, quantity: Decimal) -> Leaves:
    require_kit(kit)
    require_whole_kits(kit, quantity)
    leaves = [(part, number) for part, number in explode(kit, quantity) if not part.is_virtual]
    if not leaves:
        message = gettext("Nobody has said what %(sku)s is made of.") % {"sku": kit.sku}
        raise RuleViolation(message, code="kit_empty", sku=kit.sku)
    require_untracked(leaves)
    return sorted(leaves, key=lambda leaf: leaf[0].pk)


def _require_complete(leaves: Leaves, location: Location) -> None:
    """Lock the parts at the place and refuse when some of them are not there, naming all."""
    there = StockItem.objects.filter(
        part__in=[part.pk for part, _ in leaves],
        serial=None,
        batch=None,
        location=location,
        state=State.AVAILABLE,
    )
    free = {row.part_id: row.quantity - row.allocated for row in _locked(there)}
    missing = [
        missing_part(part, number, free.get(part.pk, money.ZERO))
        for part, number in leaves
        if free.get(part.pk, money.ZERO) < number
    ]
    if missing:
        raise kit_incomplete(missing)


def missing_part(part: Part, needed: Decimal, available: Decimal) -> dict[str, str]:
    """What a refusal says of a part that is not there in full."""
    return {
        "sku": part.sku,
        "needed": money.plain(needed),
        "available": money.plain(available),
        "missing": money.plain(needed - available),
    }


def kit_incomplete(missing: list[dict[str, str]]) -> Conflict:
    """The refusal of a kit of which some parts are not there."""
    named = ", ".join(f"{row['missing']} of {row['sku']}" for row in missing)
    return Conflict(
        gettext("The kit is not complete: %(named)s missing.") % {"named": named},
        code="kit_incomplete",
        missing=missing,
    )


def _locked(rows: object) -> list[StockItem]:
    return list(rows.order_by("pk").select_for_update())  # type: ignore[attr-defined]


def _require_whole(entry: KitPartInput) -> None:
    if (entry.part.kind == PartKind.KIT or entry.part.is_serialized) and entry.quantity % 1:
        message = gettext("%(sku)s is counted in whole units.") % {"sku": entry.part.sku}
        raise RuleViolation(message, code="invalid_quantity", pointer="/quantity")


def _moved(note: str, actor: Actor) -> Moved:
    return Moved(Cause.ASSEMBLY, clock.now(), actor, note[:200])


def _kits_at(kit: Part, location: Location) -> StockItem:
    return StockItem.objects.get(
        part=kit, serial=None, batch=None, location=location, state=State.AVAILABLE
    )
