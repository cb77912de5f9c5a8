"""Kits over REST: made of parts, sold with them, returned whole or in pieces, restocked."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from rmaproject.access.actors import SYSTEM
from sales.models import OrderLine
from stock.models import Part, StockItem
from stock.services import book_in, set_kit_parts
from stock.services.kits import KitPartInput
from tests.api.caller import Caller, codes
from tests.changes import picture
from tests.factories import LocationFactory, PartFactory, goods, sell

pytestmark = pytest.mark.django_db


@pytest.fixture
def camp() -> Part:
    """A camping set: one tent and six pegs."""
    kit = PartFactory(sku="CAMP", kind="kit", name="Camping set")
    parts = [
        KitPartInput(PartFactory(sku="TENT"), Decimal(1), Decimal(3)),
        KitPartInput(PartFactory(sku="PEG"), Decimal(6), Decimal("0.5")),
    ]
    return set_kit_parts(kit.pk, parts, actor=SYSTEM)


def line(order: dict[str, Any], sku: str) -> dict[str, Any]:
    (found,) = [row for row in order["lines"] if row["sku"] == sku]
    return found


def sale(*lines: dict[str, Any]) -> dict[str, Any]:
    numbered = [
        {"number": n, "kind": "goods", "vat_percent": "21", "gross_unit_price": "10.00", **row}
        for n, row in enumerate(lines, start=1)
    ]
    return {
        "business": "1000",
        "reference": "ODE-1",
        "ordered_on": "2026-03-02",
        "currency": "EUR",
        "customer": {"reference": "BO"},
        "lines": numbered,
        "shipment": {"shipped_on": "2026-03-02"},
        "invoice": {"invoiced_on": "2026-03-02"},
    }


def test_a_kit_is_made_of_parts_and_shows_them(ada: Any) -> None:
    caller, tent = Caller(ada), PartFactory(sku="TENT", name="Tent")
    made = caller.post("/parts/", {"sku": "CAMP", "name": "Camping set", "kind": "kit"})

    address = f"/parts/{made.json()['id']}/kit-parts/"
    wanted = {"parts": [{"part": "tent", "quantity": "2", "value_weight": "1.5"}]}
    put = caller.call("PUT", address, wanted, If_Match='"1"')

    shown = {"id": str(tent.uuid), "reference": "TENT", "name": "Tent"}
    assert (made.json()["kind"], put.status_code, put["ETag"]) == ("kit", 200, '"2"')
    assert caller.get(address).json() == {
        "id": made.json()["id"],
        "version": 2,
        "parts": [{"part": shown, "quantity": "2", "value_weight": "1.5"}],
    }
    assert [row["sku"] for row in caller.get("/parts/?kind=kit").json()["results"]] == ["CAMP"]
    stale = caller.call("PUT", address, wanted, If_Match='"1"')
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")


def test_a_kit_in_itself_is_refused(ada: Any, camp: Part) -> None:
    wanted = {"parts": [{"part": "CAMP", "quantity": "1"}]}

    refused = Caller(ada).call("PUT", f"/parts/{camp.uuid}/kit-parts/", wanted, If_Match="*")

    assert (refused.status_code, refused.json()["code"]) == (422, "kit_cycle")


def test_kits_are_put_together_and_taken_apart(ada: Any, camp: Part) -> None:
    caller, shelf = Caller(ada), LocationFactory(code="SHELF")
    tent, peg = Part.objects.get(sku="TENT"), Part.objects.get(sku="PEG")
    book_in(tent, shelf, actor=SYSTEM, quantity=Decimal(1))
    body = {"location": "shelf", "quantity": "1"}

    before = picture()
    short = caller.post(f"/parts/{camp.uuid}/assemble/", body)
    assert (short.status_code, short.json()["code"]) == (409, "kit_incomplete")
    assert short.json()["facts"]["missing"] == [
        {"sku": "PEG", "needed": "6", "available": "0", "missing": "6"}
    ]
    assert picture() == before
    book_in(peg, shelf, actor=SYSTEM, quantity=Decimal(7))
    made = caller.post(f"/parts/{camp.uuid}/assemble/", body)
    assert (made.status_code, made.json()["sku"], made.json()["quantity"]) == (200, "CAMP", "1")
    apart = caller.post(f"/parts/{camp.uuid}/disassemble/", body)
    assert apart.json()["quantity"] == "0"
    assert StockItem.objects.get(part=peg).quantity == 7


def test_a_kit_on_a_sales_order_shows_its_parts(
    business: Any, bo: Any, ada: Any, camp: Part
) -> None:
    made = Caller(ada).post(
        "/sales-orders/",
        {
            "business": "1000",
            "customer": "BO",
            "lines": [{"part": "CAMP", "quantity": "2", "gross_unit_price": "9.99"}],
        },
    )

    order = made.json()
    kit, tent, peg = (line(order, sku) for sku in ("CAMP", "TENT", "PEG"))
    assert (made.status_code, order["gross"]) == (201, "19.98")
    assert (kit["kind"], kit["parent"], kit["per_kit"], kit["value_share"]) == (
        "kit",
        None,
        None,
        None,
    )
    assert kit["components"] == [tent["id"], peg["id"]]
    assert (peg["kind"], peg["parent"], peg["per_kit"], peg["quantity"]) == (
        "goods",
        kit["id"],
        "6",
        "12",
    )
    assert (tent["value_share"], peg["value_share"]) == ("10.00", "9.98")
    listed = Caller(ada).get(f"/sales-orders/{order['id']}/lines/").json()["results"]
    assert {row["sku"]: row["parent"] for row in listed} == {
        "CAMP": None,
        "TENT": kit["id"],
        "PEG": kit["id"],
    }


def test_a_sale_may_tell_what_its_kits_were_made_of(business: Any, bo: Any, ada: Any) -> None:
    inner = {"sku": "FIX", "quantity": "2", "components": [{"sku": "PEG", "quantity": "3"}]}
    told = {
        "sku": "CAMP",
        "quantity": "2",
        "components": [{"sku": "TENT", "quantity": "1", "serials": ["T-1", "T-2"]}, inner],
    }
    caller = Caller(ada)

    made = caller.post("/sales-orders/record/", sale(told))

    order = made.json()
    assert made.status_code == 201
    assert [(row["kind"], row["sku"], row["quantity"]) for row in order["lines"]] == [
        ("kit", "CAMP", "2"),
        ("goods", "TENT", "2"),
        ("kit", "FIX", "4"),
        ("goods", "PEG", "12"),
    ]
    assert len(line(order, "TENT")["stock_items"]) == 2
    assert [row["kind"] for row in order["invoices"][0]["lines"]] == ["goods", "goods"]
    again = caller.post("/sales-orders/record/", sale(told))
    assert (again.status_code, again.json()["id"]) == (200, order["id"])
    other = sale({**told, "components": [inner]})
    changed = caller.post("/sales-orders/record/", other)
    assert (changed.status_code, changed.json()["code"]) == (409, "reference_exists")


def test_kits_in_kits_may_lie_deep(business: Any, bo: Any, ada: Any) -> None:
    told: dict[str, Any] = {"sku": "P-0", "quantity": "1"}
    for depth in range(1, 13):
        told = {"sku": f"P-{depth}", "quantity": "1", "components": [told]}

    made = Caller(ada).post("/sales-orders/record/", sale(told))

    assert (made.status_code, len(made.json()["lines"])) == (201, 13)
    assert line(made.json(), "P-0")["value_share"] == "10.00"


def test_components_of_a_discount_are_refused(business: Any, bo: Any, ada: Any) -> None:
    told = {
        "kind": "discount",
        "quantity": "1",
        "gross_unit_price": "-1",
        "components": [{"sku": "PEG", "quantity": "1"}],
    }

    refused = Caller(ada).post("/sales-orders/record/", sale(told))

    assert (refused.status_code, codes(refused)) == (400, {"/lines/0/components": "not_a_kit"})


def test_a_kit_is_returned_whole_and_restocked_as_kit(
    business: Any, bo: Any, ada: Any, camp: Part
) -> None:
    order = sell(business, bo, goods("CAMP", "2", "9.99"))
    kit = OrderLine.objects.get(order=order, kind="kit")
    caller = Caller(ada)
    body = {"business": "1000", "customer": "BO"}

    lines = [{"order_line": str(kit.uuid), "quantity": "1"}]
    made = caller.post("/returns/", {**body, "lines": lines}).json()

    assert [(row["sku"], row["quantity"], row["kit_line"]) for row in made["lines"]] == [
        ("TENT", "1", str(kit.uuid)),
        ("PEG", "6", str(kit.uuid)),
    ]
    shown = caller.get(f"/sales-orders/{order.uuid}/").json()
    assert line(shown, "CAMP")["returnable_quantity"] == "1"
    more = caller.post("/returns/", {**body, "lines": [{**lines[0], "quantity": "2"}]})
    assert (more.status_code, more.json()["code"]) == (422, "exceeds_returnable")
    assert more.json()["facts"]["lines"] == [
        {"order_line": str(kit.uuid), "requested": "2", "returnable": "1"}
    ]
    address = f"/returns/{made['id']}"
    caller.post(f"{address}/issue/", {}, If_Match="*")
    arrivals = [{"line": row["id"], "quantity": row["quantity"]} for row in made["lines"]]
    caller.post(f"{address}/receive/", {"lines": arrivals[:1]}, If_Match="*")
    wanted = {"kit_line": str(kit.uuid), "disposition": "restock"}
    short = caller.post(f"{address}/restock-kit/", wanted, If_Match="*")
    assert (short.status_code, short.json()["code"]) == (409, "kit_incomplete")
    caller.post(f"{address}/receive/", {"lines": arrivals[1:]}, If_Match="*")
    done = caller.post(f"{address}/restock-kit/", wanted, If_Match="*")
    assert (done.status_code, [row["accepted"] for row in done.json()["lines"]]) == (
        200,
        ["1", "6"],
    )
    assert StockItem.objects.get(part=camp).quantity == 1
