"""Sales orders as this system's clients know them."""

from __future__ import annotations

import pytest

from rmaproject.access.actors import SYSTEM
from rmaproject.shared import clock
from sales.models import SalesOrder
from sales.services.orders import cancel_order, complete_order, hold_order, issue_order
from stock.models import StockItem
from tests.changes import picture
from tests.compat.inventree.calling import body
from tests.compat.inventree.selling import drills, order_of
from tests.factories import BusinessFactory

pytestmark = pytest.mark.django_db


def allocated(api, order, quantity=4):
    item, line = tents_of(order), order.lines.get()
    parcel = order.shipments.get()
    entry = {"line_item": line.pk, "stock_item": item.pk, "quantity": quantity}
    told = {"items": [entry], "shipment": parcel.pk}
    body(api.post(f"order/so/{order.pk}/allocate/", told), 201)
    return parcel


def tents_of(order):
    return StockItem.objects.get(part=order.lines.get().part)


def status(api, order):
    return body(api.get(f"order/so/{order.pk}/"))["status"]


def test_a_new_order_is_shown_whole(api, ada, business, bo):
    told = body(
        api.post(
            "order/so/",
            {
                "customer": bo.pk,
                "customer_reference": "PO 12",
                "description": "Two tents",
                "notes": "Ring twice.",
                "target_date": "2026-12-24",
                "link": "https://shop.example/12",
            },
        ),
        201,
    )

    row = SalesOrder.objects.get()
    assert told == {
        "pk": row.pk,
        "reference": "SO-0001",
        "business": "1000",
        "customer": bo.pk,
        "customer_reference": "PO 12",
        "description": "Two tents",
        "notes": "Ring twice.",
        "status": 10,
        "status_text": "Pending",
        "status_custom_key": None,
        "overdue": False,
        "creation_date": clock.today(business).isoformat(),
        "created_by": {
            "pk": ada.user.pk,
            "username": "ada",
            "first_name": "",
            "last_name": "",
            "is_active": True,
        },
        "start_date": None,
        "target_date": "2026-12-24",
        "issue_date": None,
        "shipment_date": None,
        "updated_at": row.updated_at.isoformat(),
        "responsible": None,
        "contact": None,
        "address": None,
        "link": "https://shop.example/12",
        "project_code": None,
        "order_currency": "EUR",
        "total_price": 0.0,
        "line_items": 0,
        "completed_lines": 0,
        "allocated_lines": 0,
        "shipments_count": 0,
        "completed_shipments_count": 0,
    }
    assert body(api.get(f"order/so/{row.pk}/")) == told
    assert body(api.get("order/so/")) == [told]


def test_every_status_of_ours_has_its_code(api, business, bo, item):
    made = {name: order_of(business, bo, item, "1") for name in ("p", "i", "h", "c", "x", "s")}
    for name in ("i", "c", "s"):
        issue_order(made[name].pk, actor=SYSTEM)
    hold_order(made["h"].pk, actor=SYSTEM)
    complete_order(made["c"].pk, accept_incomplete=True, actor=SYSTEM)
    cancel_order(made["x"].pk, actor=SYSTEM)
    parcel = allocated(api, made["s"], 1)
    body(api.post(f"order/so/shipment/{parcel.pk}/ship/"))

    codes = {name: status(api, order) for name, order in made.items()}

    assert codes == {"p": 10, "i": 15, "s": 20, "h": 25, "c": 30, "x": 40}
    for name, code in codes.items():
        found = body(api.get(f"order/so/?status={code}"))
        assert [row["pk"] for row in found] == [made[name].pk]
    assert body(api.get("order/so/?status=60")) == []


def test_the_codes_are_listed(api):
    told = body(api.get("order/so/status/"))

    assert told["status_class"] == "SalesOrderStatus"
    keys = {name: value["key"] for name, value in told["values"].items()}
    assert keys == {
        "PENDING": 10,
        "IN_PROGRESS": 15,
        "SHIPPED": 20,
        "ON_HOLD": 25,
        "COMPLETE": 30,
        "CANCELLED": 40,
        "LOST": 50,
        "RETURNED": 60,
    }


def test_an_order_goes_its_way(api, order):
    assert body(api.post(f"order/so/{order.pk}/hold/"), 201)["status"] == 25
    assert body(api.post(f"order/so/{order.pk}/issue/"), 201)["status"] == 15
    parcel = allocated(api, order)
    sent = body(api.post(f"order/so/shipment/{parcel.pk}/ship/", {"tracking_number": "3S1"}))

    assert (sent["tracking_number"], sent["allocated_items"]) == ("3S1", 1)
    assert status(api, order) == 20
    assert body(api.post(f"order/so/{order.pk}/complete/"), 201)["status"] == 30


