"""A return said anew by PUT: lines, numbers, reasons, places and custom fields."""

from __future__ import annotations

from typing import Any

import pytest

from returns.models import CustomField
from returns.services import (
    LineInput,
    create_custom_field,
    edit_custom_field,
    issue_return,
    request_return,
)
from rmaproject.access.actors import SYSTEM
from rmaproject.audit import trail
from tests.compat.calling import nothing_changed, same
from tests.compat.zoho.client import item, order_of, sold
from tests.factories import LocationFactory, PartFactory
from tests.returns.steps import D


@pytest.fixture
def made(zoho: Any, sale: Any) -> dict[str, Any]:
    """A return of two tents and four pegs."""
    found: dict[str, Any] = zoho.create(
        sale, item(sale, "TENT", 2), item(sale, "PEG", 4), reason="Too small"
    )["salesreturn"]
    return found


def told(answer: dict[str, Any]) -> list[tuple[str, float, float]]:
    rows = answer["salesreturn"]["line_items"]
    return [(row["name"], row["quantity"], row["non_receive_quantity"]) for row in rows]


def test_what_was_shown_can_be_sent_back_as_it_is(zoho, made):
    kept = {name: made[name] for name in ("salesreturn_number", "date", "reason", "location_id")}

    with nothing_changed():
        again = zoho.update(made["salesreturn_id"], *made["line_items"], **kept)

    same(again["salesreturn"], made)


def test_lines_change_and_those_left_out_are_taken_out(zoho, made, sale):
    tent = {**made["line_items"][0], "quantity": 1, "non_receive_quantity": 1}

    now = zoho.update(made["salesreturn_id"], tent)

    assert told(now) == [("TENT", 1, 1)]
    assert (sold(sale, "TENT").claimed, sold(sale, "PEG").claimed) == (2, 0)


def test_a_line_without_its_id_is_the_one_of_its_sold_line(zoho, made, sale):
    now = zoho.update(made["salesreturn_id"], item(sale, "TENT", 3), item(sale, "PEG", 4))

    ids = [row["line_item_id"] for row in now["salesreturn"]["line_items"]]
    assert ids == [row["line_item_id"] for row in made["line_items"]]
    assert told(now) == [("TENT", 3, 0), ("PEG", 4, 0)]


def test_a_line_is_added(zoho, sale):
    made = zoho.create(sale, item(sale, "TENT", 1))["salesreturn"]

    now = zoho.update(made["salesreturn_id"], *made["line_items"], item(sale, "PEG", 2))

    assert told(now) == [("TENT", 1, 0), ("PEG", 2, 0)]


def test_one_request_is_one_comment_and_all_its_steps_are_in_the_trail(zoho, made, sale):
    now = zoho.update(made["salesreturn_id"], item(sale, "TENT", 1), reason="Broken")

    verbs = [entry.verb for entry in trail.history(order_of(now))]
    assert verbs == ["create", "issue", "edit", "remove_line", "edit_line"]
    comments = now["salesreturn"]["comments"]
    assert [row["operation_type"] for row in comments] == ["Added", "Updated"]


def test_a_received_line_cannot_be_left_out_or_fall_below_what_came(zoho, made, sale):
    tent, peg = made["line_items"]
    zoho.receive(made["salesreturn_id"], {"line_item_id": tent["line_item_id"], "quantity": 2})

    with nothing_changed():
        left_out = zoho.update(made["salesreturn_id"], peg, status=422)
        less = zoho.update(made["salesreturn_id"], {**tent, "quantity": 1}, peg, status=422)

    assert (left_out["error"], less["error"]) == ("line_has_history", "below_received")
    assert less["error_info"] == ["/line_items/0/quantity"]


def test_what_was_waived_stays_waived(zoho, sale):
    made = zoho.create(sale, item(sale, "TENT", 1, non_receive_quantity=1))["salesreturn"]
    line = {**made["line_items"][0], "non_receive_quantity": 0}

    with nothing_changed():
        refused = zoho.update(made["salesreturn_id"], line, status=409)

    assert (refused["error"], refused["code"]) == ("waived_stays", 900012)
    assert refused["error_info"] == ["/line_items/0/non_receive_quantity"]


def test_number_reason_and_location_change(zoho, made):
    shelf = LocationFactory(code="SHELF")

    now = zoho.update(
        made["salesreturn_id"],
        *made["line_items"],
        salesreturn_number="RMA-NEW",
        reason="Broken",
        location_id=str(shelf.uuid),
    )["salesreturn"]

    assert (now["salesreturn_number"], now["reason"]) == ("RMA-NEW", "Broken")
    assert (now["location_id"], now["location_name"]) == (str(shelf.uuid), "SHELF")


