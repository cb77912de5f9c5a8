"""Stock is set aside for an order, and no more than there is."""

from __future__ import annotations

from decimal import Decimal

from rmaproject.access.actors import SYSTEM
from sales.models import Allocation
from sales.services.orders import add_lines, create_order, issue_order
from sales.services.shipping import AllocationInput, add_shipment, allocate
from stock.models import StockItem
from stock.services import book_in
from tests.factories import PartFactory
from tests.web.selling.steps import address, post, queries


def test_more_than_was_ordered_cannot_be_allocated(clerk, order, pegs):
    issue_order(order.pk, actor=SYSTEM)
    shipment = add_shipment(order.pk, actor=SYSTEM)
    line, item = order.lines.get(), StockItem.objects.get(part=pegs)
    chosen = {"shipment": str(shipment.uuid), f"take-{line.pk}-{item.pk}": "5"}

    refused = post(clerk, address("allocate", order), order, **chosen)

    assert refused.status_code == 422
    assert "Only 4 of this line are still to be allocated." in refused.content.decode()
    assert f'name="take-{line.pk}-{item.pk}" value="5"' in refused.content.decode()
    assert not Allocation.objects.exists()


def test_stock_without_a_shipment_to_go_into_says_where_to_start(clerk, order):
    page = clerk.get(address("allocate", order)).content.decode()
    add_shipment(order.pk, actor=SYSTEM)
    later = clerk.get(address("allocate", order)).content.decode()

    assert "None yet: start a new shipment" in page
    assert "None yet" not in later


def test_stock_that_is_promised_to_another_order_is_not_offered(clerk, order, business, bo, pegs):
    other = create_order(business=business, customer=bo, actor=SYSTEM)
    line = {"part": pegs, "quantity": Decimal(10), "gross_unit_price": Decimal(1)}
    add_lines(other.pk, [line], actor=SYSTEM)
    parcel = add_shipment(other.pk, actor=SYSTEM)
    item = StockItem.objects.get(part=pegs)
    wanted = [AllocationInput(other.lines.get().pk, item.pk, Decimal(10))]
    allocate(other.pk, parcel.pk, wanted, actor=SYSTEM)

    page = clerk.get(address("allocate", order)).content.decode()

    assert "Nothing of this part is available." in page


def test_an_unknown_serial_number_is_named_and_nothing_is_allocated(clerk, order, tent):
    line = {"part": tent, "quantity": Decimal(1), "gross_unit_price": Decimal(1)}
    add_lines(order.pk, [line], actor=SYSTEM)
    shipment = add_shipment(order.pk, actor=SYSTEM)
    key = order.lines.get(part=tent).pk

    refused = post(
        clerk,
        address("allocate", order),
        order,
        shipment=str(shipment.uuid),
        **{f"serials-{key}": "T-1\nT-404"},
    )

    assert refused.status_code == 422
    assert "No unit of TENT has the number T-404." in refused.content.decode()
    assert not Allocation.objects.exists()


def test_an_allocation_that_is_taken_out_frees_its_stock(clerk, order, pegs):
    shipment = add_shipment(order.pk, actor=SYSTEM)
    item = StockItem.objects.get(part=pegs)
    wanted = [AllocationInput(order.lines.get().pk, item.pk, Decimal(3))]
    allocate(order.pk, shipment.pk, wanted, actor=SYSTEM)
    entry = Allocation.objects.get()

    post(clerk, address("deallocate", order, entry.uuid), order)

    item.refresh_from_db()
    assert item.allocated == 0
    assert not Allocation.objects.exists()


def test_choosing_stock_costs_the_same_for_many_lines(clerk, order, pegs, shelf):
    few = queries(clerk, address("allocate", order))

    for n in range(11):
        part = PartFactory(sku=f"P-{n}")
        book_in(part, shelf, quantity=Decimal(5), actor=SYSTEM)
        line = {"part": part, "quantity": Decimal(1), "gross_unit_price": Decimal(1)}
        add_lines(order.pk, [line], actor=SYSTEM)

    assert queries(clerk, address("allocate", order)) == few
