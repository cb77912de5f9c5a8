"""Parts, stock items and locations as this system's clients know them."""

from __future__ import annotations

import pytest

from customers.services import edit_company
from rmaproject.access.actors import SYSTEM
from stock.models import Movement, Part, State, StockItem
from stock.services import relocate
from tests.changes import picture
from tests.compat.inventree.calling import Caller, body
from tests.compat.inventree.selling import drills
from tests.factories import LocationFactory, actor_with

pytestmark = pytest.mark.django_db


def test_a_new_part_is_shown_whole(api):
    category = body(api.get("part/category/"))
    told = body(
        api.post(
            "part/",
            {"name": "Tent", "IPN": "TENT-3", "description": "Three persons", "component": True},
        ),
        201,
    )

    row = Part.objects.get()
    assert category == []
    assert told == {
        "pk": row.pk,
        "name": "Tent",
        "full_name": "TENT-3 | Tent",
        "IPN": "TENT-3",
        "description": "Three persons",
        "revision": "",
        "active": True,
        "assembly": False,
        "salable": True,
        "trackable": False,
        "virtual": False,
        "units": "pcs",
        "image": None,
        "thumbnail": None,
        "category": None,
        "category_name": "",
        "component": True,
        "purchaseable": False,
        "is_template": False,
        "testable": False,
        "locked": False,
        "creation_date": row.created_at.date().isoformat(),
        "in_stock": 0.0,
        "total_in_stock": 0.0,
        "unallocated_stock": 0.0,
        "allocated_to_sales_orders": 0.0,
        "minimum_stock": 0.0,
        "default_expiry": 0,
        "default_location": None,
        "keywords": "",
        "link": "",
        "notes": "",
        "responsible": None,
        "starred": False,
        "variant_of": None,
        "barcode_hash": "",
    }
    assert body(api.call("PUT", f"part/{row.pk}/", told)) == told


def test_parts_are_changed_filtered_and_kept(api, item):
    told = body(api.patch(f"part/{item.part_id}/", {"salable": False}))

    assert (told["salable"], told["in_stock"]) == (False, 9.0)
    assert body(api.get("part/?salable=true")) == []
    assert [row["pk"] for row in body(api.get("part/?has_stock=true&IPN=tent"))] == [item.part_id]
    body(api.delete(f"part/{item.part_id}/"), 409)


def test_a_stock_item_is_shown_whole(api, item):
    (told,) = body(api.get(f"stock/?part={item.part_id}&in_stock=True&available=True"))

    assert told == {
        "pk": item.pk,
        "part": item.part_id,
        "quantity": 9.0,
        "serial": None,
        "batch": None,
        "location": item.location_id,
        "customer": None,
        "sales_order": None,
        "sales_order_reference": None,
        "status": 10,
        "status_text": "OK",
        "status_custom_key": None,
        "in_stock": True,
        "allocated": 0.0,
        "is_building": False,
        "build": None,
        "consumed_by": None,
        "belongs_to": None,
        "parent": None,
        "purchase_order": None,
        "supplier_part": None,
        "SKU": None,
        "owner": None,
        "packaging": None,
        "expiry_date": None,
        "purchase_price": None,
        "purchase_price_currency": "",
        "delete_on_deplete": False,
        "link": "",
        "notes": "",
        "barcode_hash": "",
    }
    assert body(api.call("PUT", f"stock/{item.pk}/", told)) == told


def test_every_state_of_ours_has_a_code_that_finds_it(api, item):
    for state in (State.HELD, State.IN_REPAIR, State.TO_SEND_BACK):
        relocate(item.pk, location=item.location, quantity=1, state=state, actor=SYSTEM)

    shown = {row["pk"]: row["status"] for row in body(api.get("stock/"))}

    assert sorted(shown.values()) == [10, 50, 65, 75]
    for pk, code in shown.items():
        assert [row["pk"] for row in body(api.get(f"stock/?status={code}"))] == [pk]


def test_units_are_booked_in_by_their_serial_numbers(api):
    (unit,) = drills("7")
    told = {"part": unit.part_id, "location": unit.location_id, "quantity": 3}

    made = body(api.post("stock/", {**told, "serial_numbers": "8, 10-11"}), 201)
    twice = body(api.post("stock/", {**told, "quantity": 1, "serial_numbers": "8"}), 409)
    wrong = body(api.post("stock/", {**told, "serial_numbers": "20"}), 400)

    assert [row["serial"] for row in made] == ["8", "10", "11"]
    assert twice == {"non_field_errors": ["The part has a unit with this serial number."]}
    assert wrong == {"serial_numbers": ["Number of unique serial numbers (1) must match quantity."]}
    assert StockItem.objects.filter(part=unit.part_id).count() == 4