@pytest.mark.parametrize("verb", ["issue", "hold", "cancel", "complete"])
def test_a_verb_that_the_status_forbids_is_refused_and_changes_nothing(api, order, verb):
    cancel_order(order.pk, actor=SYSTEM)
    before = picture()

    refusal = body(api.post(f"order/so/{order.pk}/{verb}/"), 409)

    assert set(refusal) == {"non_field_errors"}
    assert picture() == before


def test_an_order_of_which_not_all_has_left_is_completed_only_on_purpose(api, order):
    body(api.post(f"order/so/{order.pk}/issue/"), 201)

    body(api.post(f"order/so/{order.pk}/complete/"), 409)
    told = body(api.post(f"order/so/{order.pk}/complete/", {"accept_incomplete": True}), 201)

    assert told["status"] == 30


def test_a_shipment_of_a_pending_order_issues_it(api, order):
    parcel = allocated(api, order, 1)

    body(api.post(f"order/so/shipment/{parcel.pk}/ship/"))

    assert status(api, order) == 15


def test_a_shipment_ships_once(api, order):
    parcel = allocated(api, order, 1)
    body(api.post(f"order/so/shipment/{parcel.pk}/ship/"))
    before = picture()

    refusal = body(api.post(f"order/so/shipment/{parcel.pk}/ship/"), 409)

    assert refusal == {"non_field_errors": ["Shipment 1 has left."]}
    assert picture() == before


def test_an_order_with_goods_on_their_way_is_not_cancelled(api, order):
    parcel = allocated(api, order, 1)
    body(api.post(f"order/so/shipment/{parcel.pk}/ship/"))

    body(api.post(f"order/so/{order.pk}/cancel/"), 409)


def test_a_cancelled_order_is_not_edited(api, order):
    body(api.post(f"order/so/{order.pk}/cancel/"), 201)
    before = picture()

    body(api.patch(f"order/so/{order.pk}/", {"description": "Other"}), 409)

    assert picture() == before


def test_an_order_is_saved_as_it_was_read(api, order, bo):
    told = body(api.get(f"order/so/{order.pk}/?customer_detail=true"))

    saved = body(api.call("PUT", f"order/so/{order.pk}/", {**told, "description": "Better"}))

    assert saved["description"] == "Better"
    assert saved["pk"] == order.pk


def test_a_status_is_not_written(api, order):
    refusal = body(api.patch(f"order/so/{order.pk}/", {"status": 30}), 400)

    assert refusal == {"status": ["This field is read-only."]}


def test_a_pending_order_gets_a_number_on_the_pattern(api, order):
    body(api.patch(f"order/so/{order.pk}/", {"reference": "SO-99999"}))
    off = body(api.patch(f"order/so/{order.pk}/", {"reference": "X-1"}), 400)

    assert off == {"reference": ["Reference must match required pattern."]}
    order.refresh_from_db()
    assert order.reference == "SO-99999"


def test_two_orders_never_share_a_reference(api, order, bo):
    told = {"customer": bo.pk, "reference": order.reference}

    refusal = body(api.post("order/so/", told), 409)

    assert set(refusal) == {"reference"}


def test_an_order_is_cancelled_not_deleted(api, order):
    body(api.delete(f"order/so/{order.pk}/"), 409)

    assert status(api, order) == 10


def test_where_several_businesses_sell_the_order_names_one(api, business, bo):
    other = BusinessFactory(code="2000")

    unnamed = body(api.post("order/so/", {"customer": bo.pk}), 400)
    unknown = body(api.post("order/so/", {"customer": bo.pk, "business": "3000"}), 400)
    told = body(api.post("order/so/", {"customer": bo.pk, "business": "2000"}), 201)

    assert set(unnamed) == set(unknown) == {"business"}
    assert SalesOrder.objects.get(pk=told["pk"]).business == other


def test_units_are_allocated_by_their_serial_numbers(api, business, bo):
    drills("7", "9", "10", "11")
    order = order_of(business, bo, StockItem.objects.first(), "3")
    line = order.lines.get()
    told = {"line_item": line.pk, "quantity": 3, "serial_numbers": "7, 9-10"}

    body(api.post(f"order/so/{order.pk}/allocate-serials/", told), 201)

    rows = body(api.get(f"order/so-allocation/?order={order.pk}"))
    assert [row["serial"] for row in rows] == ["7", "9", "10"]
    missing = {**told, "quantity": 1, "serial_numbers": "12"}
    refusal = body(api.post(f"order/so/{order.pk}/allocate-serials/", missing), 400)
    assert refusal == {"serial_numbers": ["No match found for the following serial numbers: 12"]}
