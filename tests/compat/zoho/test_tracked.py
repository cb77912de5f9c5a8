"""Receives by serial number, batch and storage."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from stock.models import Batch, StockItem
from tests.compat.calling import nothing_changed, same
from tests.compat.zoho.client import item
from tests.factories import LocationFactory, PartFactory, goods, sell


@pytest.fixture
def drills(zoho: Any, business: Any, bo: Any) -> dict[str, Any]:
    """A return of three of four drills with serial numbers."""
    order = sell(business, bo, goods("DRILL", "4", "80.00", serials=("D-1", "D-2", "D-3", "D-4")))
    made: dict[str, Any] = zoho.create(order, item(order, "DRILL", 3))["salesreturn"]
    return made


@pytest.fixture
def glue(zoho: Any, business: Any, bo: Any) -> dict[str, Any]:
    """A return of five of ten tubes that are counted by batch."""
    PartFactory(sku="GLUE", is_batched=True)
    order = sell(business, bo, goods("GLUE", "10", "4.00"))
    made: dict[str, Any] = zoho.create(order, item(order, "GLUE", 5))["salesreturn"]
    return made


def line_of(made: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"line_item_id": made["line_items"][0]["line_item_id"], **more}


def test_each_serial_number_is_a_unit_that_came(zoho, drills):
    came = zoho.receive(
        drills["salesreturn_id"], line_of(drills, quantity=2, serial_numbers=["D-1", "D-3"])
    )

    shown = came["salesreturn"]["line_items"][0]
    assert (shown["quantity"], shown["serial_numbers"]) == (2, ["D-1", "D-3"])
    held = StockItem.objects.filter(part__sku="DRILL", state="held")
    assert sorted(held.values_list("serial", flat=True)) == ["D-1", "D-3"]


def test_serial_numbers_go_to_their_storages(zoho, drills):
    bin_one, bin_two = LocationFactory(code="BIN-1"), LocationFactory(code="BIN-2", name="Bin two")
    storages = [
        {"storage_id": str(bin_one.uuid), "in_quantity": 2, "serial_numbers": ["D-1", "D-2"]},
        {"storage_id": "bin-2", "in_quantity": 1, "serial_numbers": ["D-4"]},
    ]
    serials = ["D-1", "D-2", "D-4"]

    came = zoho.receive(
        drills["salesreturn_id"],
        line_of(drills, quantity=3, serial_numbers=serials, storages=storages),
    )

    expected = [
        {
            "storage_id": str(bin_one.uuid),
            "storage_name": "BIN-1",
            "in_quantity": 2,
            "storage_in_id": "<uuid>",
            "serial_numbers": ["D-1", "D-2"],
        },
        {
            "storage_id": str(bin_two.uuid),
            "storage_name": "Bin two",
            "in_quantity": 1,
            "storage_in_id": "<uuid>",
            "serial_numbers": ["D-4"],
        },
    ]
    same(came["salesreturn"]["line_items"][0]["storages"], expected)


def test_serial_numbers_of_the_line_are_spread_over_storages_in_order(zoho, drills):
    place = LocationFactory(code="BIN-1")
    storages = [{"storage_id": str(place.uuid), "in_quantity": 2}]

    came = zoho.receive(
        drills["salesreturn_id"], line_of(drills, serial_numbers=["D-1", "D-2"], storages=storages)
    )

    assert came["salesreturn"]["line_items"][0]["storages"][0]["serial_numbers"] == ["D-1", "D-2"]


@pytest.mark.parametrize(
    ("more", "status", "error"),
    [
        ({"quantity": 2, "serial_numbers": ["D-1"]}, 400, "invalid"),
        ({"quantity": 1}, 422, "serial_missing"),
        ({"quantity": 1, "serial_numbers": ["X-9"]}, 422, "not_held_by_customer"),
        ({"quantity": 2, "serial_numbers": ["D-1", "D-1"]}, 422, "not_held_by_customer"),
        ({"quantity": 1, "serial_numbers": [""]}, 400, "invalid"),
        ({"quantity": 4, "serial_numbers": ["D-1", "D-2", "D-3", "D-4"]}, 422, "exceeds_expected"),
        ({"serial_numbers": ["D-1"], "storages": [{"in_quantity": 2}]}, 400, "invalid"),
        ({"batches": [{"batch_number": "B", "in_quantity": 1}]}, 422, "serial_missing"),
    ],
)
def test_units_that_cannot_have_come_so_are_refused(zoho, drills, more, status, error):
    with nothing_changed():
        refused = zoho.receive(drills["salesreturn_id"], line_of(drills, **more), status=status)

    assert refused["error"] == error
    assert refused["code"] != 0


def test_a_batch_is_made_with_its_fields_and_lies_in_its_storages(zoho, glue):
    one, two = LocationFactory(code="BIN-1"), LocationFactory(code="BIN-2")
    batch = {
        "batch_number": "BTC-TL-890",
        "external_batch_number": "MFR-TL-890",
        "manufacturer_date": "2026-05-12",
        "expiry_date": "2026-12-24",
        "in_quantity": 3,
        "storages": [
            {"storage_id": str(one.uuid), "in_quantity": 2},
            {"storage_id": str(two.uuid), "in_quantity": 1},
        ],
    }

    came = zoho.receive(glue["salesreturn_id"], line_of(glue, quantity=3, batches=[batch]))

    shown = came["salesreturn"]["line_items"][0]
    expected = {
        **batch,
        "batch_id": "<uuid:batch>",
        "batch_in_id": "<uuid:first>",
        "storages": [
            {
                "storage_id": str(one.uuid),
                "storage_name": "BIN-1",
                "in_quantity": 2,
                "storage_in_id": "<uuid:first>",
            },
            {
                "storage_id": str(two.uuid),
                "storage_name": "BIN-2",
                "in_quantity": 1,
                "storage_in_id": "<uuid:second>",
            },
        ],
    }
    same(shown["batches"], [expected])
    assert shown["storages"] == []
    kept = Batch.objects.get()
    assert (kept.number, kept.external_number) == ("BTC-TL-890", "MFR-TL-890")
    assert (kept.made_on, kept.expires_on) == (date(2026, 5, 12), date(2026, 12, 24))


def test_a_known_batch_is_named_by_its_id(zoho, glue):
    zoho.receive(
        glue["salesreturn_id"], line_of(glue, batches=[{"batch_number": "B-1", "in_quantity": 1}])
    )
    known = Batch.objects.get()

    zoho.receive(
        glue["salesreturn_id"],
        line_of(glue, batches=[{"batch_id": str(known.uuid), "in_quantity": 2}]),
    )

    assert StockItem.objects.get(batch=known).quantity == 3


@pytest.mark.parametrize(
    ("batch", "status", "error"),
    [
        ({"batch_number": "B-1"}, 400, "invalid"),
        ({"in_quantity": 1}, 400, "invalid"),
        ({"batch_id": "nowhere", "in_quantity": 1}, 404, "not_found"),
        ({"batch_number": "B" * 65, "in_quantity": 1}, 400, "invalid"),
        (
            {
                "batch_number": "B-1",
                "in_quantity": 1,
                "manufacturer_date": "2026-05-02",
                "expiry_date": "2026-05-01",
            },
            422,
            "invalid_expiry",
        ),
        ({"batch_number": "B-1", "in_quantity": 1, "expiry_date": "soon"}, 400, "invalid"),
        ({"batch_number": "B-1", "in_quantity": 6}, 422, "exceeds_expected"),
        (
            {"batch_number": "B-1", "in_quantity": 2, "storages": [{"in_quantity": 1}]},
            400,
            "invalid",
        ),
    ],
)
def test_batches_that_cannot_be_are_refused(zoho, glue, batch, status, error):
    with nothing_changed():
        refused = zoho.receive(
            glue["salesreturn_id"], line_of(glue, batches=[batch]), status=status
        )

    assert refused["error"] == error


def test_plain_goods_are_not_counted_by_batch(zoho, sale):
    made = zoho.create(sale, item(sale, "TENT", 1))["salesreturn"]

    with nothing_changed():
        refused = zoho.receive(
            made["salesreturn_id"],
            line_of(made, batches=[{"batch_number": "B-1", "in_quantity": 1}]),
            status=422,
        )

    assert refused["error"] == "not_batched"
    assert refused["error_info"] == ["/line_items/0/batches"]


def test_goods_go_to_the_location_of_their_line_unless_a_storage_is_named(zoho, sale):
    hall, shelf = LocationFactory(code="HALL"), LocationFactory(code="SHELF", name="Shelf")
    made = zoho.create(
        sale,
        item(sale, "TENT", 2, location_id=str(shelf.uuid)),
        item(sale, "PEG", 1),
        location_id="hall",
    )["salesreturn"]
    tent, peg = made["line_items"]
    assert (made["location_name"], tent["location_name"]) == ("HALL", "Shelf")
    assert peg["location_id"] == str(hall.uuid)

    came = zoho.receive(
        made["salesreturn_id"],
        {
            "line_item_id": tent["line_item_id"],
            "quantity": 1,
        },
        {"line_item_id": peg["line_item_id"], "quantity": 1},
        {
            "line_item_id": tent["line_item_id"],
            "storages": [{"storage_id": "HALL", "in_quantity": 1}],
        },
    )

    rows = came["salesreturn"]["line_items"]
    places = [[place["storage_name"] for place in row["storages"]] for row in rows]
    assert places == [["Shelf", "HALL"], ["HALL"]]
