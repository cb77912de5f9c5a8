"""Stock that is booked in, corrected or carried elsewhere by hand."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from rmaproject.access.actors import Actor
from rmaproject.shared import clock
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict, RuleViolation
from stock.models import HERE, Batch, Cause, Location, Movement, Part, StockItem
from stock.services.moving import Moved, Place, lock_units, move_bulk, move_unit


@command
def book_in(
    part: Part,
    location: Location,
    *,
    actor: Actor,
    quantity: Decimal = Decimal(1),
    serials: Sequence[str] = (),
    batch: str = "",
    note: str = "",
) -> list[StockItem]:
    """Put new stock on a shelf: a quantity in the part's unit, or one unit for each serial.

    Raises RuleViolation `serials_missing`, `not_serialized`, `batch_missing`, `virtual_part`;
    Conflict `serial_exists`.
    """
    _require_countable(part, serials, batch)
    moved = Moved(Cause.BOOK_IN, clock.now(), actor, note)
    place = Place(location.pk)
    if part.is_serialized:
        return [new_unit(part, serial, place, moved)[0] for serial in serials]
    found = batch_of(part, batch) if batch else None
    batch_id = found.pk if found else None
    move_bulk(part, quantity, source=None, target=place, moved=moved, batch_id=batch_id)
    return [_bulk_at(part, batch_id, place)]


@command
def correct_stock(item_id: int, *, quantity: Decimal, note: str, actor: Actor) -> StockItem:
    """Set a bulk quantity to what was counted; the difference is a movement with this note.

    Raises RuleViolation `unit_counts_one`, `reason_required`, `not_enough_stock`.
    """
    if not note:
        raise RuleViolation(_("A correction needs a reason."), code="reason_required")
    item = lock_units([item_id])[item_id]
    if item.serial is not None:
        raise RuleViolation(_("A serialized unit counts one."), code="unit_counts_one")
    difference = quantity - item.quantity
    place = Place(item.location_id or 0, item.state)
    moved = Moved(Cause.CORRECTION, clock.now(), actor, note)
    if difference:
        move_bulk(
            item.part,
            abs(difference),
            source=None if difference > 0 else place,
            target=place if difference > 0 else None,
            moved=moved,
            batch_id=item.batch_id,
        )
    item.refresh_from_db()
    return item


@command
def relocate(
    item_id: int,
    *,
    location: Location,
    actor: Actor,
    quantity: Decimal | None = None,
    state: str | None = None,
    note: str = "",
) -> StockItem:
    """Carry stock to another place or state; all of it unless a quantity is given.

    Raises Conflict `not_here`, `allocated`; RuleViolation `not_enough_stock`,
    `unit_counts_one` for a part of a unit.
    """
    item = lock_units([item_id])[item_id]
    if item.state not in HERE:
        raise Conflict(_("This stock is not at a location."), code="not_here", state=item.state)
    if state is not None and state not in HERE:
        raise RuleViolation(_("Stock at a location cannot be in this state."), code="invalid_state")
    moved = Moved(Cause.MOVE, clock.now(), actor, note)
    target = Place(location.pk, state or item.state)
    if item.serial is not None:
        if quantity not in (None, 1):
            raise RuleViolation(_("A serialized unit counts one."), code="unit_counts_one")
        if item.allocated:
            raise Conflict(_("The unit is allocated to a sales order."), code="allocated")
        move_unit(item, target=target, moved=moved)
        return item
    source = Place(item.location_id or 0, item.state)
    wanted = item.quantity if quantity is None else quantity
    move_bulk(item.part, wanted, source=source, target=target, moved=moved, batch_id=item.batch_id)
    return _bulk_at(item.part, item.batch_id, target)


def _require_countable(part: Part, serials: Sequence[str], batch: str) -> None:
    if part.is_virtual:
        raise RuleViolation(_("A virtual part has no stock."), code="virtual_part", sku=part.sku)
    if part.is_serialized and not serials:
        message = _("Each unit of this part needs its serial number.")
        raise RuleViolation(message, code="serials_missing", sku=part.sku)
    if serials and not part.is_serialized:
        message = _("This part is not counted by serial number.")
        raise RuleViolation(message, code="not_serialized", sku=part.sku)
    if part.is_batched and not batch:
        raise RuleViolation(_("This part needs a batch."), code="batch_missing", sku=part.sku)


def new_unit(part: Part, serial: str, place: Place, moved: Moved) -> tuple[StockItem, Movement]:
    """A unit that nobody knew, at a place, with its first movement. Raises `serial_exists`."""
    unit = StockItem(part=part, serial=serial, quantity=Decimal(1), **_at(place))
    unit.save(force_insert=True)
    movement = Movement.objects.create(
        part=part,
        unit=unit,
        quantity=Decimal(1),
        to_location_id=place.location_id,
        to_state=place.state,
        cause=moved.cause,
        note=moved.note,
        actor_id=moved.actor.user_id,
        at=moved.at,
    )
    return unit, movement


def _at(place: Place) -> dict[str, Any]:
    return {"location_id": place.location_id, "state": place.state}


def batch_of(part: Part, number: str, **facts: Any) -> Batch:
    """The batch of a part with this number, made with these facts when nobody knew it."""
    found = Batch.objects.filter(part=part, number__iexact=number).first()
    return found or Batch.objects.create(part=part, number=number, **facts)


def _bulk_at(part: Part, batch_id: int | None, place: Place) -> StockItem:
    rows = StockItem.objects.filter(part=part, serial=None, **_at(place))
    return (rows.filter(batch=batch_id) if batch_id else rows.filter(batch=None)).get()
