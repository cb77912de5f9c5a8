"""The stock of a receipt goes back to where it was before, from where it is now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from returns.models import Receipt, ReceiptLine
from rmaproject.shared import money
from rmaproject.shared.errors import Conflict
from sales.models import UnitSale
from stock.models import Location, Movement, State, StockItem
from stock.services.moving import Moved, Place, lock_units, move_bulk, move_unit


@dataclass(frozen=True)
class Portion:
    """So much of a receipt line that was put in one place and state; no place: it left stock."""

    row: ReceiptLine
    quantity: Decimal
    location: Location | None
    state: str


def rows_of(receipt: Receipt) -> list[ReceiptLine]:
    """The lines of a receipt with all that taking them back needs."""
    related = ("line__part", "location", "movement__part", "stock_item__part")
    rows = receipt.lines.select_related(*related).prefetch_related(
        "disposals__movement__to_location", "inspections"
    )
    return list(rows.order_by("pk"))


def take_stock_back(rows: list[ReceiptLine], counter: Receipt, moved: Moved) -> None:
    """Write the lines of a counter receipt and the movements that undo those of `rows`.

    Raises Conflict `stock_moved_on`, with what is still there, when goods have left the place
    and state that the receipt or a disposition put them in.
    """
    units = lock_units([row.stock_item_id for row in rows if row.stock_item_id and row.movement])
    for row in rows:
        for portion in _portions(row):
            movement = _undo(portion, units, moved)
            _counter_line(portion, counter, movement)


def _portions(row: ReceiptLine) -> Iterable[Portion]:
    """What was disposed of lies where its disposition took it, the rest is held as received."""
    rest = row.quantity
    for disposal in sorted(row.disposals.all(), key=lambda disposal: disposal.pk):
        went = disposal.movement
        if went is None:
            continue
        rest -= disposal.quantity
        yield Portion(row, disposal.quantity, went.to_location, went.to_state)
    if rest > 0:
        yield Portion(row, rest, row.location, State.HELD)


def _undo(portion: Portion, units: dict[int, StockItem], moved: Moved) -> Movement | None:
    row = portion.row
    if row.movement is None:
        return None
    if portion.location is None:
        raise _moved_on(portion, money.ZERO)
    unit = units.get(row.stock_item_id or 0)
    if unit is not None:
        return _give_back(portion, unit, moved)
    _require_bulk_there(portion, row.movement)
    return move_bulk(
        row.movement.part,
        portion.quantity,
        source=Place(portion.location.pk, portion.state),
        target=None,
        moved=moved,
        batch_id=row.movement.batch_id,
    )


def _give_back(portion: Portion, unit: StockItem, moved: Moved) -> Movement:
    """The unit is its holder's again, in the sale that the receipt ended; else it is out."""
    place = portion.location.pk if portion.location else None
    if (unit.location_id, unit.state) != (place, portion.state) or unit.allocated:
        raise _moved_on(portion, money.ZERO)
    row = portion.row
    ended = UnitSale.objects.filter(stock_item=unit, until=row.receipt.at).last()
    movement = move_unit(unit, target=None, holder_id=row.taken_from_id, moved=moved)
    if ended is not None and row.taken_from_id:
        UnitSale.objects.create(stock_item=unit, order_line_id=ended.order_line_id, since=moved.at)
    return movement


def _require_bulk_there(portion: Portion, came: Movement) -> None:
    """Goods of a kind are alike: enough of them, promised to nobody, must be where these were."""
    there = StockItem.objects.filter(part=came.part, batch=came.batch_id, serial=None)
    there = there.filter(location=portion.location, state=portion.state)
    found = there.select_for_update().first()
    free = found.quantity - found.allocated if found else money.ZERO
    if free < portion.quantity:
        raise _moved_on(portion, free)


def _moved_on(portion: Portion, there: Decimal) -> Conflict:
    row = portion.row
    facts: dict[str, Any] = {
        "line": str(row.line.uuid),
        "sku": row.movement.part.sku if row.movement else "",
        "quantity": money.plain(portion.quantity),
        "there": money.plain(there),
        "location": portion.location.code if portion.location else "",
        "state": portion.state,
    }
    message = _("Goods of line %(number)s have moved on since they were received.") % {
        "number": row.line.number
    }
    return Conflict(message, code="stock_moved_on", **facts)


def _counter_line(portion: Portion, counter: Receipt, movement: Movement | None) -> None:
    row = portion.row
    ReceiptLine.objects.create(
        receipt=counter,
        line=row.line,
        stock_item_id=row.stock_item_id,
        location=portion.location,
        quantity=portion.quantity,
        movement=movement,
    )
