"""Parts, locations, stock items and movements over REST."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from guardian.shortcuts import assign_perm

from rmaproject.access.actors import SYSTEM, Actor
from sales.models import UnitSale
from stock.models import Location, Movement, Part, StockItem
from stock.services import book_in
from tests.api.caller import Caller, codes
from tests.factories import LocationFactory, PartFactory, UserFactory, actor_with, goods, sell

pytestmark = pytest.mark.django_db


def test_a_part_is_made_found_by_its_sku_and_changed(ada: Any) -> None:
    caller = Caller(ada)

    made = caller.post("/parts/", {"sku": "TENT-3P", "name": "Tent", "is_serialized": True})
    assert (made.status_code, made.json()["unit"]) == (201, "pcs")
    doubled = caller.post("/parts/", {"sku": "tent-3p", "name": "Tent"})
    assert (doubled.status_code, doubled.json()["code"]) == (409, "sku_exists")
    found = caller.get("/parts/?sku=tent-3P").json()["results"]
    assert [row["id"] for row in found] == [made.json()["id"]]
    changed = caller.patch(made["Location"], {"name": "Tent, 3 persons"}, If_Match='"1"')
    assert (changed.json()["name"], changed.json()["is_serialized"]) == ("Tent, 3 persons", True)


def test_a_part_with_stock_keeps_the_way_it_is_counted(ada: Any) -> None:
    part = PartFactory(sku="PEG")
    book_in(part, LocationFactory(), quantity=Decimal(3), actor=SYSTEM)

    refused = Caller(ada).patch(f"/parts/{part.uuid}/", {"is_serialized": True}, If_Match='"1"')

    assert (refused.status_code, refused.json()["code"]) == (422, "part_has_stock")
    part.refresh_from_db()
    assert part.is_serialized is False


def test_a_location_shows_its_path_and_hangs_below_a_code(ada: Any) -> None:
    caller = Caller(ada)
    top = caller.post("/locations/", {"code": "WH"}).json()

    shelf = caller.post("/locations/", {"code": "A1", "parent": "wh"}).json()
    inside = caller.get("/locations/?parent=WH").json()["results"]

    assert (shelf["parent"], shelf["path"]) == (top["id"], "WH / A1")
    assert [row["code"] for row in inside] == ["A1"]
    below_itself = caller.patch(f"/locations/{top['id']}/", {"parent": "A1"}, If_Match='"1"')
    assert (below_itself.status_code, below_itself.json()["code"]) == (422, "location_cycle")
    assert Location.objects.get(code="WH").parent is None


def test_stock_is_booked_in_moved_and_corrected(ada: Any) -> None:
    PartFactory(sku="PEG")
    LocationFactory(code="A")
    LocationFactory(code="B")
    caller = Caller(ada)

    booked = caller.post("/stock-items/", {"part": "PEG", "location": "A", "quantity": 5})
    assert booked.status_code == 201
    item = booked.json()["results"][0]
    assert (item["quantity"], item["location_code"], item["serial"]) == ("5", "A", None)
    at = f"/stock-items/{item['id']}/"
    moved = caller.post(at + "move", {"location": "B", "quantity": "2.5"}, If_Match='"1"')
    assert moved.status_code == 200
    assert (moved.json()["quantity"], moved.json()["location_code"]) == ("2.5", "B")
    assert moved.json()["id"] != item["id"]
    old = caller.post(at + "correct", {"quantity": 1, "note": "Counted"}, If_Match='"1"')
    assert (old.status_code, old.json()["code"]) == (412, "stale_version")
    counted = caller.post(at + "correct", {"quantity": 1, "note": "Counted"}, If_Match='"2"')
    assert (counted.json()["quantity"], counted["ETag"]) == ("1", '"3"')
    unsaid = caller.post(at + "correct", {"quantity": 0}, If_Match='"3"')
    assert (unsaid.status_code, unsaid.json()["code"]) == (422, "reason_required")
    ledger = caller.get(f"/stock-movements/?stock_item={item['id']}&ordering=at").json()["results"]
    assert [(row["cause"], row["quantity"]) for row in ledger] == [
        ("book_in", "5"),
        ("move", "2.5"),
        ("correction", "1.5"),
    ]


def test_units_are_booked_in_by_serial_and_found_by_it(ada: Any) -> None:
    PartFactory(sku="TENT", is_serialized=True)
    LocationFactory(code="A")
    caller = Caller(ada)
    body = {"part": "TENT", "location": "A"}

    booked = caller.post("/stock-items/", {**body, "serials": ["T-1", "T-2"]})
    again = caller.post("/stock-items/", {**body, "serials": ["T-3", "t-1"]})
    both = caller.post("/stock-items/", {**body, "serials": ["T-4"], "quantity": 1})

    assert [row["serial"] for row in booked.json()["results"]] == ["T-1", "T-2"]
    assert (again.status_code, again.json()["code"]) == (409, "serial_exists")
    assert (both.status_code, codes(both)) == (400, {"/quantity": "quantity_or_serials"})
    assert StockItem.objects.count() == Movement.objects.count() == 2
    found = caller.get("/stock-items/?serial=t-2&part=tent&state=available").json()["results"]
    assert [row["serial"] for row in found] == ["T-2"]
    assert len(caller.get("/stock-items/?search=t-").json()["results"]) == 2


def test_half_a_unit_does_not_move(ada: Any) -> None:
    part = PartFactory(sku="TENT", is_serialized=True)
    place = LocationFactory(code="A")
    LocationFactory(code="B")
    unit = book_in(part, place, serials=["T-1"], actor=SYSTEM)[0]

    refused = Caller(ada).post(
        f"/stock-items/{unit.uuid}/move", {"location": "B", "quantity": 2}, If_Match='"1"'
    )

    assert (refused.status_code, refused.json()["code"]) == (422, "unit_counts_one")
    unit.refresh_from_db()
    assert unit.location == place


def test_movements_are_narrowed_by_part_cause_and_time(ada: Any) -> None:
    tent, peg = PartFactory(sku="TENT"), PartFactory(sku="PEG")
    place = LocationFactory()
    for part in (tent, peg):
        book_in(part, place, quantity=Decimal(1), actor=SYSTEM)
    caller = Caller(ada)

    by_part = caller.get("/stock-movements/?part=TENT&cause=book_in").json()["results"]
    later = caller.get("/stock-movements/?at__gte=2999-01-01T00:00:00Z").json()["results"]
    wrong = caller.get("/stock-movements/?at__gte=yesterday")

    assert [row["sku"] for row in by_part] == ["TENT"]
    assert later == []
    assert (wrong.status_code, codes(wrong)) == (400, {"at__gte": "invalid_parameter"})
    assert caller.post("/stock-movements/", {}).status_code == 405


def test_the_holder_is_told_to_who_may_see_companies(
    roles: None, business: Any, bo: Any, cy: Any
) -> None:
    sell(business, bo, goods("TENT", serials=("T-1",)))
    unit = StockItem.objects.get(serial="T-1")
    keeper, blind = UserFactory(username="keeper"), UserFactory(username="blind")
    for user in (keeper, blind):
        assign_perm("stock.view_stock", user)
    assign_perm("customers.view_company", keeper)
    assign_perm("access.see_all_businesses", keeper)
    assign_perm("access.see_all_businesses", blind)
    scoped = UserFactory(username="scoped")
    assign_perm("stock.view_stock", scoped)
    assign_perm("customers.view_company", scoped, cy)
    path = f"/stock-items/{unit.uuid}/"

    assert Caller(Actor(keeper)).get(path).json()["holder"]["reference"] == "BO"
    assert Caller(Actor(blind)).get(path).json()["holder"] is None
    assert Caller(Actor(scoped)).get(path).status_code == 404
    assert Caller(Actor(scoped)).get("/stock-movements/").json()["results"] == []
    assert UnitSale.objects.count() == 1


def test_a_viewer_changes_no_stock(roles: None) -> None:
    part = PartFactory(sku="PEG")
    place = LocationFactory(code="A")
    item = book_in(part, place, quantity=Decimal(5), actor=SYSTEM)[0]
    caller = Caller(actor_with("Viewer"))

    answers = [
        caller.post("/parts/", {"sku": "X", "name": "X"}),
        caller.patch(f"/parts/{part.uuid}/", {"name": "X"}, If_Match="*"),
        caller.post("/locations/", {"code": "X"}),
        caller.patch(f"/locations/{place.uuid}/", {"name": "X"}, If_Match="*"),
        caller.post("/stock-items/", {"part": "PEG", "location": "A", "quantity": 1}),
        caller.post(f"/stock-items/{item.uuid}/correct", {"quantity": 0}, If_Match="*"),
        caller.post(f"/stock-items/{item.uuid}/move", {"location": "A"}, If_Match="*"),
    ]

    assert [answer.status_code for answer in answers] == [403] * 7
    item.refresh_from_db()
    assert (item.quantity, item.version, Movement.objects.count()) == (5, 1, 1)
    assert (Part.objects.count(), Location.objects.count()) == (1, 1)
    assert Part.objects.get().name == part.name
