"""Stock changes only by movements, and never below what is promised."""

from __future__ import annotations

import pytest

from rmaproject.access.actors import SYSTEM
from rmaproject.audit.trail import history
from rmaproject.shared.errors import Conflict, DomainError, RuleViolation
from sales.services.orders import create_order
from sales.services.shipping import AllocationInput, add_shipment, allocate
from stock.models import Batch, Location, Movement, Part, StockItem
from stock.services import (
    book_in,
    correct_stock,
    create_location,
    create_part,
    edit_location,
    edit_part,
    relocate,
)
from tests.changes import picture
from tests.factories import LocationFactory, PartFactory
from tests.returns.steps import D

pytestmark = pytest.mark.django_db


def refused(call) -> DomainError:
    """The refusal of a call, which must have changed nothing."""
    before = picture()
    with pytest.raises(DomainError) as refusal:
        call()
    assert picture() == before
    return refusal.value


@pytest.fixture
def shelf(db):
    return LocationFactory(code="SHELF")


@pytest.fixture
def item(shelf):
    (made,) = book_in(PartFactory(sku="TENT"), shelf, actor=SYSTEM, quantity=D("5"))
    return made


def promised(business, customer, item, quantity):
    """So much of the stock item is allocated to an order."""
    lines = [{"part": item.part, "quantity": D(quantity)}]
    order = create_order(business=business, customer=customer, actor=SYSTEM, lines=lines)
    shipment = add_shipment(order.pk, actor=SYSTEM)
    wanted = [AllocationInput(order.lines.get().pk, item.pk, D(quantity))]
    return allocate(order.pk, shipment.pk, wanted, actor=SYSTEM)


def test_booking_in_twice_adds_up_in_one_row(shelf, item):
    (again,) = book_in(item.part, shelf, actor=SYSTEM, quantity=D("2.5"))

    assert (again.pk, again.quantity, again.version) == (item.pk, D("7.5"), 2)
    moved = Movement.objects.order_by("pk").values_list("cause", "quantity", "to_state")
    assert list(moved) == [("book_in", 5, "available"), ("book_in", D("2.5"), "available")]


def test_each_batch_is_counted_for_itself(shelf):
    soup = PartFactory(sku="SOUP", is_batched=True)

    (first,) = book_in(soup, shelf, actor=SYSTEM, quantity=D("3"), batch="B-1")
    (other,) = book_in(soup, shelf, actor=SYSTEM, quantity=D("4"), batch="B-2")
    (again,) = book_in(soup, shelf, actor=SYSTEM, quantity=D("1"), batch="b-1")

    assert (first.pk, again.quantity, other.quantity) == (again.pk, 4, 4)
    assert Batch.objects.count() == 2
    assert refused(lambda: book_in(soup, shelf, actor=SYSTEM)).code == "batch_missing"


def test_units_are_booked_in_one_by_one(shelf):
    bike = PartFactory(sku="BIKE", is_serialized=True)

    units = book_in(bike, shelf, actor=SYSTEM, serials=["B-1", "B-2"])

    assert [(unit.serial, unit.quantity, unit.state) for unit in units] == [
        ("B-1", 1, "available"),
        ("B-2", 1, "available"),
    ]
    assert Movement.objects.filter(unit__in=units, quantity=1).count() == 2
    refusal = refused(lambda: book_in(bike, shelf, actor=SYSTEM, serials=["b-2"]))
    assert isinstance(refusal, Conflict)
    assert refusal.code == "serial_exists"


@pytest.mark.parametrize(
    ("part", "serials", "code"),
    [
        ({"is_virtual": True}, [], "virtual_part"),
        ({"is_serialized": True}, [], "serials_missing"),
        ({}, ["S-1"], "not_serialized"),
    ],
)
def test_stock_is_counted_the_way_its_part_says(shelf, part, serials, code):
    made = PartFactory(**part)

    assert refused(lambda: book_in(made, shelf, actor=SYSTEM, serials=serials)).code == code


@pytest.mark.parametrize("quantity", ["0", "-1"])
def test_nothing_is_not_booked_in(item, shelf, quantity):
    refusal = refused(lambda: book_in(item.part, shelf, actor=SYSTEM, quantity=D(quantity)))

    assert isinstance(refusal, RuleViolation)
    assert refusal.code == "invalid_quantity"


@pytest.mark.parametrize(
    ("counted", "difference", "source", "target"), [("7", 2, 0, 1), ("1", 4, 1, 0)]
)
def test_a_correction_moves_the_difference(item, counted, difference, source, target):
    corrected = correct_stock(item.pk, quantity=D(counted), note="Counted.", actor=SYSTEM)

    movement = Movement.objects.get(cause="correction")
    assert (corrected.quantity, movement.quantity) == (D(counted), difference)
    assert (movement.from_location is not None, movement.to_location is not None) == (
        bool(source),
        bool(target),
    )
    assert movement.note == "Counted."


