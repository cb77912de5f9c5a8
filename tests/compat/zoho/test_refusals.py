"""Who may not, what cannot be read, what is not there: an honest status, and nothing changed."""

from __future__ import annotations

from typing import Any

import pytest

from returns.services import turn_returns
from rmaproject.access.actors import SYSTEM
from sales.models import SalesOrder
from tests.compat.calling import body_of, nothing_changed
from tests.compat.zoho.client import Zoho, item, refused
from tests.factories import BusinessFactory, CompanyFactory, actor_with, goods, sell

NOWHERE = "00000000-0000-4000-8000-000000000000"


def calls(sale: SalesOrder, made: dict[str, Any], came: str) -> list[tuple[str, str, Any]]:
    """Every operation once, with a body that would be right."""
    line = made["line_items"][0]
    receive = {"line_items": [{"line_item_id": line["line_item_id"], "quantity": 1}]}
    ident = made["salesreturn_id"]
    create = {"salesorder_id": str(sale.uuid), "line_items": [item(sale, "PEG", 1)]}
    return [
        ("GET", "/salesreturns", None),
        ("POST", "/salesreturns", create),
        ("GET", f"/salesreturns/{ident}", None),
        ("PUT", f"/salesreturns/{ident}", {"line_items": [line, item(sale, "PEG", 1)]}),
        ("DELETE", f"/salesreturns/{ident}", None),
        ("POST", "/salesreturnreceives", {"salesreturn_id": ident, **receive}),
        ("DELETE", f"/salesreturnreceives/{came}", None),
    ]


def test_without_a_token_or_with_a_wrong_one_nothing_is_answered(zoho, sale, made, came):
    nobody, wrong = Zoho(), Zoho()
    wrong.headers["Authorization"] = "Zoho-oauthtoken nonsense"

    with nothing_changed():
        for caller in (nobody, wrong):
            for method, path, body in calls(sale, made, came):
                refused(caller.ask(method, path, body), 401, 14)


def test_a_token_of_ours_under_another_word_is_not_taken(zoho, ada):
    other = Zoho(ada)
    other.headers["Authorization"] = other.headers["Authorization"].replace("Zoho-oauth", "")

    refused(other.ask("GET", "/salesreturns"), 401, 14)


def test_who_only_sees_changes_nothing(zoho, sale, made, came, roles):
    viewer = Zoho(actor_with("Viewer"))

    with nothing_changed():
        for method, path, body in calls(sale, made, came):
            if method == "GET":
                assert body_of(viewer.ask(method, path))["code"] == 0
            else:
                refused(viewer.ask(method, path, body), 403, 57)


def test_who_may_not_see_credit_notes_is_not_told_of_them(zoho, made, roles):
    viewer = Zoho(actor_with("Viewer"))

    shown = viewer.retrieve(made["salesreturn_id"])["salesreturn"]

    assert "creditnotes" not in shown
    assert "refunded_amount" not in shown
    assert "refunded_amount" not in viewer.list()["salesreturns"][0]


def test_waiving_needs_its_right(sale, roles):
    agent = Zoho(actor_with("Service agent"))

    with nothing_changed():
        answer = agent.create(sale, item(sale, "TENT", 1, non_receive_quantity=1), status=403)

    assert answer["code"] == 57


def test_what_belongs_to_another_organization_is_not_there(zoho, ada, sale, made, came):
    BusinessFactory(code="2000")
    other = Zoho(ada, organization="2000")

    with nothing_changed():
        for method, path, body in calls(sale, made, came):
            if (method, path) == ("GET", "/salesreturns"):
                assert other.list()["salesreturns"] == []
            else:
                refused(other.ask(method, path, body), 404, 1002)


@pytest.mark.parametrize("organization", ["", "3000", "0", "\x00", NOWHERE, "1000 OR 1=1"])
def test_an_unknown_organization_has_its_own_number(ada, sale, made, came, organization):
    caller = Zoho(ada, organization=organization)

    with nothing_changed():
        for method, path, body in calls(sale, made, came):
            refused(caller.ask(method, path, body), 404, 6041)


def test_an_organization_is_named_by_its_id_too(zoho, ada, business, made):
    by_id = Zoho(ada, organization=str(business.uuid))

    assert len(by_id.list()["salesreturns"]) == 1