def test_the_day_of_a_return_stays(zoho, made):
    with nothing_changed():
        refused = zoho.update(
            made["salesreturn_id"], *made["line_items"], date="2026-01-01", status=422
        )

    assert (refused["error"], refused["error_info"]) == ("date_stays", ["/date"])


def test_a_reason_that_we_know_is_kept_as_such(zoho, sale):
    made = zoho.create(sale, item(sale, "TENT", 1), reason="defective")

    order = order_of(made)
    assert order.reason is not None
    assert order.reason.code == "defective"
    assert made["salesreturn"]["reason"] == "defective"


def test_a_line_without_a_sale_is_sent_back_as_it_came(zoho, business, bo):
    blind = LineInput(D("2"), part=PartFactory(sku="LOST"))
    rma = request_return(business=business, customer=bo, lines=[blind], actor=SYSTEM)
    issue_return(rma.pk, actor=SYSTEM)
    shown = zoho.retrieve(str(rma.uuid))["salesreturn"]
    line = shown["line_items"][0]
    assert (shown["salesorder_id"], line["salesorder_item_id"], line["rate"]) == ("", "", 0)

    now = zoho.update(str(rma.uuid), {**line, "quantity": 1})

    assert now["salesreturn"]["line_items"][0]["quantity"] == 1


def test_a_field_that_is_not_in_use_any_more_is_not_told(zoho, sale, fields):
    given = [{"label": "Colour", "value": "Red"}, {"label": "Weight", "value": 2}]
    made = zoho.create(sale, item(sale, "TENT", 1), custom_fields=given)["salesreturn"]
    edit_custom_field(CustomField.objects.get(code="weight").pk, {"active": False}, actor=SYSTEM)

    shown = zoho.retrieve(made["salesreturn_id"])["salesreturn"]["custom_fields"]

    assert [row["label"] for row in shown] == ["Colour"]
    zoho.update(made["salesreturn_id"], *made["line_items"], custom_fields=shown)


@pytest.fixture
def fields(business: Any) -> None:
    for code, name, kind in (
        ("colour", "Colour", "text"),
        ("weight", "Weight", "number"),
        ("gift", "Is a gift", "boolean"),
        ("bought_on", "Bought on", "date"),
    ):
        values = {"target": "return", "code": code, "name": name, "kind": kind}
        create_custom_field(values, actor=SYSTEM)


def test_custom_fields_are_named_by_label_name_or_id(zoho, sale, fields):
    given = [
        {"label": "colour", "value": "Red"},
        {"api_name": "weight", "value": "2.50"},
        {"label": "Is a gift", "value": "true"},
        {"label": "Bought on", "value": "2026-02-01"},
    ]
    made = zoho.create(sale, item(sale, "TENT", 1), custom_fields=given)["salesreturn"]
    rows = {row["api_name"]: row for row in made["custom_fields"]}
    assert {name: row["value"] for name, row in rows.items()} == {
        "colour": "Red",
        "weight": "2.5",
        "gift": "true",
        "bought_on": "2026-02-01",
    }
    assert rows["gift"]["label"] == "Is a gift"

    change = {"customfield_id": rows["colour"]["customfield_id"], "value": "Blue"}
    now = zoho.update(
        made["salesreturn_id"],
        *made["line_items"],
        custom_fields=[change, {"label": "Weight", "value": ""}],
    )["salesreturn"]

    values = {row["api_name"]: row["value"] for row in now["custom_fields"]}
    assert values == {"colour": "Blue", "gift": "true", "bought_on": "2026-02-01"}
    assert zoho.list()["salesreturns"][0]["custom_fields"] == now["custom_fields"]


@pytest.mark.parametrize(
    "entry",
    [
        {"label": "Nowhere", "value": "x"},
        {"value": "x"},
        {"label": "Weight", "value": "heavy"},
        {"label": "Weight", "value": ["1"]},
        {"label": "Is a gift", "value": "maybe"},
        {"label": 7, "value": "x"},
        "Colour",
    ],
)
def test_custom_fields_that_make_no_sense_are_refused(zoho, sale, fields, entry):
    with nothing_changed():
        refused = zoho.create(sale, item(sale, "TENT", 1), custom_fields=[entry], status=400)

    assert refused["code"] == 4
    assert refused["error_info"][0].startswith("/custom_fields")
