"""The dock over REST: parcels, receipts, decisions, credit, until the return is closed."""

from __future__ import annotations

import pytest

from returns.models import Receipt, ReturnOrder
from returns.services import request_return
from rmaproject.access.actors import SYSTEM
from stock.models import StockItem
from tests.api.caller import Caller, pointers, problem
from tests.factories import LocationFactory, actor_with, ask_return, goods, sell


@pytest.fixture
def sale(business, bo):
    return sell(business, bo, goods("TENT", "3", "50.00"))


def first_line(order):
    return str(order.lines.order_by("number").first().uuid)


def test_a_return_goes_from_parcel_to_closed(api, sale):
    rma = ask_return(sale, "2", issued=True)
    line = first_line(rma)
    parcel = api.post(f"/returns/{rma.uuid}/parcels/", {"tracking_number": "3S1"}).json()

    received = api.verb(
        rma,
        "receive",
        {
            "parcel": parcel["id"],
            "received_on": "2026-03-04",
            "note": "one box",
            "lines": [{"line": line, "quantity": "2", "condition": "opened", "note": "torn"}],
        },
    ).json()
    assert (received["goods"], received["lines"][0]["received"]) == ("received", "2")
    receipt = received["receipts"][0]
    assert (receipt["number"], receipt["received_on"], receipt["actor"]) == (1, "2026-03-04", "ada")
    assert receipt["parcel"] == parcel["id"]
    assert receipt["lines"][0]["line"] == line
    assert (receipt["lines"][0]["condition"], receipt["lines"][0]["quantity"]) == ("opened", "2")

    decision = {"line": line, "disposition": "restock", "quantity": "1"}
    api.verb(rma, "dispose", {"lines": [decision]})
    rest = {"line": line, "disposition": "scrap"}
    decided = api.verb(rma, "dispose", {"lines": [rest]}).json()
    assert decided["lines"][0]["accepted"] == "2"
    told = [(row["disposition"]["reference"], row["quantity"]) for row in decided["disposals"]]
    assert told == [("restock", "1"), ("scrap", "1")]
    assert decided["credit_owed"] is True

    one = api.verb(rma, "credit", {"lines": [{"line": line, "quantity": "1"}]}).json()
    assert (one["lines"][0]["credited"], one["money"]) == ("1", "due")
    assert problem(api.verb(rma, "complete"), 409)["code"] == "credit_owed"
    assert api.verb(rma, "credit").json()["lines"][0]["credited"] == "2"
    done = api.verb(rma, "complete").json()
    assert (done["status"], done["allowed_actions"]) == ("complete", ["reopen"])
    assert api.verb(rma, "reopen", {"reason": "one more"}).json()["status"] == "in_progress"


def test_more_than_is_expected_is_refused_with_the_figure(api, sale):
    rma = ask_return(sale, "2", issued=True)

    entry = {"line": first_line(rma), "quantity": "3"}
    refusal = problem(api.verb(rma, "receive", {"lines": [entry]}), 422)

    assert refusal["code"] == "exceeds_expected"
    assert refusal["facts"]["expected"] == "2"
    assert pointers(refusal) == {"/lines/0/quantity": "exceeds_expected"}
    rma.refresh_from_db()
    assert (rma.version, Receipt.objects.count(), rma.lines.get().received) == (2, 0, 0)


def test_a_line_of_another_return_is_not_found(api, sale):
    rma, other = ask_return(sale, issued=True), ask_return(sale, issued=True)
    entry = {"line": first_line(other), "quantity": "1"}

    for verb, body in {
        "receive": {"lines": [entry]},
        "dispose": {"lines": [{**entry, "disposition": "restock"}]},
        "credit": {"lines": [entry]},
        "release": {"lines": [entry]},
        "waive": {"lines": [entry]},
    }.items():
        assert pointers(problem(api.verb(rma, verb, body), 404)) == {"/lines/0/line": "not_found"}
    rma.refresh_from_db()
    assert rma.version == 2


def test_a_parcel_is_named_by_id_or_number_of_this_return(api, sale):
    rma, other = ask_return(sale, issued=True), ask_return(sale, issued=True)
    api.post(f"/returns/{other.uuid}/parcels/", {"carrier": "DHL"})
    entry = {"line": first_line(rma), "quantity": "1"}

    assert pointers(problem(api.verb(rma, "receive", {"parcel": 1, "lines": [entry]}), 404)) == {
        "/parcel": "not_found"
    }
    dock = LocationFactory(code="DOCK-9")
    made = api.post(f"/returns/{rma.uuid}/parcels/", {"carrier": "UPS", "location": "dock-9"})
    assert made.json()["location"]["reference"] == "DOCK-9"
    received = api.verb(rma, "receive", {"parcel": 1, "lines": [entry]}).json()

    assert received["receipts"][0]["parcel"] == made.json()["id"]
    assert received["receipts"][0]["lines"][0]["location"]["id"] == str(dock.uuid)