def test_while_returns_are_off_every_door_says_so(zoho, sale, made, came):
    turn_returns(on=False, actor=SYSTEM)

    with nothing_changed():
        for method, path, body in calls(sale, made, came):
            answer = refused(zoho.ask(method, path, body), 403, 900001)
            assert answer["error"] == "returns_disabled"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/items",
        "/salesreturns/a/b",
        "/salesreturns//",
        "/salesreturnreceives/a/b",
        "/a%0Ab",
    ],
)
def test_addresses_that_lead_nowhere_say_so_in_the_envelope(zoho, path):
    refused(zoho.ask("GET", path), 404, 5)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PATCH", "/salesreturns"),
        ("DELETE", "/salesreturns"),
        ("PUT", "/salesreturns"),
        ("POST", f"/salesreturns/{NOWHERE}"),
        ("GET", "/salesreturnreceives"),
        ("GET", f"/salesreturnreceives/{NOWHERE}"),
        ("OPTIONS", "/salesreturns"),
    ],
)
def test_methods_that_an_address_does_not_know_are_named(zoho, method, path):
    answer = zoho.ask(method, path)

    refused(answer, 405, 6)
    assert answer.headers["Allow"]


def test_a_wrong_method_is_named_before_a_wrong_organization(ada):
    refused(Zoho(ada, organization="3000").ask("PATCH", "/salesreturns"), 405, 6)


@pytest.mark.parametrize("ident", [NOWHERE, "1", "%00", "x" * 300, "RMA-0001"])
def test_returns_and_receives_that_are_not_there(zoho, made, ident):
    refused(zoho.ask("GET", f"/salesreturns/{ident}"), 404, 1002)
    refused(zoho.ask("DELETE", f"/salesreturns/{ident}"), 404, 1002)
    refused(zoho.ask("DELETE", f"/salesreturnreceives/{ident}"), 404, 1002)


def test_a_receive_that_was_deleted_is_not_there_any_more(zoho, came):
    zoho.unreceive(came)

    with nothing_changed():
        assert zoho.unreceive(came, 404)["code"] == 1002


def test_a_create_names_its_sales_order_and_its_lines(zoho, sale):
    """Without them there is no customer to book to."""
    bodies = [{"line_items": [item(sale, "TENT", 1)]}, {}, {"line_items": []}]

    with nothing_changed():
        for body in bodies:
            refused(zoho.ask("POST", "/salesreturns", body), 400, 4)
        for lines in ([], [{"quantity": 1}], [{"item_id": item(sale, "TENT")["item_id"]}]):
            zoho.create(sale, *lines, status=400)


def test_a_sales_order_is_named_by_its_number_too(zoho, sale):
    body = {"line_items": [item(sale, "TENT", 1)], "salesorder_id": "so-00032"}

    assert body_of(zoho.ask("POST", "/salesreturns", body), 201)["code"] == 0


def test_the_line_of_another_sales_order_is_not_there(zoho, business, sale):
    other = sell(business, CompanyFactory(reference="CY"), goods("TENT", "1", "50.00"))

    with nothing_changed():
        answer = zoho.create(sale, item(other, "TENT", 1), status=404)

    assert answer["error_info"] == ["/line_items/0/salesorder_item_id"]


def test_an_item_is_the_one_of_its_sold_line(zoho, sale):
    mixed = {**item(sale, "TENT", 1), "item_id": item(sale, "PEG")["item_id"]}

    with nothing_changed():
        answer = zoho.create(sale, mixed, status=422)

    assert (answer["error"], answer["error_info"]) == ("wrong_part", ["/line_items/0/item_id"])


def test_more_than_was_shipped_is_refused_with_the_figures(zoho, sale):
    with nothing_changed():
        answer = zoho.create(sale, item(sale, "TENT", 4), status=422)

    assert (answer["code"], answer["error"]) == (900002, "exceeds_returnable")
    assert answer["message"] == "Only 3 of this line can be returned, not 4."


def test_more_than_is_expected_is_refused(zoho, made):
    line = {"line_item_id": made["line_items"][0]["line_item_id"], "quantity": 3}

    with nothing_changed():
        answer = zoho.receive(made["salesreturn_id"], line, status=422)

    assert (answer["error"], answer["error_info"]) == (
        "exceeds_expected",
        ["/line_items/0/quantity"],
    )


def test_goods_that_moved_on_keep_their_receive(zoho, sale, made, came):
    from stock.models import StockItem
    from stock.services import relocate
    from tests.factories import LocationFactory

    stock = StockItem.objects.get(part__sku="TENT", state="held")
    relocate(stock.pk, location=LocationFactory(), actor=SYSTEM)

    with nothing_changed():
        answer = zoho.unreceive(came, 409)

    assert (answer["code"], answer["error"]) == (900008, "stock_moved_on")
