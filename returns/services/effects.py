"""What a disposition does: where the goods go, what they are still worth, what is charged."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from returns.models import Action, Disposition, ExtraLine, ReceiptLine, ReturnLine, ReturnOrder
from returns.services.editing import currency_of, new_extra_line
from rmaproject.shared import money
from rmaproject.shared.errors import Conflict, RuleViolation
from sales.models import LineKind
from stock.models import Location, Movement, State
from stock.services.moving import Moved, Place, lock_units, move_bulk, move_unit

#: The state that goods are in after an action that leaves them at a location.
STATE_AFTER: Final = {
    Action.RESTOCK: State.AVAILABLE,
    Action.QUARANTINE: State.QUARANTINED,
    Action.REPAIR: State.IN_REPAIR,
    Action.REFURBISH: State.REFURBISHING,
    Action.SEND_BACK: State.TO_SEND_BACK,
}
#: The state that goods left in by an action that takes them out of stock.
GONE_BY: Final = {
    Action.SCRAP: State.SCRAPPED,
    Action.RETURN_TO_VENDOR: State.RETURNED_TO_VENDOR,
    Action.DONATE: State.DONATED,
}


#: States of a unit that came and was not decided about, wherever it was carried.
WAITING = (
    State.HELD,
    State.QUARANTINED,
    State.IN_REPAIR,
    State.REFURBISHING,
    State.TO_SEND_BACK,
)


def moved_stock(
    row: ReceiptLine, quantity: Decimal, action: str, place: Location | None, moved: Moved
) -> Movement | None:
    """Move what the receipt put on hold; what it moved no stock of stays without a movement.

    A unit may have been carried on meanwhile; it is decided where it lies, unless it was taken
    into stock or is with somebody. Raises Conflict `stock_moved_on`.
    """
    if row.movement is None or row.location is None:
        return None
    state, gone = STATE_AFTER.get(Action(action)), GONE_BY.get(Action(action), State.SCRAPPED)
    if row.stock_item_id is not None:
        unit = lock_units([row.stock_item_id])[row.stock_item_id]
        if unit.state not in WAITING or unit.location_id is None:
            message = _("%(serial)s was moved on since it was received.") % {"serial": unit.serial}
            facts = {"receipt_line": str(row.uuid), "state": unit.state}
            raise Conflict(message, code="stock_moved_on", **facts)
        where = place.pk if place else unit.location_id
        return move_unit(
            unit, target=Place(where, state) if state else None, moved=moved, gone=gone
        )
    target = Place((place or row.location).pk, state) if state else None
    try:
        return move_bulk(
            row.movement.part,
            quantity,
            source=Place(row.location.pk, State.HELD),
            target=target,
            moved=moved,
            batch_id=row.movement.batch_id,
            gone="" if target else gone,
        )
    except RuleViolation as refusal:
        if refusal.code != "not_enough_stock":
            raise
        message = _("Goods of line %(number)s were moved on since they were received.") % {
            "number": row.line.number
        }
        raise Conflict(message, code="stock_moved_on", **refusal.facts) from refusal


def costs(line: ReturnLine, quantity: Decimal, disposition: Disposition) -> dict[str, Any]:
    """What deciding so costs: the part of the goods' value that is lost, and their handling."""
    part, lost = line.part, 100 - disposition.value_percent
    told: dict[str, Any] = {}
    if part is not None and part.unit_cost is not None:
        write_off = money.rounded(quantity * part.unit_cost * lost / 100, part.cost_currency)
        told = {
            "unit_cost": part.unit_cost,
            "cost_currency": part.cost_currency,
            "write_off": write_off,
        }
    if disposition.handling_cost:
        handling = money.rounded(quantity * disposition.handling_cost, disposition.currency)
        told |= {"handling": handling, "handling_currency": disposition.currency}
    return told


def charged_fee(
    order: ReturnOrder, line: ReturnLine, quantity: Decimal, disposition: Disposition
) -> ExtraLine | None:
    """The fee of a disposition as one extra line; None when it is free of charge.

    Raises RuleViolation `invalid_currency` when the return is in another currency.
    """
    if not disposition.fee:
        return None
    currency = line.order_line.order.currency if line.order_line else currency_of(order)
    if disposition.currency != currency:
        message = _("The fee for “%(name)s” is in %(currency)s, not %(currency_2)s.") % {
            "name": disposition.name,
            "currency": disposition.currency,
            "currency_2": currency,
        }
        facts = {"currency": currency, "fee_currency": disposition.currency}
        raise RuleViolation(message, code="invalid_currency", pointer="/disposition", **facts)
    values = {
        "kind": LineKind.FEE,
        "name": disposition.name,
        "quantity": quantity,
        "gross_unit_price": -disposition.fee,
        "vat_percent": disposition.fee_vat_percent,
    }
    charge = new_extra_line(order, currency, values)
    charge.save(force_insert=True)
    return charge
