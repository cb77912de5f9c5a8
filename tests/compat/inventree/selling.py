"""What the tests of sales orders at this door begin with."""

from __future__ import annotations

from typing import Any

from rmaproject.access.actors import SYSTEM
from sales.services.orders import create_order
from sales.services.shipping import add_shipment
from stock.models import StockItem
from stock.services import book_in
from tests.factories import LocationFactory, PartFactory
from tests.returns.steps import D


def tents(quantity: str = "9") -> StockItem:
    """So many tents on a shelf."""
    part = PartFactory(sku="TENT", name="Tent", description="Three persons")
    (made,) = book_in(part, LocationFactory(code="SHELF"), actor=SYSTEM, quantity=D(quantity))
    return made


def drills(*serials: str) -> list[StockItem]:
    """Drills by serial number on a rack."""
    part = PartFactory(sku="DRILL", name="Drill", is_serialized=True)
    return book_in(part, LocationFactory(code="RACK"), actor=SYSTEM, serials=serials)


def order_of(business: Any, customer: Any, item: StockItem, quantity: str = "4") -> Any:
    """A pending order of so many of an item's part at 12.10, with a shipment."""
    line = {"part": item.part, "quantity": D(quantity), "gross_unit_price": D("12.10")}
    made = create_order(business=business, customer=customer, actor=SYSTEM, lines=[line])
    add_shipment(made.pk, actor=SYSTEM)
    return made
