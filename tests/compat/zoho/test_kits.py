"""Kits, and kits in kits, in the words of that system: items with mapped items below them."""

from __future__ import annotations

from typing import Any

import pytest

from returns.models import ReturnOrder
from sales.models import SalesOrder
from sales.services.sale import SaleComponent
from stock.models import Part
from tests.compat.calling import nothing_changed, same
from tests.compat.zoho.client import item, order_of, sold
from tests.factories import PartFactory, goods, sell
from tests.returns.kits import kit
from tests.returns.steps import D


@pytest.fixture
def camp(business: Any, bo: Any) -> SalesOrder:
    """Three camping sets: a tent and two fixings, each of three pegs."""
    kit("FIXING", ("PEG", "3"))
    kit("CAMP", ("TENT", "1"), ("FIXING", "2"))
    return sell(business, bo, goods("CAMP", "3", "10.00"), reference="SO-KIT")


def pieces(rma: ReturnOrder) -> dict[str, tuple[int, int]]:
    """Quantity and waived of the lines that stand, by SKU."""
    rows = rma.lines.filter(void=False).select_related("part")
    return {row.part.sku: (int(row.quantity), int(row.waived)) for row in rows}


def sku(row: dict[str, Any]) -> str:
    return str(Part.objects.get(uuid=row["item_id"]).sku)


def shape(items: list[dict[str, Any]]) -> list[Any]:
    """SKU, quantity, what is waived, kind, and what is mapped below."""
    return [
        (
            sku(row),
            row["quantity"],
            row["non_receive_quantity"],
            row["combo_type"],
            shape(row["mapped_items"]),
        )
        for row in items
    ]


def arrived(items: list[dict[str, Any]]) -> list[Any]:
    return [(sku(row), row["quantity"], arrived(row["mapped_items"])) for row in items]


def whole(kits: int, waived: int = 0) -> list[Any]:
    """The shape of so many whole camping sets."""
    peg = ("PEG", 6 * kits, 6 * waived, "", [])
    tent = ("TENT", kits, waived, "", [])
    return [("CAMP", kits, waived, "kit", [tent, ("FIXING", 2 * kits, 2 * waived, "kit", [peg])])]


def mapped(camp: SalesOrder, tents: int, pegs: int, kits: int = 1) -> dict[str, Any]:
    """A camping set with what is mapped below it, in full."""
    fixing = item(camp, "FIXING", 2, mapped_items=[item(camp, "PEG", pegs)])
    return item(camp, "CAMP", kits, mapped_items=[item(camp, "TENT", tents), fixing])


def test_whole_kits_come_back_as_the_tree_that_they_were_sold_as(zoho, camp):
    made = zoho.create(camp, item(camp, "CAMP", 2, non_receive_quantity=1))

    shown = made["salesreturn"]["line_items"]
    assert shape(shown) == whole(2, waived=1)
    assert shown[0]["is_combo_product"] is True
    assert shown[0]["line_item_id"] == str(sold(camp, "CAMP").uuid)
    assert pieces(order_of(made)) == {"TENT": (2, 1), "PEG": (12, 6)}
    assert zoho.list()["salesreturns"][0]["quantity"] == 3


def test_mapped_items_say_which_pieces_come(zoho, camp):
    made = zoho.create(camp, mapped(camp, tents=1, pegs=6))

    assert shape(made["salesreturn"]["line_items"]) == whole(1)
    assert pieces(order_of(made)) == {"TENT": (1, 0), "PEG": (6, 0)}


def test_a_kit_may_come_without_some_of_its_pieces(zoho, camp):
    fixing = item(camp, "FIXING", 2, mapped_items=[item(camp, "PEG", 5)])
    made = zoho.create(camp, item(camp, "CAMP", 1, mapped_items=[item(camp, "TENT", 0), fixing]))

    shown = made["salesreturn"]["line_items"]
    assert shape(shown) == [
        ("CAMP", 1, 0, "kit", [("FIXING", 2, 0, "kit", [("PEG", 5, 0, "", [])])])
    ]


def test_an_inner_kit_without_mapped_items_is_whole(zoho, camp):
    body = item(camp, "CAMP", 1, mapped_items=[item(camp, "TENT", 1), item(camp, "FIXING", 2)])

    made = zoho.create(camp, body)

    assert shape(made["salesreturn"]["line_items"]) == whole(1)


def test_quantities_for_one_kit_where_two_are_meant_are_refused(zoho, camp):
    """They are those of all kits together; to take them for one kit would lose half the goods."""
    body = mapped(camp, tents=1, pegs=6, kits=2)

    with nothing_changed():
        refused = zoho.create(camp, body, status=422)

    assert refused["error"] == "kit_mismatch"
    assert refused["error_info"] == ["/line_items/0/quantity"]


def test_half_a_kit_is_refused(zoho, camp):
    with nothing_changed():
        refused = zoho.create(camp, item(camp, "CAMP", 0.5), status=422)

    assert refused["error"] == "invalid_quantity"


