"""The staff pages of parts, stock and locations."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from guardian.shortcuts import assign_perm

from rmaproject.access.actors import SYSTEM
from stock.models import Location, Movement, Part, StockItem
from stock.services import book_in
from tests.factories import LocationFactory, PartFactory, actor_with, goods, sell


@pytest.fixture
def clerk(client, ada):
    client.force_login(ada.user)
    return client


@pytest.fixture
def shelf(db):
    return LocationFactory(code="A-01", name="Aisle")


@pytest.fixture
def pegs(shelf):
    part = PartFactory(sku="PEGS", name="Pegs")
    book_in(part, shelf, quantity=Decimal(10), actor=SYSTEM)
    return part


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(url)
    assert answer.status_code == 200
    return len(seen)


def part_values(part=None, **values):
    given = {"sku": "TENT", "name": "Tent", "unit": "pcs", "kind": "simple"}
    given |= {"is_salable": "on", "active": "on"}
    return {**given, **({"version": part.version} if part else {}), **values}


def test_a_serialized_part_is_added_and_its_units_booked_in_by_their_numbers(clerk, shelf):
    clerk.post(reverse("stock:create_part"), part_values(is_serialized="on"))
    part = Part.objects.get(sku="TENT")
    stock = {"location": "a-01", "serials": "T-1\n\n T-2 \r\n", "version": part.version}

    clerk.post(reverse("stock:book_in", args=[part.uuid]), stock)

    units = StockItem.objects.filter(part=part).order_by("serial")
    assert [(unit.serial, unit.location) for unit in units] == [("T-1", shelf), ("T-2", shelf)]


def test_a_number_that_is_known_books_in_nothing_and_keeps_the_list(clerk, shelf):
    part = PartFactory(sku="TENT", is_serialized=True)
    book_in(part, shelf, serials=["T-1"], actor=SYSTEM)
    stock = {"location": "A-01", "serials": "T-2\nt-1", "version": part.version}

    refused = clerk.post(reverse("stock:book_in", args=[part.uuid]), stock)

    assert refused.status_code == 409
    assert "The part has a unit with this serial number." in refused.content.decode()
    assert "T-2\nt-1</textarea>" in refused.content.decode()
    assert StockItem.objects.filter(part=part).count() == 1


def test_a_batched_part_asks_for_its_batch(clerk, shelf):
    part = PartFactory(sku="GLUE", is_batched=True)
    url = reverse("stock:book_in", args=[part.uuid])

    without = clerk.post(url, {"location": "A-01", "quantity": "5", "version": part.version})
    clerk.post(url, {"location": "A-01", "quantity": "5", "batch": "L-7", "version": part.version})

    assert without.status_code == 422
    assert StockItem.objects.get(part=part).batch.number == "L-7"


def test_counting_cannot_be_changed_while_there_is_stock(clerk, pegs):
    values = part_values(pegs, sku="PEGS", name="Pegs", is_serialized="on")

    refused = clerk.post(reverse("stock:edit_part", args=[pegs.uuid]), values)

    assert refused.status_code == 422
    assert "the way it is counted stays" in refused.content.decode()
    pegs.refresh_from_db()
    assert not pegs.is_serialized


def test_a_sku_of_another_part_is_a_conflict(clerk, pegs):
    refused = clerk.post(reverse("stock:create_part"), part_values(sku="pegs"))

    assert refused.status_code == 409
    assert "Another part has this SKU." in refused.content.decode()
    assert Part.objects.count() == 1


def test_a_count_corrects_bulk_stock_and_says_why(clerk, pegs):
    item = StockItem.objects.get(part=pegs)
    counted = {"quantity": "8", "note": "Two were torn", "version": item.version}

    clerk.post(reverse("stock:correct", args=[item.uuid]), counted)

    item.refresh_from_db()
    assert item.quantity == 8
    assert Movement.objects.latest("pk").note == "Two were torn"


def test_a_count_made_before_somebody_else_moved_stock_changes_nothing(clerk, pegs, shelf):
    item = StockItem.objects.get(part=pegs)
    book_in(pegs, shelf, quantity=Decimal(5), actor=SYSTEM)
    counted = {"quantity": "8", "note": "Counted", "version": item.version}

    refused = clerk.post(reverse("stock:correct", args=[item.uuid]), counted)

    assert refused.status_code == 412
    item.refresh_from_db()
    assert item.quantity == 15


def test_part_of_the_stock_is_carried_to_another_place_and_state(clerk, pegs):
    item, there = StockItem.objects.get(part=pegs), LocationFactory(code="Q-01")
    target = {"location": "Q-01", "state": "quarantined", "quantity": "4", "version": item.version}

    clerk.post(reverse("stock:move", args=[item.uuid]), target)

    found = StockItem.objects.filter(part=pegs).order_by("quantity")
    assert [(row.quantity, row.location.code, row.state) for row in found] == [
        (4, there.code, "quarantined"),
        (6, "A-01", "available"),
    ]


def test_more_than_is_there_cannot_be_carried_away(clerk, pegs):
    item = StockItem.objects.get(part=pegs)
    LocationFactory(code="Q-01")
    target = {"location": "Q-01", "state": "available", "quantity": "11", "version": item.version}

    refused = clerk.post(reverse("stock:move", args=[item.uuid]), target)

    assert refused.status_code == 422
    assert "Only 10 of PEGS are there." in refused.content.decode()


def test_a_unit_shows_its_life_and_where_it_is_now(clerk, business, bo):
    sell(business, bo, goods("TENT", serials=("T-9",)))
    unit = StockItem.objects.get(serial="T-9")

    page = clerk.get(reverse("stock:item", args=[unit.uuid])).content.decode()

    assert "Bo Jansen" in page
    assert "With the customer" in page
    assert "It is not at a location." in page


def test_units_of_a_customer_out_of_sight_are_not_there(client, business, bo, cy, roles):
    sell(business, bo, goods("TENT", serials=("T-9",)))
    unit = StockItem.objects.get(serial="T-9")
    group = Group.objects.get(name="Viewer")
    group.permissions.remove(group.permissions.get(codename="see_all_businesses"))
    viewer = actor_with("Viewer", username="vi").user
    assign_perm("customers.view_company", viewer, cy)
    client.force_login(viewer)

    listed = client.get(reverse("stock:items"), {"q": "T-9"}).content.decode()
    part = client.get(reverse("stock:part", args=[unit.part.uuid])).content.decode()
    answer = client.get(reverse("stock:item", args=[unit.uuid]))
    sought = client.get(reverse("search"), {"q": "T-"}).content.decode()

    assert "T-9" not in sought
    assert str(unit.uuid) not in listed
    assert str(unit.uuid) not in part
    assert "T-9" not in part
    assert answer.status_code == 404


def test_locations_stand_below_the_one_they_lie_in(clerk, shelf):
    clerk.post(
        reverse("stock:create_location"), {"code": "A-01-1", "parent": "Aisle", "active": "on"}
    )

    page = clerk.get(reverse("stock:locations")).content.decode()

    assert Location.objects.get(code="A-01-1").parent == shelf
    assert 'data-depth="1"><a class="code" href="/stock/?location=A-01-1">' in page


def test_a_location_cannot_lie_inside_itself(clerk, shelf):
    below = LocationFactory(code="A-01-1", parent=shelf)
    values = {"code": "A-01", "parent": "A-01-1", "active": "on", "version": shelf.version}

    refused = clerk.post(reverse("stock:edit_location", args=[shelf.uuid]), values)

    assert refused.status_code == 422
    assert "A location cannot lie inside itself." in refused.content.decode()
    shelf.refresh_from_db()
    assert shelf.parent is None
    assert below.parent == shelf


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"part": "pegs"}, True),
        ({"part": "tent"}, False),
        ({"location": "a-01"}, True),
        ({"location": "B-01"}, False),
        ({"state": "available"}, True),
        ({"state": "held"}, False),
        ({"q": "T-1"}, False),
    ],
)
def test_the_list_of_stock_is_narrowed_by_its_filters(clerk, pegs, query, found):
    item = StockItem.objects.get(part=pegs)

    page = clerk.get(reverse("stock:items"), query).content.decode()

    assert (str(item.uuid) in page) is found


def test_the_list_of_parts_finds_by_sku_or_name_and_shows_the_stock(clerk, pegs):
    PartFactory(sku="ROPE", name="Rope")

    page = clerk.get(reverse("stock:parts"), {"q": "peg"}).content.decode()

    assert "PEGS" in page
    assert "ROPE" not in page
    assert 'data-label="In stock">10</td>' in page


def test_a_viewer_sees_stock_and_may_not_change_it(client, pegs, roles):
    client.force_login(actor_with("Viewer", username="vi").user)
    item = StockItem.objects.get(part=pegs)
    counted = {"quantity": "1", "note": "Counted", "version": item.version}

    page = client.get(reverse("stock:part", args=[pegs.uuid]))
    refused = client.post(reverse("stock:correct", args=[item.uuid]), counted)

    assert page.status_code == 200
    assert "Book in" not in page.content.decode()
    assert refused.status_code == 403
    item.refresh_from_db()
    assert item.quantity == 10


def test_lists_and_pages_cost_the_same_with_many_rows(clerk, pegs, shelf):
    tent = PartFactory(sku="TENT", is_serialized=True)
    book_in(tent, shelf, serials=["T-0"], actor=SYSTEM)
    pages = [
        reverse("stock:parts"),
        reverse("stock:items"),
        reverse("stock:locations"),
        reverse("stock:part", args=[tent.uuid]),
    ]
    few = [queries(clerk, url) for url in pages]

    for n in range(12):
        place = LocationFactory(code=f"B-{n}", parent=shelf)
        PartFactory(sku=f"P-{n}")
        book_in(tent, place, serials=[f"T-1{n}"], actor=SYSTEM)

    assert [queries(clerk, url) for url in pages] == few