def test_a_place_named_by_code_takes_the_goods(api, sale):
    rma = ask_return(sale, issued=True)
    LocationFactory(code="SHELF")
    entry = {"line": first_line(rma), "quantity": "1", "location": "shelf"}

    api.verb(rma, "receive", {"lines": [entry]})

    item = StockItem.objects.get(part__sku="TENT")
    assert (item.location.code, item.state, item.quantity) == ("SHELF", "held", 1)


def test_what_nobody_announced_is_recorded_and_never_refused(api, sale):
    rma = ask_return(sale, issued=True)

    body = api.verb(
        rma,
        "receive",
        {
            "unexpected": [
                {"sku": "tent", "quantity": "2", "note": "surplus"},
                {"description": "A red box", "quantity": "1"},
            ]
        },
    ).json()

    found = [(row["sku"], row["description"], row["received"]) for row in body["lines"][1:]]
    assert found == [("TENT", "tent", "2"), (None, "A red box", "1")]
    assert all(row["unexpected"] for row in body["lines"][1:])
    assert body["goods"] == "expected"


def test_nothing_at_all_is_no_receipt(api, sale):
    rma = ask_return(sale, issued=True)

    assert problem(api.verb(rma, "receive", {}), 422)["code"] == "nothing_received"
    assert Receipt.objects.count() == 0


@pytest.mark.parametrize(
    ("entry", "pointer", "code"),
    [
        ({"quantity": "0"}, "/lines/0/quantity", "min_value"),
        ({"quantity": "-1"}, "/lines/0/quantity", "min_value"),
        ({}, "/lines/0/quantity", "required"),
        ({"quantity": "1", "condition": "eaten"}, "/lines/0/condition", "invalid_choice"),
        ({"quantity": "1.000001"}, "/lines/0/quantity", "max_decimal_places"),
        ({"quantity": "1", "grade": "A"}, "/lines/0/grade", "unknown_field"),
    ],
)
def test_a_receipt_that_cannot_be_read_is_malformed(api, sale, entry, pointer, code):
    rma = ask_return(sale, issued=True)

    body = {"lines": [{"line": first_line(rma), **entry}]}

    assert pointers(problem(api.verb(rma, "receive", body), 400)) == {pointer: code}
    assert Receipt.objects.count() == 0


def test_a_day_to_come_is_refused(api, sale):
    rma = ask_return(sale, issued=True)
    entry = {"line": first_line(rma), "quantity": "1"}

    body = {"received_on": "2999-01-01", "lines": [entry]}

    assert problem(api.verb(rma, "receive", body), 422)["code"] == "invalid_date"
    assert Receipt.objects.count() == 0


def test_a_unit_comes_back_only_as_itself(api, business, bo):
    drills = sell(business, bo, goods("DRILL", "2", serials=("D-1", "D-2")))
    unit = StockItem.objects.get(serial="D-1")
    asked = {"business": "1000", "customer": "BO", "lines": [{"stock_item": "D-1"}]}
    made = api.post("/returns/", asked).json()
    rma = ReturnOrder.objects.get(uuid=made["id"])
    api.verb(rma, "issue")
    entry = {"line": first_line(rma), "quantity": "1"}

    wrong = api.verb(rma, "receive", {"lines": [{**entry, "serial": "D-2"}]})
    assert problem(wrong, 422)["code"] == "wrong_serial"
    unit.refresh_from_db()
    assert unit.state == "sold"
    right = api.verb(rma, "receive", {"lines": [{**entry, "serial": "d-1"}]}).json()

    assert right["receipts"][0]["lines"][0]["serial"] == "D-1"
    unit.refresh_from_db()
    assert unit.state == "held"
    assert drills.lines.get().claimed == 1


def test_deciding_at_the_dock_needs_the_right_to_decide(business, sale, roles):
    agent = actor_with("Warehouse")
    group = agent.user.groups.get()
    group.permissions.remove(group.permissions.get(codename="dispose_return"))
    rma = ask_return(sale, issued=True)
    entry = {"line": first_line(rma), "quantity": "1", "disposition": "restock"}

    refused = Caller(agent.user).verb(rma, "receive", {"lines": [entry]})

    assert problem(refused, 403)["code"] == "not_permitted"
    assert Receipt.objects.count() == 0
    del entry["disposition"]
    assert Caller(agent.user).verb(rma, "receive", {"lines": [entry]}).status_code == 200


