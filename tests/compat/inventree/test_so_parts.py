"""Lines, extra lines, shipments and allocations of sales orders."""

from __future__ import annotations

import pytest

from rmaproject.access.actors import SYSTEM
from sales.models import Allocation, OrderLine
from sales.services.shipping import add_shipment
from stock.models import StockItem
from stock.services import create_part
from tests.changes import picture
from tests.compat.inventree.calling import body
from tests.compat.inventree.selling import drills, order_of

pytestmark = pytest.mark.django_db


def allocate(api, order, item, quantity, parcel=None, status=201):
    entry = {"line_item": order.lines.get().pk, "stock_item": item.pk, "quantity": quantity}
    told = {"items": [entry], "shipment": (parcel or order.shipments.first()).pk}
    return body(api.post(f"order/so/{order.pk}/allocate/", told), status)


def test_a_new_line_is_shown_whole(api, order, item):
    told = body(
        api.post(
            "order/so-line/",
            {
                "order": order.pk,
                "part": item.part_id,
                "quantity": 2,
                "sale_price": "12.50",
                "sale_price_currency": "EUR",
                "reference": "Red ones",
                "notes": "As the last time",
            },
        ),
        201,
    )

    assert told == {
        "pk": OrderLine.objects.latest("pk").pk,
        "order": order.pk,
        "line": "2",
        "part": item.part_id,
        "quantity": 2.0,
        "allocated": 0.0,
        "shipped": 0.0,
        "available_stock": 9.0,
        "available_variant_stock": 0.0,
        "building": 0.0,
        "on_order": 0.0,
        "overdue": False,
        "sale_price": 12.5,
        "sale_price_currency": "EUR",
        "discount": 0.0,
        "reference": "Red ones",
        "notes": "As the last time",
        "link": "",
        "target_date": None,
        "project_code": None,
    }
    assert body(api.get(f"order/so-line/{told['pk']}/")) == told
    assert body(api.get(f"order/so/{order.pk}/"))["total_price"] == 73.4


def test_a_line_is_changed_and_taken_out(api, order):
    line = order.lines.get()

    changed = body(api.patch(f"order/so-line/{line.pk}/", {"quantity": 3, "notes": "Soon"}))
    api.delete("order/so-line/", {"items": [line.pk]})

    assert (changed["quantity"], changed["notes"], changed["sale_price"]) == (3.0, "Soon", 12.1)
    assert not order.lines.exists()


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"quantity": 0}, "quantity"),
        ({"quantity": "many"}, "quantity"),
        ({"sale_price_currency": "USD"}, "sale_price_currency"),
        ({"discount": 10}, "discount"),
        ({"part": 999999}, "part"),
        ({"shipped": 1, "nonsense": 1}, "nonsense"),
    ],
)
def test_a_bad_line_is_refused_by_its_field(api, order, item, told, field):
    before = picture()

    refusal = body(
        api.post("order/so-line/", {"order": order.pk, "part": item.part_id, **told}), 400
    )

    assert set(refusal) == {field}
    assert picture() == before


def test_a_part_that_is_not_for_sale_is_not_ordered(api, order):
    part = create_part({"sku": "SHELF", "name": "Shelf", "is_salable": False}, actor=SYSTEM)

    refusal = body(api.post("order/so-line/", {"order": order.pk, "part": part.pk}), 422)

    assert refusal == {"part": ["SHELF is not for sale."]}


def test_extra_lines_are_fees_and_discounts(api, order):
    fee = body(
        api.post("order/so-extra-line/", {"order": order.pk, "reference": "F1", "price": 5}), 201
    )
    off = {"order": order.pk, "description": "Loyal", "quantity": 2, "price": "-1.50"}
    discount = body(api.post("order/so-extra-line/", off), 201)

    assert (fee["quantity"], fee["total_price"], fee["reference"]) == (1.0, 5.0, "F1")
    assert (discount["description"], discount["total_price"]) == ("Loyal", -3.0)
    kinds = order.lines.order_by("number").values_list("kind", flat=True)
    assert list(kinds) == ["goods", "fee", "discount"]
    assert [row["pk"] for row in body(api.get(f"order/so-line/?order={order.pk}"))] == [
        order.lines.get(kind="goods").pk
    ]


def test_a_new_shipment_is_shown_whole(api, order):
    told = body(
        api.post(
            "order/so/shipment/",
            {"order": order.pk, "reference": "P-2", "invoice_number": "I-1", "notes": "Fragile"},
        ),
        201,
    )

    assert told == {
        "pk": order.shipments.latest("pk").pk,
        "order": order.pk,
        "reference": "P-2",
        "tracking_number": "",
        "shipment_date": None,
        "delivery_date": None,
        "shipment_address": None,
        "checked_by": None,
        "allocated_items": 0,
        "invoice_number": "I-1",
        "link": "",
        "notes": "Fragile",
    }
    twice = body(api.post("order/so/shipment/", {"order": order.pk, "reference": "p-2"}), 409)
    assert set(twice) == {"reference"}


