"""A whole sale by the client of this system itself, unchanged, against a server of ours."""

from __future__ import annotations

from typing import Any

import pytest
from inventree.api import InvenTreeAPI
from inventree.company import Address, Company, Contact
from inventree.order import SalesOrder, SalesOrderAllocation, SalesOrderShipment
from inventree.part import Part
from inventree.stock import StockItem, StockLocation
from requests.exceptions import HTTPError

from tests.compat.inventree.calling import PASSWORD

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def api(live_server: Any, roles: None, ada: Any, business: Any) -> InvenTreeAPI:
    """Ada's client, connected by name and password, going on by the token that it asked for."""
    return InvenTreeAPI(live_server.url, username="ada", password=PASSWORD)


@pytest.fixture
def customer(api: InvenTreeAPI) -> Company:
    return Company.create(
        api, {"name": "Bo Jansen", "description": "Buys tents", "is_customer": True}
    )


@pytest.fixture
def shelf(api: InvenTreeAPI) -> StockLocation:
    return StockLocation.create(api, {"name": "SHELF", "description": "By the door"})


def stocked(api: InvenTreeAPI, shelf: StockLocation, name: str, quantity: int) -> Part:
    part = Part.create(api, {"name": name, "IPN": name.upper(), "description": "Sold here"})
    StockItem.create(api, {"part": part.pk, "location": shelf.pk, "quantity": quantity})
    return part


def sold(api: InvenTreeAPI, customer: Company, part: Part, quantity: int) -> SalesOrder:
    order = customer.createSalesOrder(description="Some tents", order_currency="EUR")
    order.addLineItem(part=part.pk, quantity=quantity, sale_price=12.5)
    order.issue()
    return order


def test_a_whole_sale_and_its_return(
    api: InvenTreeAPI, customer: Company, shelf: StockLocation
) -> None:
    contact = Contact.create(api, {"company": customer.pk, "name": "An", "role": "Dock"})
    Address.create(api, {"company": customer.pk, "title": "Home", "line1": "Dam 1"})
    tent = stocked(api, shelf, "Tent", 9)
    drill = Part.create(api, {"name": "Drill", "IPN": "DRILL", "trackable": True})
    units = StockItem.create(
        api, {"part": drill.pk, "location": shelf.pk, "quantity": 2, "serial_numbers": "7-8"}
    )
    assert [unit.serial for unit in units] == ["7", "8"]
    assert [row.name for row in customer.getContacts()] == ["An"]
    assert [row.primary for row in customer.getAddresses()] == [True]

    order = customer.createSalesOrder(contact=contact.pk, description="Tents and a drill")
    assert (order.status, order.getContact().name, order.getCustomer().pk) == (
        10,
        "An",
        customer.pk,
    )
    tents = order.addLineItem(part=tent.pk, quantity=4, sale_price=12.5)
    order.addLineItem(part=drill.pk, quantity=1, sale_price=80, notes="Charged")
    order.addExtraLineItem(reference="Freight", price=5, price_currency="EUR")
    assert [line.quantity for line in order.getLineItems()] == [4, 1]
    assert order.getExtraLineItems()[0].reference == "Freight"
    order.issue()
    assert (order.status, order.status_text) == (15, "In Progress")

    first = order.addShipment("P-1")
    told = tents.allocateToShipment(first, quantity=3)
    assert told["items"][0]["quantity"] == 3
    for line in order.getLineItems():
        line.allocateToShipment(first)
    allocations = first.allocations
    assert [(row.getPart().name, row.quantity) for row in allocations] == [
        ("Tent", 3),
        ("Tent", 1),
        ("Drill", 1),
    ]
    assert allocations[0].getStockItem().allocated == 4
    first.complete(tracking_number="3S1")
    assert first.shipment_date is not None

    order.reload()
    assert (order.status, order.status_text) == (20, "Shipped")
    order.complete()
    assert (order.status, order.total_price) == (30, 135.0)
    assert customer.getSalesOrders()[0].pk == order.pk

    (held,) = StockItem.list(api, customer=customer.pk)
    back = customer.createReturnOrder(description="The drill does not turn")
    back.issue()
    line = back.addLineItem(item=held.pk, quantity=1, outcome=50)
    api.post(
        f"order/ro/{back.pk}/receive/",
        {"items": [{"item": line.pk, "status": 10}], "location": shelf.pk},
    )
    held.reload()
    assert (held.customer, held.location, held.in_stock) == (None, shelf.pk, True)
    back.complete()
    assert (back.status, back.completed_lines) == (30, 1)


def test_what_is_refused_raises_and_changes_nothing(
    api: InvenTreeAPI, customer: Company, shelf: StockLocation
) -> None:
    part = stocked(api, shelf, "Tent", 3)
    order = sold(api, customer, part, 4)
    parcel = order.addShipment("P-1")

    entry = {"line_item": order.getLineItems()[0].pk, "quantity": 5}
    over = [{**entry, "stock_item": part.getStockItems()[0].pk}]

    for refused in (
        lambda: order.addShipment("p-1"),
        lambda: parcel.ship(),
        lambda: parcel.allocateItems(over),
        lambda: order.complete(),
        lambda: order.save({"status": 30}),
    ):
        with pytest.raises(HTTPError):
            refused()

    order.reload()
    assert order.status == 15


def test_cancelled_is_cancelled(api: InvenTreeAPI, customer: Company, shelf: StockLocation) -> None:
    part = stocked(api, shelf, "Tent", 9)
    order = sold(api, customer, part, 4)
    parcel = order.addShipment("P-1")
    order.getLineItems()[0].allocateToShipment(parcel)
    assert SalesOrderAllocation.count(api, order=order.pk) == 1

    order.cancel()

    assert (order.status, order.status_text) == (40, "Cancelled")
    assert SalesOrderAllocation.count(api, order=order.pk) == 0
    assert part.getStockItems()[0].allocated == 0
    with pytest.raises(HTTPError):
        SalesOrderShipment(api, parcel.pk).ship()


def test_stock_is_moved_and_counted(api: InvenTreeAPI, shelf: StockLocation) -> None:
    part = stocked(api, shelf, "Tent", 9)
    (item,) = part.getStockItems(in_stock=True)
    rack = StockLocation.create(api, {"name": "RACK", "parent": shelf.pk})

    item.addStock(1)
    item.removeStock(2, notes="Torn")
    item.transferStock(rack, quantity=3)
    item.countStock(4)

    assert [row.quantity for row in part.getStockItems(location=rack.pk)] == [3]
    item.reload()
    assert (item.quantity, item.getLocation().name) == (4, "SHELF")
    assert len(item.getTrackingEntries()) == 5
    assert rack.getParentLocation().pk == shelf.pk


def test_whole_records_are_saved_as_they_were_read(
    api: InvenTreeAPI, customer: Company, shelf: StockLocation
) -> None:
    part = stocked(api, shelf, "Tent", 9)
    order = sold(api, customer, part, 4)
    parcel = order.addShipment("P-1")
    rows = [customer, shelf, part, order, parcel, order.getLineItems()[0], part.getStockItems()[0]]

    for row in rows:
        row.reload()
        before = {**row._data, "updated_at": None}
        row.save()
        row.reload()
        assert {**row._data, "updated_at": None} == before
