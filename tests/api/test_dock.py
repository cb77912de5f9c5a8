"""The dock over REST: surprises, matches, parcels, and what is taken back."""

from __future__ import annotations

from typing import Any

import pytest

from returns.models import Parcel, ReturnOrder
from returns.services import credit_return, issue_return, turn_returns
from rmaproject.access.actors import SYSTEM
from sales.models import CreditNote
from sales.services.businesses import edit_business
from stock.models import StockItem
from tests.api.caller import Caller, codes, problem
from tests.changes import picture
from tests.factories import CompanyFactory, PartFactory, actor_with, ask_return, goods, sell
from tests.returns.steps import decided, receive

pytestmark = pytest.mark.django_db


@pytest.fixture
def caller(ada: Any) -> Caller:
    return Caller(ada)


@pytest.fixture
def rma(business: Any, bo: Any) -> ReturnOrder:
    return ask_return(sell(business, bo, goods("TENT", "5", "50.00")), "2", issued=True)


def tag(order: ReturnOrder) -> str:
    order.refresh_from_db()
    return f'"{order.version}"'


def test_a_parcel_from_nobody_known_is_taken_in_and_matched(
    caller: Caller, business: Any, bo: Any
) -> None:
    anonymous = CompanyFactory(reference="ANON", name="Somebody")
    edit_business(business.pk, {"anonymous_customer": anonymous}, actor=SYSTEM)
    PartFactory(sku="TENT")

    made = caller.post("/returns/", {"business": "1000"})
    assert made.json()["customer"]["reference"] == "ANON"
    order = ReturnOrder.objects.get()
    caller.verb(order, "issue")
    taken = caller.verb(order, "receive", {"unexpected": [{"sku": "TENT", "quantity": "2"}]})

    assert taken.status_code == 200
    (line,) = taken.json()["lines"]
    assert (line["sku"], line["unexpected"], line["received"]) == ("TENT", True, "2")


def test_a_return_needs_a_customer_where_there_is_no_anonymous_one(
    caller: Caller, business: Any
) -> None:
    before = picture()

    body = problem(caller.post("/returns/", {"business": "1000"}), 422)

    assert body["code"] == "customer_missing"
    assert picture() == before


def test_a_line_without_a_sale_gets_its_order_line(
    caller: Caller, business: Any, bo: Any, rma: ReturnOrder
) -> None:
    sold = sell(business, bo, goods("PEG", "2", "5.00")).lines.get()
    taken = caller.verb(rma, "receive", {"unexpected": [{"sku": "PEG", "quantity": "2"}]})
    assert "match" in taken.json()["allowed_actions"]
    line = taken.json()["lines"][1]

    answer = caller.verb(
        rma, "match", {"lines": [{"line": line["id"], "order_line": str(sold.uuid)}]}
    )

    assert answer.status_code == 200
    matched = answer.json()["lines"][1]
    assert (matched["order_line"], matched["unexpected"]) == (str(sold.uuid), False)
    assert "match" not in answer.json()["allowed_actions"]


def test_a_match_beyond_what_was_sold_names_the_figures(caller: Caller, rma: ReturnOrder) -> None:
    sold = rma.lines.get().order_line
    assert sold is not None
    taken = caller.verb(rma, "receive", {"unexpected": [{"sku": "TENT", "quantity": "4"}]})
    line = taken.json()["lines"][1]["id"]
    before = picture()

    body = problem(
        caller.verb(rma, "match", {"lines": [{"line": line, "order_line": str(sold.uuid)}]}), 422
    )

    assert body["code"] == "exceeds_returnable"
    figures = {"order_line": str(sold.uuid), "requested": "4", "returnable": "3"}
    assert body["facts"]["lines"] == [figures]
    assert picture() == before


def test_a_batch_is_named_at_the_dock(caller: Caller, rma: ReturnOrder) -> None:
    PartFactory(sku="SOUP", is_batched=True)

    caller.verb(rma, "receive", {"unexpected": [{"sku": "SOUP", "batch": "L-1"}]})
    tent = str(rma.lines.get(number=1).uuid)
    given = {"line": tent, "quantity": "1", "batch": "L-1"}
    refusal = problem(caller.verb(rma, "receive", {"lines": [given]}), 422)

    batch = StockItem.objects.get().batch
    assert batch is not None
    assert batch.number == "L-1"
    assert refusal["code"] == "not_batched"


def test_a_receipt_is_taken_back(caller: Caller, rma: ReturnOrder) -> None:
    receipt = receive(rma.lines.get(), "2")

    answer = caller.post(
        f"/receipts/{receipt.uuid}/reverse/", {"reason": "Counted twice."}, If_Match=tag(rma)
    )

    assert answer.status_code == 201
    body = answer.json()
    assert (body["number"], body["reverses"], body["reversed_by"]) == (2, str(receipt.uuid), None)
    assert answer["ETag"] == tag(rma)
    assert caller.get(answer["Location"]).json() == body
    first = caller.get(f"/returns/{rma.uuid}/").json()["receipts"][0]
    assert first["reversed_by"] == body["id"]
    again = caller.post(f"/receipts/{receipt.uuid}/reverse/", {"reason": "x"}, If_Match=tag(rma))
    assert problem(again, 409)["code"] == "reversed_already"


def test_what_is_taken_back_needs_a_reason_and_the_version(
    caller: Caller, rma: ReturnOrder
) -> None:
    receipt = receive(rma.lines.get(), "2")
    path = f"/receipts/{receipt.uuid}/reverse/"
    before = picture()

    assert codes(caller.post(path, {}, If_Match="*")) == {"/reason": "required"}
    assert problem(caller.post(path, {"reason": "x"}), 428)["code"] == "version_required"
    assert problem(caller.post(path, {"reason": "x"}, If_Match='"1"'), 412)["code"]
    assert picture() == before


