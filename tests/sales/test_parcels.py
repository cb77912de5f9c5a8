"""Shipments and allocations changed before they leave, numbers corrected, units handed over."""

from __future__ import annotations

import pytest

from customers.services import edit_company
from rmaproject.access.actors import SYSTEM
from rmaproject.audit.trail import history
from sales.models import Allocation, Shipment, UnitSale
from sales.services.assigning import assign_units
from sales.services.orders import create_order, edit_order, issue_order
from sales.services.parcels import change_allocation, edit_shipment, remove_shipment
from sales.services.shipping import AllocationInput, add_shipment, allocate, ship
from stock.models import Movement
from stock.services import book_in
from tests.factories import LocationFactory, PartFactory
from tests.returns.steps import D
from tests.sales.test_sales import refused


@pytest.fixture
def item(db):
    part = PartFactory(sku="TENT")
    (made,) = book_in(part, LocationFactory(code="SHELF"), actor=SYSTEM, quantity=D("9"))
    return made


@pytest.fixture
def order(business, bo, item):
    """Four tents, issued, two of them allocated to the first of two shipments."""
    line = {"part": item.part, "quantity": D("4"), "gross_unit_price": D("12.10")}
    made = create_order(business=business, customer=bo, actor=SYSTEM, lines=[line])
    first = add_shipment(made.pk, actor=SYSTEM)
    add_shipment(made.pk, actor=SYSTEM)
    wanted = [AllocationInput(made.lines.get().pk, item.pk, D("2"))]
    allocate(made.pk, first.pk, wanted, actor=SYSTEM)
    return issue_order(made.pk, actor=SYSTEM)


@pytest.fixture
def unit(db):
    part = PartFactory(sku="DRILL", is_serialized=True)
    place = LocationFactory(code="RACK")
    (made,) = book_in(part, place, actor=SYSTEM, serials=["D-1"])
    return made


def parcels(order):
    return list(order.shipments.order_by("pk"))


def test_a_tracking_number_can_be_corrected_after_the_parcel_left(order):
    first, _ = parcels(order)
    ship(order.pk, first.pk, actor=SYSTEM, tracking_number="3S1")

    edit_shipment(order.pk, first.pk, {"tracking_number": "3S2"}, actor=SYSTEM)

    assert Shipment.objects.get(pk=first.pk).tracking_number == "3S2"
    assert history(order)[-1].facts == {
        "shipment": str(first.uuid),
        "changed": ["tracking_number"],
    }


def test_two_shipments_of_an_order_never_share_a_number(order):
    _, second = parcels(order)

    refusal = refused(lambda: edit_shipment(order.pk, second.pk, {"reference": "1"}, actor=SYSTEM))

    assert refusal.code == "reference_exists"


def test_only_an_empty_shipment_that_has_not_left_is_taken_out(order):
    first, second = parcels(order)

    remove_shipment(order.pk, second.pk, actor=SYSTEM)
    in_use = refused(lambda: remove_shipment(order.pk, first.pk, actor=SYSTEM))
    ship(order.pk, first.pk, actor=SYSTEM)
    left = refused(lambda: remove_shipment(order.pk, first.pk, actor=SYSTEM))

    assert parcels(order) == [first]
    assert (in_use.code, left.code) == ("shipment_in_use", "shipment_left")


def test_an_allocation_moves_to_another_shipment_in_another_quantity(order, item):
    _, second = parcels(order)
    old = Allocation.objects.get()

    made = change_allocation(order.pk, old.pk, quantity=D("3"), shipment_id=second.pk, actor=SYSTEM)

    assert (made.shipment, made.quantity) == (second, 3)
    assert Allocation.objects.get() == old
    item.refresh_from_db()
    assert item.allocated == 3
    assert order.lines.get().allocated == 3


@pytest.mark.parametrize(
    ("quantity", "code"), [("5", "exceeds_ordered"), ("0", "invalid_quantity")]
)
def test_an_allocation_that_cannot_be_changed_stays_as_it_was(order, quantity, code):
    old = Allocation.objects.get()

    refusal = refused(
        lambda: change_allocation(order.pk, old.pk, quantity=D(quantity), actor=SYSTEM)
    )

    assert refusal.code == code
    assert Allocation.objects.get() == old


def test_a_pending_order_may_get_another_number(business, bo):
    order = create_order(business=business, customer=bo, actor=SYSTEM)

    edit_order(order.pk, {"reference": "SO-9001"}, actor=SYSTEM)

    order.refresh_from_db()
    assert order.reference == "SO-9001"


def test_the_number_of_an_issued_order_stays(order):
    refusal = refused(lambda: edit_order(order.pk, {"reference": "SO-9001"}, actor=SYSTEM))

    assert refusal.code == "reference_given"


def test_two_orders_of_a_business_never_share_a_number(order, business, bo):
    other = create_order(business=business, customer=bo, actor=SYSTEM)

    refusal = refused(
        lambda: edit_order(other.pk, {"reference": order.reference.lower()}, actor=SYSTEM)
    )

    assert refusal.code == "reference_exists"


def test_a_unit_is_handed_over_without_a_sale(unit, bo):
    assign_units([unit.pk], bo, actor=SYSTEM, note="On loan")

    unit.refresh_from_db()
    assert (unit.holder, unit.location, unit.state) == (bo, None, "sold")
    assert UnitSale.objects.get(stock_item=unit, until=None).order_line is None
    assert Movement.objects.filter(unit=unit).latest("pk").note == "On loan"


def test_only_free_units_go_to_active_customers(item, unit, bo, cy):
    bulk = refused(lambda: assign_units([item.pk], bo, actor=SYSTEM))
    assign_units([unit.pk], bo, actor=SYSTEM)
    away = refused(lambda: assign_units([unit.pk], cy, actor=SYSTEM))
    cy = edit_company(cy.pk, {"active": False}, actor=SYSTEM)
    inactive = refused(lambda: assign_units([unit.pk], cy, actor=SYSTEM))

    assert bulk.code == "not_serialized"
    assert away.code == "not_available"
    assert inactive.code == "company_inactive"
