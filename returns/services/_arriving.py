"""Where goods that arrive are put, and how they come into stock: held, until somebody decides."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from returns.models import ReturnLine, ReturnOrder
from returns.services.inputs import ReceiveInput
from rmaproject.shared.errors import RuleViolation
from sales.models import UnitSale
from stock.models import Location, Movement, Part, State, StockItem
from stock.services.keeping import batch_of
from stock.services.moving import Moved, Place, move_bulk, move_unit


def place_for(
    order: ReturnOrder,
    given: ReceiveInput,
    own: Location | None,
    line: ReturnLine | None = None,
) -> Location | None:
    """Where goods go: entry, call, line, parcel, return, then the business's returns location."""
    parcel = given.parcel.location if given.parcel else None
    announced = (line.location if line else None) or parcel or order.location
    return own or given.location or announced or order.business.returns_location


def required(place: Location | None) -> Location:
    """A place that must be known. Raises RuleViolation `location_missing`."""
    if place is None:
        message = _("Say where the goods are put; the business has no returns location.")
        raise RuleViolation(message, code="location_missing", pointer="/location")
    return place


def hold_unit(unit: StockItem, place: Location, moved: Moved) -> Movement:
    """Take a locked unit to a place, held; the sale that it was in ends."""
    UnitSale.objects.filter(stock_item=unit, until=None).update(until=moved.at)
    return move_unit(unit, target=Place(place.pk, State.HELD), moved=moved)


def hold_bulk(
    part: Part,
    quantity: Decimal,
    place: Location,
    moved: Moved,
    *,
    batch: str = "",
    batch_facts: Mapping[str, Any] | None = None,
) -> Movement:
    """Put a quantity on hold at a place; a batch that nobody knew is made with these facts."""
    target = Place(place.pk, State.HELD)
    batch_id = batch_of(part, batch, **(batch_facts or {})).pk if batch else None
    return move_bulk(part, quantity, source=None, target=target, moved=moved, batch_id=batch_id)