def test_goods_that_moved_on_stand_in_the_way_with_the_figures(
    caller: Caller, rma: ReturnOrder
) -> None:
    line = rma.lines.get()
    receipt = receive(line, "2")
    StockItem.objects.update(quantity=1)
    before = picture()

    refusal = problem(
        caller.post(f"/receipts/{receipt.uuid}/reverse/", {"reason": "x"}, If_Match="*"), 409
    )

    assert refusal["code"] == "stock_moved_on"
    assert (refusal["facts"]["quantity"], refusal["facts"]["there"]) == ("2", "1")
    assert picture() == before


def credited(business: Any, bo: Any) -> CreditNote:
    (note,) = credit_return(
        decided(sell(business, bo, goods("TENT", "1", "50.00"), paid=False)).pk, actor=SYSTEM
    )
    return note


def test_a_credit_note_is_taken_back(caller: Caller, business: Any, bo: Any) -> None:
    note = credited(business, bo)
    shown = caller.get(f"/credit-notes/{note.uuid}/")

    answer = caller.post(
        f"/credit-notes/{note.uuid}/reverse/", {"reason": "Wrong."}, If_Match=shown["ETag"]
    )

    assert answer.status_code == 201
    body = answer.json()
    assert (body["reverses"], body["gross"], body["open"]) == (str(note.uuid), "50.00", "0.00")
    assert caller.get(answer["Location"]).json() == body
    assert caller.get(f"/credit-notes/{note.uuid}/").json()["reversed_by"] == body["id"]
    order = ReturnOrder.objects.get()
    listed = caller.get(f"/credit-notes/?return_order={order.uuid}").json()["results"]
    assert {row["id"] for row in listed} == {str(note.uuid), body["id"]}
    assert "credit" in caller.get(f"/returns/{order.uuid}/").json()["allowed_actions"]


def test_the_same_key_takes_a_credit_note_back_once(caller: Caller, business: Any, bo: Any) -> None:
    note = credited(business, bo)
    headers = {"If_Match": "*", "Idempotency_Key": "k-1"}
    path, body = f"/credit-notes/{note.uuid}/reverse/", {"reason": "Wrong."}

    first = caller.post(path, body, **headers)
    second = caller.post(path, body, **headers)

    assert first.json() == second.json()
    assert CreditNote.objects.count() == 2


def test_taking_credit_back_needs_its_right(business: Any, bo: Any, roles: None) -> None:
    note = credited(business, bo)
    agent = Caller(actor_with("Service agent"))
    before = picture()

    refusal = problem(
        agent.post(f"/credit-notes/{note.uuid}/reverse/", {"reason": "x"}, If_Match="*"), 403
    )

    assert refusal["facts"] == {"permission": "returns.reverse_credit"}
    assert picture() == before


def test_a_parcel_is_changed_and_taken_out(caller: Caller, rma: ReturnOrder) -> None:
    made = caller.post(f"/returns/{rma.uuid}/parcels/", {"carrier": "DHL"})

    changed = caller.patch(made["Location"], {"tracking_number": "JD0002"}, If_Match=made["ETag"])
    gone = caller.delete(made["Location"], If_Match=changed["ETag"])

    assert changed.json()["tracking_number"] == "JD0002"
    assert changed.json()["carrier"] == "DHL"
    assert gone.status_code == 204
    assert caller.get(made["Location"]).json()["void"] is True
    again = problem(caller.delete(made["Location"], If_Match="*"), 409)
    assert again["code"] == "parcel_void"
    named = {"parcel": 1, "unexpected": [{"description": "Mug"}]}
    assert codes(caller.verb(rma, "receive", named)) == {"/parcel": "not_found"}


def test_a_parcel_that_came_stays(caller: Caller, rma: ReturnOrder) -> None:
    made = caller.post(f"/returns/{rma.uuid}/parcels/", {"carrier": "DHL"})
    line = str(rma.lines.get().uuid)
    taken = caller.verb(rma, "receive", {"parcel": 1, "lines": [{"line": line, "quantity": "1"}]})
    assert taken.json()["receipts"][0]["parcel"] == made.json()["id"]
    before = picture()

    refusal = problem(caller.delete(made["Location"], If_Match="*"), 409)

    assert (refusal["code"], refusal["facts"]) == ("parcel_received", {"receipts": 1})
    assert Parcel.objects.get().void is False
    assert picture() == before


def test_nothing_is_taken_back_while_returns_are_off(
    caller: Caller, business: Any, bo: Any
) -> None:
    note = credited(business, bo)
    turn_returns(on=False, actor=SYSTEM)

    refusal = problem(
        caller.post(f"/credit-notes/{note.uuid}/reverse/", {"reason": "x"}, If_Match="*"), 403
    )

    assert refusal["code"] == "returns_disabled"


def test_a_pending_blind_return_is_matched_too(caller: Caller, business: Any, bo: Any) -> None:
    sold = sell(business, bo, goods("TENT", "1", "50.00")).lines.get()
    made = caller.post(
        "/returns/",
        {"business": "1000", "customer": "BO", "lines": [{"part": "TENT", "quantity": "1"}]},
    )
    order = ReturnOrder.objects.get()

    answer = caller.verb(
        order,
        "match",
        {"lines": [{"line": 1, "invoice_line": str(sold.invoice_lines.get().uuid)}]},
    )

    assert made.json()["lines"][0]["order_line"] is None
    assert answer.json()["lines"][0]["order_line"] == str(sold.uuid)
    assert issue_return(order.pk, actor=SYSTEM).status == "in_progress"
