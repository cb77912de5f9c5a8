"""The steps after a decision, in the few words that tests need."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from returns.models import ReturnLine, ReturnOrder
from returns.services import (
    Consignment,
    ReplaceInput,
    SendBackInput,
    replace_return,
    send_back_return,
)
from rmaproject.access.actors import SYSTEM
from sales.models import SalesOrder
from sales.services.shipping import AllocationInput, add_shipment, allocate, ship
from stock.models import Part, StockItem
from stock.services import book_in
from tests.factories import LocationFactory, ask_return
from tests.returns.steps import D, receive


def replace(line: ReturnLine, quantity: str = "1", **values: Any) -> SalesOrder:
    """So many units of a line are replaced."""
    in_advance = values.pop("in_advance", False)
    entry = ReplaceInput(line, D(quantity), **values)
    return replace_return(line.return_order_id, [entry], in_advance=in_advance, actor=SYSTEM)


def send_back(line: ReturnLine, quantity: str = "1", **values: Any) -> ReturnOrder:
    """So many units of a line go back to the customer."""
    told = Consignment("PostNL", "3SBACK")
    entry = SendBackInput(line, D(quantity), **values)
    return send_back_return(line.return_order_id, [entry], told, actor=SYSTEM)


def ship_all(order: SalesOrder, *serials: str) -> None:
    """Everything on an order leaves, from new stock of its parts."""
    shelf, parcel = LocationFactory(), add_shipment(order.pk, actor=SYSTEM)
    for line in order.lines.exclude(part=None):
        items = book_in(
            Part.objects.get(pk=line.part_id),
            shelf,
            actor=SYSTEM,
            quantity=line.quantity,
            serials=serials if line.part and line.part.is_serialized else (),
        )
        quantity = Decimal(1) if serials else line.quantity
        wanted = [AllocationInput(line.pk, item.pk, quantity) for item in items]
        allocate(order.pk, parcel.pk, wanted, actor=SYSTEM)
    ship(order.pk, parcel.pk, actor=SYSTEM)


def counters(line: ReturnLine) -> dict[str, Decimal]:
    """What stands in a line beside nothing."""
    line.refresh_from_db()
    names = "quantity waived released received accepted rejected credited replaced repaired".split()
    return {name: value for name in [*names, "sent_back"] if (value := getattr(line, name))}


def here(sale: SalesOrder, quantity: str = "1") -> ReturnLine:
    """A line whose goods are here, held and undecided."""
    line = ask_return(sale, quantity, issued=True).lines.get()
    receive(line, quantity)
    return line


def stock() -> dict[str, Decimal]:
    """How much is in stock without serial numbers, by state."""
    rows = StockItem.objects.filter(serial=None, quantity__gt=0)
    return {row.state: row.quantity for row in rows}
