"""Shipments and allocations that are changed before they leave."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.shared import money
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict, RuleViolation
from rmaproject.shared.transitions import require_legal
from sales.locks import lock_order, lock_order_lines
from sales.models import Allocation, OrderLine, Shipment
from sales.services.numbering import require_reference
from sales.services.shipping import pending_shipment, require_open, require_pending
from sales.states import ORDER_VERBS
from stock.services.moving import lock_units, promise

#: What of a shipment may be corrected; a number is needed most once the parcel is on its way.
EDITABLE = {"reference", "carrier", "tracking_number"}


@command
def edit_shipment(
    order_id: int, shipment_id: int, values: dict[str, Any], *, actor: Actor
) -> Shipment:
    """Correct a shipment's number, carrier or tracking number, also after it has left.

    Raises Conflict `illegal_transition` on a closed order, `reference_exists`.
    """
    trail.require_editable(values, EDITABLE)
    order = lock_order(order_id)
    require_legal(ORDER_VERBS, "edit", order.status)
    shipment = order.shipments.select_for_update().get(pk=shipment_id)
    if "reference" in values:
        values = {**values, "reference": require_reference(values["reference"])}
    changed = [name for name, value in values.items() if getattr(shipment, name) != value]
    if changed:
        for name in changed:
            setattr(shipment, name, values[name])
        shipment.save(update_fields=changed)
        trail.change(
            order, "edit_shipment", actor=actor, shipment=shipment.uuid, changed=sorted(changed)
        )
    return shipment


@command
def remove_shipment(order_id: int, shipment_id: int, *, actor: Actor) -> None:
    """Take out a shipment that was never filled.

    Raises Conflict `shipment_left`, `shipment_in_use` while stock is allocated to it.
    """
    order = lock_order(order_id)
    require_legal(ORDER_VERBS, "allocate", order.status)
    shipment = order.shipments.select_for_update().get(pk=shipment_id)
    require_pending(shipment)
    if shipment.allocations.exists():
        raise Conflict(_("Stock is allocated to this shipment."), code="shipment_in_use")
    uuid = shipment.uuid
    shipment.delete()
    trail.change(order, "remove_shipment", actor=actor, shipment=uuid)


@command
def change_allocation(
    order_id: int,
    allocation_id: int,
    *,
    actor: Actor,
    quantity: Decimal | None = None,
    shipment_id: int | None = None,
) -> Allocation:
    """Allocate another quantity, or put it into another shipment of the same order.

    Raises RuleViolation `exceeds_ordered`, `not_enough_stock`, `invalid_quantity`,
    `unit_counts_one`; Conflict `shipment_left`, `not_available`.
    """
    order = lock_order(order_id)
    require_legal(ORDER_VERBS, "allocate", order.status)
    row = Allocation.objects.select_related("shipment").get(pk=allocation_id, shipment__order=order)
    require_pending(row.shipment)
    parcel = pending_shipment(order, shipment_id or row.shipment_id)
    more = money.ZERO if quantity is None else quantity - row.quantity
    line = lock_order_lines([row.order_line_id])[row.order_line_id]
    for item in lock_units([row.stock_item_id or 0]).values():
        if item.serial is not None and more:
            raise RuleViolation(_("A serialized unit counts one."), code="unit_counts_one")
        require_open(line, more)
        promise(item, more)
    OrderLine.objects.filter(pk=line.pk).update(allocated=F("allocated") + more)
    row.quantity, row.shipment = row.quantity + more, parcel
    row.save(update_fields=["quantity", "shipment"])
    trail.change(order, "change_allocation", actor=actor, shipment=parcel.uuid)
    return row