def test_a_mapped_item_lies_below_its_kit(zoho, camp, sale):
    foreign = item(sale, "TENT", 1)

    with nothing_changed():
        refused = zoho.create(camp, item(camp, "CAMP", 1, mapped_items=[foreign]), status=404)

    assert refused["error_info"] == ["/line_items/0/mapped_items/0/salesorder_item_id"]


def test_more_kits_than_were_sold_are_refused_with_the_figures(zoho, camp):
    with nothing_changed():
        refused = zoho.create(camp, item(camp, "CAMP", 4), status=422)

    assert (refused["code"], refused["error"]) == (900002, "exceeds_returnable")


def test_whole_kits_are_received(zoho, camp):
    made = zoho.create(camp, item(camp, "CAMP", 2))["salesreturn"]
    kit_line = made["line_items"][0]["line_item_id"]

    came = zoho.receive(made["salesreturn_id"], {"line_item_id": kit_line, "quantity": 1})

    tree = [("CAMP", 1, [("TENT", 1, []), ("FIXING", 2, [("PEG", 6, [])])])]
    assert arrived(came["salesreturn"]["line_items"]) == tree
    shown = zoho.retrieve(made["salesreturn_id"])["salesreturn"]
    assert shown["receive_status"] == "partially_received"
    assert arrived(shown["salesreturnreceives"][0]["line_items"]) == tree


def test_pieces_of_kits_are_received_by_their_mapped_items(zoho, camp):
    made = zoho.create(camp, item(camp, "CAMP", 2))["salesreturn"]
    top = made["line_items"][0]
    tent, fixing = top["mapped_items"]
    peg = {"line_item_id": fixing["mapped_items"][0]["line_item_id"], "quantity": 6}
    body = {
        "line_item_id": top["line_item_id"],
        "quantity": 1,
        "mapped_items": [
            {"line_item_id": tent["line_item_id"], "quantity": 1},
            {"line_item_id": fixing["line_item_id"], "quantity": 2, "mapped_items": [peg]},
        ],
    }

    zoho.receive(made["salesreturn_id"], body)
    zoho.receive(made["salesreturn_id"], peg)

    shown = zoho.retrieve(made["salesreturn_id"])["salesreturn"]
    assert [arrived(row["line_items"]) for row in shown["salesreturnreceives"]] == [
        [("CAMP", 1, [("TENT", 1, []), ("FIXING", 2, [("PEG", 6, [])])])],
        [("CAMP", 1, [("FIXING", 2, [("PEG", 6, [])])])],
    ]


def test_serial_numbers_of_pieces_are_received_with_their_kit(zoho, business, bo):
    PartFactory(sku="DRILL", is_serialized=True)
    kit("SET", ("BOX", "1"), ("DRILL", "1"))
    parts = (SaleComponent("BOX", D("1")), SaleComponent("DRILL", D("1"), serials=("D-1", "D-2")))
    order = sell(business, bo, goods("SET", "2", "99.00", components=parts))
    made = zoho.create(order, item(order, "SET", 2))["salesreturn"]
    top = made["line_items"][0]
    drill = next(row for row in top["mapped_items"] if sku(row) == "DRILL")
    box = next(row for row in top["mapped_items"] if sku(row) == "BOX")
    body = {
        "line_item_id": top["line_item_id"],
        "quantity": 1,
        "mapped_items": [
            {"line_item_id": box["line_item_id"], "quantity": 1},
            {"line_item_id": drill["line_item_id"], "quantity": 1, "serial_numbers": ["D-2"]},
        ],
    }

    came = zoho.receive(made["salesreturn_id"], body)

    rows = came["salesreturn"]["line_items"][0]["mapped_items"]
    assert {sku(row): row["serial_numbers"] for row in rows} == {"BOX": [], "DRILL": ["D-2"]}


def test_what_was_shown_of_kits_can_be_sent_back_as_it_is(zoho, camp):
    made = zoho.create(camp, item(camp, "CAMP", 2, non_receive_quantity=1))["salesreturn"]

    with nothing_changed():
        again = zoho.update(made["salesreturn_id"], *made["line_items"])

    same(again["salesreturn"], made)


def test_a_number_of_kits_is_changed_with_all_their_pieces(zoho, camp):
    made = zoho.create(camp, item(camp, "CAMP", 2))["salesreturn"]
    kit_line = made["line_items"][0]["line_item_id"]

    now = zoho.update(made["salesreturn_id"], {"line_item_id": kit_line, "quantity": 1})

    assert shape(now["salesreturn"]["line_items"]) == whole(1)
    assert pieces(order_of(now)) == {"TENT": (1, 0), "PEG": (6, 0)}


def test_an_assembly_is_a_plain_item_with_its_kind(zoho, business, bo):
    PartFactory(sku="BIKE", kind="assembly")
    order = sell(business, bo, goods("BIKE", "1", "900.00"))

    shown = zoho.create(order, item(order, "BIKE", 1))["salesreturn"]["line_items"][0]

    kind = (shown["is_combo_product"], shown["combo_type"], shown["mapped_items"])
    assert kind == (True, "assembly", [])