def test_more_than_waits_is_neither_decided_nor_credited(api, sale):
    rma = ask_return(sale, "2", issued=True)
    line = first_line(rma)
    entry = {"line": line, "quantity": "1", "disposition": "restock"}
    api.verb(rma, "receive", {"lines": [entry]})

    decide = api.verb(rma, "dispose", {"lines": [{"line": line, "disposition": "scrap"}]})
    credit = api.verb(rma, "credit", {"lines": [{"line": line, "quantity": "2"}]})

    assert problem(decide, 409)["code"] == "nothing_undecided"
    refusal = problem(credit, 422)
    assert (refusal["code"], refusal["facts"]["open"]) == ("exceeds_accepted", "1")
    assert rma.lines.get().credited == 0


def test_goods_are_received_while_the_return_is_held(api, sale):
    rma = ask_return(sale, issued=True)
    api.verb(rma, "hold", {"reason": "check"})

    body = api.verb(rma, "receive", {"lines": [{"line": first_line(rma), "quantity": "1"}]}).json()

    assert (body["status"], body["goods"]) == ("on_hold", "received")
    entry = {"line": first_line(rma), "disposition": "restock"}
    assert problem(api.verb(rma, "dispose", {"lines": [entry]}), 409)["code"] == "on_hold"
    assert rma.lines.get().accepted == 0


def test_a_repeated_receipt_counts_once(api, sale):
    rma = ask_return(sale, "2", issued=True)
    body = {"lines": [{"line": first_line(rma), "quantity": "1"}]}
    headers = {"If_Match": '"2"', "Idempotency_Key": "scan-1"}

    first = api.verb(rma, "receive", body, **headers)
    again = api.verb(rma, "receive", body, **headers)

    assert first.content == again.content
    assert Receipt.objects.count() == 1


def test_receipts_are_listed_below_their_return_and_all_together(api, sale):
    one, two = ask_return(sale, issued=True), ask_return(sale, issued=True)
    for rma in (one, two):
        api.verb(rma, "receive", {"lines": [{"line": first_line(rma), "quantity": "1"}]})

    below = api.get(f"/returns/{one.uuid}/receipts/").json()["results"]
    every = api.get("/receipts/").json()["results"]
    filtered = api.get(f"/receipts/?return_order={two.reference}").json()["results"]

    assert [row["return_order"]["reference"] for row in below] == [one.reference]
    shown = [row["return_order"]["reference"] for row in every]
    assert shown == [two.reference, one.reference]
    assert [row["return_order"]["reference"] for row in filtered] == [two.reference]
    single = api.get(f"/receipts/{below[0]['id']}/")
    assert (single.json(), single.headers["ETag"]) == (below[0], '"3"')
    assert api.get(f"/returns/{one.uuid}/receipts/{below[0]['id']}/").json() == below[0]


def test_a_line_may_be_named_by_its_number(api, sale):
    rma = ask_return(sale, "2", issued=True)

    by_number = api.verb(rma, "receive", {"lines": [{"line": 1, "quantity": "1"}]})
    as_text = api.verb(rma, "dispose", {"lines": [{"line": "1", "disposition": "restock"}]})
    unknown = api.verb(rma, "receive", {"lines": [{"line": 2, "quantity": "1"}]})

    assert as_text.json()["lines"][0]["accepted"] == by_number.json()["lines"][0]["received"] == "1"
    assert pointers(problem(unknown, 404)) == {"/lines/0/line": "not_found"}


@pytest.mark.parametrize("figure", ["1_000", "\u0967", "\uff11", "1,5", "0x1", True, "one", "-"])
def test_a_quantity_is_written_in_plain_digits(api, sale, figure):
    rma = ask_return(sale, "2", issued=True)

    refusal = api.verb(rma, "receive", {"lines": [{"line": 1, "quantity": figure}]})

    assert pointers(problem(refusal, 400)) == {"/lines/0/quantity": "invalid"}


@pytest.mark.parametrize("figure", ["2", 2, 2.0, " 2.00000", "2.", "+2", "0.2e1"])
def test_a_quantity_may_be_a_number_or_a_text(api, sale, figure):
    rma = ask_return(sale, "2", issued=True)

    received = api.verb(rma, "receive", {"lines": [{"line": 1, "quantity": figure}]})

    assert received.json()["lines"][0]["received"] == "2"


def test_a_refusal_of_one_line_of_many_says_which(api, cy, sale):
    stranger = {"business": "1000", "customer": cy.reference}
    sold = {"order_line": str(sale.lines.get().uuid), "quantity": "1"}
    rma = ask_return(sale, "1", issued=True)
    own = request_return(business=sale.business, customer=cy, actor=SYSTEM)

    asked = {**stranger, "lines": [{"part": "TENT", "quantity": "1"}, sold]}
    refusals = {
        "/lines/1/order_line": api.post("/returns/", asked),
        "/order_line": api.post(f"/returns/{own.uuid}/lines/", sold),
        "/lines/1/quantity": api.verb(
            rma, "release", {"lines": [{"line": 1, "quantity": n} for n in ("1", "7")]}
        ),
    }

    for pointer, refusal in refusals.items():
        assert list(pointers(problem(refusal, 422))) == [pointer]
