"""The one way that stock changes: from one place and state to another, with its movement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext as _

from rmaproject.access.actors import Actor
from rmaproject.shared import money
from rmaproject.shared.errors import Conflict, RuleViolation
from stock.models import Movement, Part, State, StockItem


@dataclass(frozen=True)
class Place:
    """Where stock lies and in which state it is there."""

    location_id: int
    state: str = State.AVAILABLE


@dataclass(frozen=True)
class Moved:
    """Why, when and by whom stock moves."""

    cause: str
    at: datetime
    actor: Actor
    note: str = ""


def move_bulk(
    part: Part,
    quantity: Decimal,
    *,
    source: Place | None,
    target: Place | None,
    moved: Moved,
    batch_id: int | None = None,
    allocated: bool = False,
    gone: str = "",
) -> Movement:
    """Move a bulk quantity; no source books it in, no target takes it out of stock.

    `gone` is the state that the movement shows for what left for good. `allocated` says that the
    quantity was promised before and is taken out of the promise too.
    Raises RuleViolation `not_enough_stock`, `invalid_quantity`.
    """
    if quantity <= 0:
        message = _("A movement moves more than nothing.")
        raise RuleViolation(message, code="invalid_quantity", pointer="/quantity")
    if source is not None:
        _take(part, batch_id, quantity, source, allocated=allocated)
    if target is not None:
        _put(part, batch_id, quantity, target)
    return _movement(part, quantity, source, target, moved, batch_id=batch_id, gone=gone)


def move_unit(
    unit: StockItem,
    *,
    target: Place | None,
    moved: Moved,
    holder_id: int | None = None,
    gone: str = State.SCRAPPED,
) -> Movement:
    """Move a locked unit to a place, to a customer (`holder_id`), or out for good as `gone`."""
    source = Place(unit.location_id, unit.state) if unit.location_id else None
    unit.location_id = target.location_id if target else None
    unit.holder_id = None if target else holder_id
    away = State.SOLD if holder_id else gone
    unit.state = target.state if target else away
    unit.allocated = money.ZERO
    unit.version += 1
    unit.save(update_fields=["location", "holder", "state", "allocated", "version"])
    return _movement(unit.part, unit.quantity, source, target, moved, unit=unit, gone=away)


def lock_units(keys: list[int]) -> dict[int, StockItem]:
    """Stock items with their parts, locked in key order."""
    rows = StockItem.objects.filter(pk__in=keys).select_related("part").order_by("pk")
    return {row.pk: row for row in rows.select_for_update(of=("self",))}


def promise(item: StockItem, quantity: Decimal) -> None:
    """Allocate a quantity of a stock item, or give it back (below zero).

    Raises Conflict `not_available` for what is not sound stock at a place.
    """
    if quantity > 0 and item.state != State.AVAILABLE:
        message = _("Only available stock can be allocated; this is %(get_state_display)s.") % {
            "get_state_display": item.get_state_display()
        }
        raise Conflict(message, code="not_available", stock_item=str(item.uuid), state=item.state)
    StockItem.objects.filter(pk=item.pk).update(
        allocated=F("allocated") + quantity, version=F("version") + 1
    )


def _take(
    part: Part, batch_id: int | None, quantity: Decimal, place: Place, *, allocated: bool
) -> None:
    there = StockItem.objects.filter(part=part, serial=None, state=place.state)
    there = there.filter(location=place.location_id)
    rows = there.filter(batch=batch_id) if batch_id else there.filter(batch=None)
    promised = quantity if allocated else money.ZERO
    taken = rows.filter(quantity__gte=quantity).update(
        quantity=F("quantity") - quantity,
        allocated=F("allocated") - promised,
        version=F("version") + 1,
    )
    if not taken:
        found = rows.values_list("quantity", flat=True).first() or money.ZERO
        raise RuleViolation(
            _("Only %(found)s of %(sku)s are there.")
            % {"found": money.plain(found), "sku": part.sku},
            code="not_enough_stock",
            sku=part.sku,
            available=money.plain(found),
        )


_PUT = """
    INSERT INTO stock_stockitem
        (uuid, part_id, batch_id, location_id, state, quantity, allocated, version)
    VALUES (gen_random_uuid(), %s, %s, %s, %s, %s, 0, 1)
    ON CONFLICT (part_id, batch_id, location_id, state) WHERE serial IS NULL
    DO UPDATE SET quantity = stock_stockitem.quantity + EXCLUDED.quantity,
                  version = stock_stockitem.version + 1
"""


def _put(part: Part, batch_id: int | None, quantity: Decimal, place: Place) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_PUT, [part.pk, batch_id, place.location_id, place.state, quantity])


def _movement(
    part: Part,
    quantity: Decimal,
    source: Place | None,
    target: Place | None,
    moved: Moved,
    *,
    unit: StockItem | None = None,
    batch_id: int | None = None,
    gone: str = "",
) -> Movement:
    return Movement.objects.create(
        part=part,
        unit=unit,
        batch_id=batch_id,
        quantity=quantity,
        from_location_id=source.location_id if source else None,
        from_state=source.state if source else "",
        to_location_id=target.location_id if target else None,
        to_state=gone if target is None else target.state,
        cause=moved.cause,
        note=moved.note,
        actor_id=moved.actor.user_id,
        at=moved.at,
    )