@pytest.mark.parametrize("text", ["9-7", "1-100000", "7,7"])
def test_serial_numbers_that_name_no_units_are_refused(api, text):
    (unit,) = drills("1")
    told = {"part": unit.part_id, "location": unit.location_id, "quantity": 2}

    assert set(body(api.post("stock/", {**told, "serial_numbers": text}), 400)) == {
        "serial_numbers"
    }


def test_stock_is_counted_added_and_removed_with_a_movement_each(api, item):
    def verb(name, quantity, **more):
        told = {"items": [{"pk": item.pk, "quantity": quantity}], **more}
        return body(api.post(f"stock/{name}/", told), 201)

    verb("add", 3)
    verb("remove", "2.5", notes="Torn")
    verb("count", 8)

    item.refresh_from_db()
    assert item.quantity == 8
    moved = Movement.objects.filter(cause="correction").order_by("pk")
    assert [(row.quantity, row.note) for row in moved] == [
        (3, "Added"),
        (2.5, "Torn"),
        (1.5, "Counted"),
    ]
    history = body(api.get(f"stock/track/?item={item.pk}"))
    assert [row["tracking_type"] for row in history] == [12, 12, 11, 1]
    assert history[1]["notes"] == "Torn"


def test_no_more_is_removed_than_is_there_and_all_items_or_none(api, item):
    (unit,) = drills("7")
    before = picture()

    over = body(api.post("stock/remove/", {"items": [{"pk": item.pk, "quantity": 10}]}), 422)
    both = [{"pk": item.pk, "quantity": 1}, {"pk": unit.pk, "quantity": 0}]
    body(api.post("stock/count/", {"items": both}), 422)
    body(api.post("stock/count/", {"items": []}), 400)
    body(api.post("stock/add/", {"items": [{"pk": 999999, "quantity": 1}]}), 400)

    assert over == {"items": [{"quantity": ["Only 9 of it are there."]}]}
    assert picture() == before


def test_stock_is_carried_elsewhere(api, item):
    rack = LocationFactory(code="RACK")
    told = {"items": [{"pk": item.pk, "quantity": 4}], "location": rack.pk}

    body(api.post("stock/transfer/", told), 201)

    assert StockItem.objects.get(location=rack).quantity == 4
    assert [row["quantity"] for row in body(api.get(f"stock/?location={rack.pk}"))] == [4.0]


def test_a_location_holds_what_lies_inside_of_it(api, item):
    hall = body(api.post("stock/location/", {"name": "HALL", "description": "The hall"}), 201)
    body(api.patch(f"stock/location/{item.location_id}/", {"parent": hall["pk"]}))

    inside = body(api.get(f"stock/location/{item.location_id}/"))

    assert (inside["pathstring"], inside["level"], inside["items"]) == ("HALL/SHELF", 1, 1)
    assert [row["pk"] for row in body(api.get(f"stock/?location={hall['pk']}"))] == [item.pk]
    assert body(api.get(f"stock/?location={hall['pk']}&cascade=false")) == []
    assert [row["pk"] for row in body(api.get("stock/location/?parent=null"))] == [hall["pk"]]


def test_only_units_are_assigned_and_only_to_customers(api, item, bo, cy):
    (unit,) = drills("7")
    edit_company(cy.pk, {"is_customer": False}, actor=SYSTEM)

    body(api.post("stock/assign/", {"items": [{"item": item.pk}], "customer": bo.pk}), 422)
    body(api.post("stock/assign/", {"items": [{"item": unit.pk}], "customer": cy.pk}), 422)
    body(api.post("stock/assign/", {"items": [{"item": unit.pk}], "customer": bo.pk}), 201)

    (held,) = body(api.get(f"stock/?customer={bo.pk}"))
    assert (held["serial"], held["in_stock"]) == ("7", False)
    body(api.post("stock/assign/", {"items": [{"item": unit.pk}], "customer": bo.pk}), 409)


def test_a_state_is_set_by_hand_where_it_may_be(api, item):
    body(api.post("stock/change_status/", {"items": [item.pk], "status": 75}), 201)
    lost = body(api.post("stock/change_status/", {"items": [item.pk], "status": 70}), 400)

    assert StockItem.objects.get(quantity=9).state == "quarantined"
    assert set(lost) == {"status"}


def test_stock_is_not_edited_behind_the_ledgers_back(api, item):
    before = picture()

    refusal = body(api.patch(f"stock/{item.pk}/", {"quantity": 12}), 400)
    body(api.delete("stock/", {"items": [item.pk]}), 409)

    assert set(refusal) == {"quantity"}
    assert picture() == before


def test_who_only_looks_moves_no_stock(roles, item):
    viewer = Caller(actor_with("Viewer", username="viewer"))
    before = picture()

    body(viewer.get(f"stock/{item.pk}/"))
    for path in ("part/", "stock/", "stock/location/", "stock/count/", "stock/assign/"):
        body(viewer.post(path, {}), 403)

    assert picture() == before
    body(Caller().get("stock/"), 401)
