"""Allocation of stock to shipments, and what happens when a shipment leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.shared import clock, money
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict, RuleViolation
from rmaproject.shared.transitions import require_legal
from sales.locks import lock_order, lock_order_lines
from sales.models import Allocation, OrderLine, SalesOrder, Shipment, UnitSale
from sales.states import ORDER_VERBS
from stock.models import Cause, StockItem
from stock.services.moving import Moved, Place, lock_units, move_bulk, move_unit, promise


@dataclass(frozen=True)
class AllocationInput:
    """So much of this stock item for this order line."""

    line_id: int
    stock_item_id: int
    quantity: Decimal = Decimal(1)


@command
def add_shipment(order_id: int, *, actor: Actor, reference: str = "", **values: Any) -> Shipment:
    """Start a shipment of an open order; numbered 1, 2, 3 unless a reference is given."""
    order = lock_order(order_id)
    require_legal(ORDER_VERBS, "allocate", order.status)
    number = reference or str(order.shipments.count() + 1)
    shipment = Shipment.objects.create(order=order, reference=number, **values)
    trail.change(order, "add_shipment", actor=actor, shipment=shipment.uuid)
    return shipment


@command
def allocate(
    order_id: int, shipment_id: int, wanted: list[AllocationInput], *, actor: Actor
) -> SalesOrder:
    """Promise stock to lines of the order in a shipment that has not left.

    Raises RuleViolation `exceeds_ordered`, `not_enough_stock`, `wrong_part`, `not_goods`;
    Conflict `not_available`, `shipment_left`.
    """
    order = lock_order(order_id)
    require_legal(ORDER_VERBS, "allocate", order.status)
    shipment = pending_shipment(order, shipment_id)
    lines = lock_order_lines(entry.line_id for entry in wanted)
    items = lock_units([entry.stock_item_id for entry in wanted])
    for entry in wanted:
        _allocate_one(shipment, lines[entry.line_id], items[entry.stock_item_id], entry.quantity)
    trail.change(order, "allocate", actor=actor, shipment=shipment.uuid, allocations=len(wanted))
    return order


@command
def deallocate(order_id: int, allocation_id: int, *, actor: Actor) -> SalesOrder:
    """Take stock out of a shipment that has not left. Raises Conflict `shipment_left`."""
    order = lock_order(order_id)
    require_legal(ORDER_VERBS, "allocate", order.status)
    allocation = Allocation.objects.select_related("shipment", "stock_item").get(
        pk=allocation_id, shipment__order=order
    )
    require_pending(allocation.shipment)
    _free(allocation)
    trail.change(order, "deallocate", actor=actor, shipment=allocation.shipment.uuid)
    return order


@command
def ship(
    order_id: int,
    shipment_id: int,
    *,
    actor: Actor,
    shipped_on: date | None = None,
    carrier: str = "",
    tracking_number: str = "",
) -> SalesOrder:
    """Let a shipment leave: stock moves out, units pass to the customer, lines count as shipped.

    Raises Conflict `illegal_transition`, `shipment_left`, `nothing_allocated`;
    RuleViolation `invalid_date` for a day in the future.
    """
    order = lock_order(order_id)
    require_legal(ORDER_VERBS, "ship", order.status)
    shipment = pending_shipment(order, shipment_id)
    allocations = list(shipment.allocations.order_by("pk"))
    if not allocations:
        raise Conflict(_("Nothing is allocated to this shipment."), code="nothing_allocated")
    today = clock.today(order.business)
    if shipped_on and shipped_on > today:
        raise RuleViolation(_("The day of shipping lies in the future."), code="invalid_date")
    lines = lock_order_lines(entry.order_line_id for entry in allocations)
    items = lock_units([entry.stock_item_id for entry in allocations if entry.stock_item_id])
    moved = Moved(Cause.SHIPMENT, clock.now(), actor)
    for entry in allocations:
        _ship_one(entry, lines[entry.order_line_id], items, moved)
    shipment.shipped_on = shipped_on or today
    shipment.carrier = carrier or shipment.carrier
    shipment.tracking_number = tracking_number or shipment.tracking_number
    shipment.save(update_fields=["shipped_on", "carrier", "tracking_number"])
    trail.change(order, "ship", actor=actor, shipment=shipment.uuid)
    return order


@command
def record_delivery(
    order_id: int, shipment_id: int, delivered_on: date | None, *, actor: Actor
) -> Shipment:
    """Note the day a shipment arrived, from which time to return may run; None takes it back.

    Raises Conflict `shipment_not_left`; RuleViolation `invalid_date` for a day in the future or
    before it left.
    """
    order = lock_order(order_id)
    shipment = order.shipments.select_for_update().get(pk=shipment_id)
    if shipment.shipped_on is None:
        raise Conflict(_("The shipment has not left."), code="shipment_not_left")
    if delivered_on is not None and delivered_on > clock.today(order.business):
        message = _("The day of delivery lies in the future.")
        raise RuleViolation(message, code="invalid_date", pointer="/delivered_on")
    shipment.delivered_on = delivered_on
    shipment.save(update_fields=["delivered_on"])
    trail.change(order, "deliver", actor=actor, shipment=shipment.uuid, on=delivered_on)
    return shipment


def release_allocations(order: SalesOrder) -> None:
    """Give all stock back that is allocated to an order and has not left."""
    pending = Allocation.objects.filter(shipment__order=order, shipment__shipped_on=None)
    for allocation in pending.select_related("shipment", "stock_item").order_by("stock_item_id"):
        _free(allocation)


def _allocate_one(shipment: Shipment, line: OrderLine, item: StockItem, quantity: Decimal) -> None:
    if line.order_id != shipment.order_id:
        raise RuleViolation(_("The line belongs to another order."), code="wrong_order")
    if line.part_id != item.part_id:
        message = _("The stock item is of another part than the line.")
        raise RuleViolation(message, code="wrong_part", line=str(line.uuid))
    if item.serial is not None and quantity != 1:
        raise RuleViolation(_("A serialized unit counts one."), code="unit_counts_one")
    require_open(line, quantity)
    promise(item, quantity)
    line.allocated += quantity
    OrderLine.objects.filter(pk=line.pk).update(allocated=F("allocated") + quantity)
    Allocation.objects.create(
        order_line=line, shipment=shipment, stock_item=item, quantity=quantity
    )


def require_open(line: OrderLine, quantity: Decimal) -> None:
    """Refuse more than a line still asks for. Raises RuleViolation `exceeds_ordered`."""
    free = line.quantity - line.shipped - line.allocated
    if quantity > free:
        message = _("Only %(free)s of this line are still to be allocated.") % {
            "free": money.plain(free)
        }
        raise RuleViolation(message, code="exceeds_ordered", open=money.plain(free))


def _ship_one(
    entry: Allocation, line: OrderLine, items: dict[int, StockItem], moved: Moved
) -> None:
    item = items[entry.stock_item_id]  # type: ignore[index]
    if item.serial is not None:
        entry.movement = move_unit(item, target=None, holder_id=line.order.customer_id, moved=moved)
        UnitSale.objects.create(stock_item=item, order_line=line, since=moved.at)
    else:
        source = Place(item.location_id or 0, item.state)
        entry.movement = move_bulk(
            item.part,
            entry.quantity,
            source=source,
            target=None,
            moved=moved,
            batch_id=item.batch_id,
            allocated=True,
        )
    entry.save(update_fields=["movement"])
    OrderLine.objects.filter(pk=line.pk).update(
        allocated=F("allocated") - entry.quantity, shipped=F("shipped") + entry.quantity
    )


def _free(allocation: Allocation) -> None:
    if allocation.stock_item is not None:
        promise(allocation.stock_item, -allocation.quantity)
    OrderLine.objects.filter(pk=allocation.order_line_id).update(
        allocated=F("allocated") - allocation.quantity
    )
    allocation.delete()


def pending_shipment(order: SalesOrder, shipment_id: int) -> Shipment:
    """A shipment of the order that has not left, locked. Raises Conflict `shipment_left`."""
    shipment = order.shipments.select_for_update().get(pk=shipment_id)
    require_pending(shipment)
    return shipment


def require_pending(shipment: Shipment) -> None:
    """Refuse a shipment whose goods have left. Raises Conflict `shipment_left`."""
    if shipment.shipped_on is not None:
        message = _("Shipment %(reference)s has left.") % {"reference": shipment.reference}
        raise Conflict(message, code="shipment_left", shipped_on=str(shipment.shipped_on))