def test_a_correction_that_corrects_nothing_moves_nothing(item):
    correct_stock(item.pk, quantity=D("5"), note="Counted.", actor=SYSTEM)

    assert Movement.objects.get().cause == "book_in"


def test_a_correction_needs_a_reason_and_bulk_stock(item, shelf):
    bike = PartFactory(is_serialized=True)
    (unit,) = book_in(bike, shelf, actor=SYSTEM, serials=["B-1"])

    unsaid = refused(lambda: correct_stock(item.pk, quantity=D("1"), note="", actor=SYSTEM))
    counted = refused(lambda: correct_stock(unit.pk, quantity=D("2"), note="Hm.", actor=SYSTEM))

    assert (unsaid.code, counted.code) == ("reason_required", "unit_counts_one")


def test_part_of_the_stock_is_carried_elsewhere(item):
    there = LocationFactory()

    moved = relocate(item.pk, location=there, actor=SYSTEM, quantity=D("2"), state="quarantined")

    item.refresh_from_db()
    assert (item.quantity, moved.quantity, moved.state, moved.location) == (
        3,
        2,
        "quarantined",
        there,
    )
    assert Movement.objects.get(cause="move").from_state == "available"


def test_no_more_is_carried_than_is_there(item):
    refusal = refused(
        lambda: relocate(item.pk, location=item.location, actor=SYSTEM, quantity=D("6"))
    )

    assert (refusal.code, refusal.facts) == (
        "not_enough_stock",
        {"sku": "TENT", "available": "5"},
    )


def test_promised_stock_stays_where_it_is(business, bo, item):
    promised(business, bo, item, "4")
    there = LocationFactory()

    carried = refused(lambda: relocate(item.pk, location=there, actor=SYSTEM, quantity=D("2")))
    counted = refused(lambda: correct_stock(item.pk, quantity=D("3"), note="Hm.", actor=SYSTEM))
    relocate(item.pk, location=there, actor=SYSTEM, quantity=D("1"))

    assert (carried.code, counted.code) == ("not_enough_stock", "not_enough_stock")
    item.refresh_from_db()
    assert (item.quantity, item.allocated) == (4, 4)


def test_a_promised_unit_is_not_carried_away(business, bo, shelf):
    bike = PartFactory(is_serialized=True)
    (unit,) = book_in(bike, shelf, actor=SYSTEM, serials=["B-1"])
    promised(business, bo, unit, "1")

    assert refused(lambda: relocate(unit.pk, location=shelf, actor=SYSTEM)).code == "allocated"


def test_stock_at_a_place_is_not_declared_sold(item, shelf):
    refusal = refused(lambda: relocate(item.pk, location=shelf, actor=SYSTEM, state="sold"))

    assert refusal.code == "invalid_state"


def test_a_part_with_stock_keeps_the_way_it_is_counted(item):
    before = item.part.name
    refusal = refused(lambda: edit_part(item.part_id, {"is_serialized": True}, actor=SYSTEM))
    edited = edit_part(item.part_id, {"name": "Tent for two"}, actor=SYSTEM)

    assert (refusal.code, refusal.facts) == ("part_has_stock", {"sku": "TENT"})
    assert edited.version == 2
    changed = {"name": [before, "Tent for two"]}
    assert history(edited)[1].facts == {"changed": changed}


def test_saying_the_same_again_changes_nothing(item):
    part = Part.objects.get()
    before = picture()

    edit_part(part.pk, {"name": part.name}, actor=SYSTEM)

    assert picture() == before


def test_codes_are_taken_once_whatever_their_case(item):
    by_part = refused(lambda: create_part({"sku": "tent", "name": "x"}, actor=SYSTEM))
    by_place = refused(lambda: create_location({"code": "shelf"}, actor=SYSTEM))

    assert (by_part.code, by_place.code) == ("sku_exists", "code_exists")


def test_a_location_does_not_move_into_itself(shelf):
    box = LocationFactory(parent=shelf)

    refusal = refused(lambda: edit_location(shelf.pk, {"parent": box}, actor=SYSTEM))

    assert (refusal.code, refusal.message) == (
        "location_cycle",
        "A location cannot lie inside itself.",
    )
    assert Location.objects.get(pk=shelf.pk).parent is None


def test_stock_items_count_their_changes(item):
    relocate(item.pk, location=LocationFactory(), actor=SYSTEM, quantity=D("1"))

    assert StockItem.objects.get(pk=item.pk).version == item.version + 1