def test_the_day_of_delivery_is_noted_on_a_shipment_that_left(api, order, item):
    parcel = order.shipments.get()
    early = api.patch(f"order/so/shipment/{parcel.pk}/", {"delivery_date": "2026-03-02"})
    allocate(api, order, item, 1)
    sent = body(api.post(f"order/so/shipment/{parcel.pk}/ship/", {"shipment_date": "2026-03-01"}))

    told = body(api.patch(f"order/so/shipment/{parcel.pk}/", {"delivery_date": "2026-03-02"}))

    body(early, 409)
    assert (sent["shipment_date"], sent["delivery_date"]) == ("2026-03-01", None)
    assert told["delivery_date"] == "2026-03-02"
    assert [row["pk"] for row in body(api.get("order/so/shipment/?delivered=true"))] == [parcel.pk]


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"shipment_date": "2999-01-01"}, 422),
        ({"shipment_date": "soon"}, 400),
        ({"nonsense": 1}, 400),
        ({}, 409),
    ],
)
def test_a_shipment_that_cannot_leave_stays(api, order, item, told, status):
    parcel = order.shipments.get()
    if status == 422:
        allocate(api, order, item, 1)
    before = picture()

    body(api.post(f"order/so/shipment/{parcel.pk}/ship/", told), status)

    assert picture() == before


def test_an_allocation_is_shown_whole_changed_and_freed(api, order, item):
    allocate(api, order, item, 2)
    row = Allocation.objects.get()

    (told,) = body(api.get(f"order/so-allocation/?shipment={row.shipment_id}"))
    changed = body(api.patch(f"order/so-allocation/{row.pk}/", {"quantity": 3}))
    over = body(api.patch(f"order/so-allocation/{row.pk}/", {"quantity": 5}), 422)
    freed = api.delete(f"order/so-allocation/{row.pk}/")

    assert told == {
        "pk": row.pk,
        "line": row.order_line_id,
        "item": item.pk,
        "quantity": 2.0,
        "shipment": row.shipment_id,
        "order": order.pk,
        "part": item.part_id,
        "serial": None,
        "location": item.location_id,
    }
    assert changed["quantity"] == 3.0
    assert over == {"non_field_errors": ["Only 1 of this line are still to be allocated."]}
    assert freed.status_code == 204
    body(api.get(f"order/so-allocation/{row.pk}/"), 404)
    item.refresh_from_db()
    assert item.allocated == 0


def test_what_has_left_is_not_freed(api, order, item):
    allocate(api, order, item, 2)
    row = Allocation.objects.get()
    body(api.post(f"order/so/shipment/{row.shipment_id}/ship/"))
    before = picture()

    body(api.delete("order/so-allocation/", {"items": [row.pk]}), 409)

    assert picture() == before


def test_no_more_is_allocated_than_was_ordered_or_is_there(api, business, bo, order, item):
    large = order_of(business, bo, item, "20")
    before = picture()

    over = allocate(api, order, item, 5, status=422)
    short = allocate(api, large, item, 10, status=422)

    assert over == {"non_field_errors": ["Only 4 of this line are still to be allocated."]}
    assert short == {"non_field_errors": ["There is not that much in stock that is free."]}
    assert picture() == before


def test_lines_shipments_and_stock_of_something_else_are_refused(api, business, bo, order, item):
    other = order_of(business, bo, item)
    (drill,) = drills("7")
    line, parcel = order.lines.get(), order.shipments.get()
    good = {"line_item": line.pk, "stock_item": item.pk, "quantity": 1}
    foreign = {**good, "line_item": other.lines.get().pk}
    before = picture()

    def refused(entry, shipment, status):
        told = {"items": [entry], "shipment": shipment.pk}
        return set(body(api.post(f"order/so/{order.pk}/allocate/", told), status))

    assert refused(foreign, parcel, 400) == {"items"}
    assert refused(good, other.shipments.get(), 400) == {"shipment"}
    assert refused({**good, "stock_item": drill.pk}, parcel, 422) == {"non_field_errors"}
    assert picture() == before


def test_without_a_shipment_the_only_pending_one_is_meant(api, order, item):
    entry = {"line_item": order.lines.get().pk, "stock_item": item.pk, "quantity": 1}

    told = body(api.post(f"order/so/{order.pk}/allocate/", {"items": [entry]}), 201)
    add_shipment(order.pk, actor=SYSTEM)
    refusal = body(api.post(f"order/so/{order.pk}/allocate/", {"items": [entry]}), 400)

    assert told == {"items": [entry]}
    assert set(refusal) == {"shipment"}
    assert Allocation.objects.get().quantity == 1


def test_shipped_stock_belongs_to_the_customer_and_its_order(api, business, bo):
    (unit,) = drills("7")
    order = order_of(business, bo, unit, "1")
    allocate(api, order, unit, 1)
    body(api.post(f"order/so/shipment/{order.shipments.get().pk}/ship/"))

    (told,) = body(api.get(f"stock/?sales_order={order.pk}"))

    assert (told["customer"], told["sales_order"]) == (bo.pk, order.pk)
    assert (told["location"], told["in_stock"]) == (None, False)
    assert StockItem.objects.get(pk=unit.pk).holder == bo
