"""What cannot be is refused by name, with the figures, and nothing changes: money and decisions."""

from __future__ import annotations

from typing import Any

import pytest

from returns.models import ReturnOrder
from sales.models import CreditNote, Refund
from tests.api.caller import Caller, pointers, problem
from tests.changes import picture
from tests.factories import actor_with, ask_return, goods, sell
from tests.refunds.money import bank_of, credited, refund_of
from tests.returns.ruling import publish, rule
from tests.returns.steps import decided, receive

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(roles):
    return Caller(actor_with("Administrator").user)


@pytest.fixture
def refund(business, bo) -> Refund:
    """10.00 that wait to be paid back."""
    bank_of(bo)
    return refund_of(credited(business, bo))


@pytest.fixture
def open_note(api, refund) -> CreditNote:
    """10.00 credited, paid, and promised to no refund."""
    assert on(api, "refunds", refund, "cancel").status_code == 200
    return CreditNote.objects.get()


@pytest.fixture
def rma(business, bo) -> ReturnOrder:
    """Three tents, announced; nothing has come."""
    return ask_return(sell(business, bo, goods("TENT", "3", "50.00")), "3", issued=True)


def on(api: Caller, kind: str, record: Any, verb: str, body: Any = None) -> Any:
    """A verb on a record, based on its present version."""
    record.refresh_from_db()
    path = f"/{kind}/{record.uuid}/{verb}/"
    return api.post(path, body or {}, If_Match=f'"{record.version}"')


def line(rma: ReturnOrder, **values: Any) -> dict[str, Any]:
    return {"lines": [{"line": str(rma.lines.get().uuid), **values}]}


def test_no_more_is_refunded_than_the_note_has_open(api, open_note):
    before = picture()

    refused = problem(on(api, "credit-notes", open_note, "refund", {"amount": "10.01"}), 422)

    assert refused["code"] == "exceeds_credit"
    assert refused["facts"] == {"amount": "10.01", "open": "10.00"}
    assert picture() == before


def test_a_refund_is_not_raised_above_what_is_owed(api, refund):
    before = picture()

    refused = problem(on(api, "refunds", refund, "change", {"amount": "10.01"}), 422)

    assert refused["code"] == "exceeds_credit"
    assert refused["facts"] == {"amount": "10.01", "open": "10.00"}
    assert picture() == before


@pytest.mark.parametrize("amount", ["-1", "0", "0.001"])
def test_a_refund_is_of_an_amount_that_can_be_paid(api, refund, amount):
    before = picture()

    refused = problem(on(api, "refunds", refund, "change", {"amount": amount}), 422)

    assert (refused["code"], pointers(refused)) == (
        "invalid_amount",
        {"/amount": "invalid_amount"},
    )
    assert picture() == before


def test_a_refund_is_in_the_currency_of_its_note(api, open_note):
    before = picture()
    body = {"amount": "1.00", "currency": "USD"}

    refused = problem(on(api, "credit-notes", open_note, "refund", body), 422)

    assert (refused["code"], refused["facts"]) == ("wrong_currency", {"currency": "EUR"})
    assert picture() == before


def test_a_refund_that_was_asked_for_is_not_asked_for_again(api, refund):
    note = CreditNote.objects.get()
    before = picture()

    refused = problem(on(api, "credit-notes", note, "refund"), 409)

    assert refused["code"] == "nothing_to_refund"
    assert refused["facts"] == {
        "gross": "10.00",
        "applied": "0.00",
        "kept": "0.00",
        "refunded": "0.00",
        "refunding": "10.00",
    }
    assert picture() == before


def test_a_refund_that_was_paid_is_not_paid_again(api, refund):
    for verb in ("approve", "pay", "confirm"):
        assert on(api, "refunds", refund, verb).status_code == 200
    before = picture()

    refused = problem(on(api, "refunds", refund, "pay"), 409)

    assert (refused["code"], refused["current_status"]) == ("illegal_transition", "done")
    assert picture() == before


def test_an_account_that_cannot_be_is_refused(api, refund):
    before = picture()
    told = {"bank_details": {"owner": "Bo", "iban": "NL00ABNA0417164300"}}

    refused = problem(on(api, "refunds", refund, "details", told), 422)

    assert pointers(refused) == {"/bank_details/iban": "invalid_iban"}
    assert "ABNA" not in str(refused)
    assert picture() == before


@pytest.mark.parametrize(
    ("path", "verb"), [("receive", "receive"), ("credit", "credit"), ("inspect", "inspect")]
)
def test_a_quantity_is_not_below_zero(api, rma, path, verb):
    receive(rma.lines.get(), "3")
    before = picture()

    refused = problem(api.verb(rma, verb, line(rma, quantity="-1")), 400)

    assert pointers(refused) == {"/lines/0/quantity": "min_value"}
    assert picture() == before


def test_no_more_is_credited_than_was_accepted(api, business, bo):
    rma = decided(sell(business, bo, goods("TENT", "3", "50.00")), "2")
    before = picture()

    refused = problem(api.verb(rma, "credit", line(rma, quantity="3")), 422)

    assert (refused["code"], refused["facts"]) == ("exceeds_accepted", {"open": "2"})
    assert picture() == before


def test_goods_that_have_not_come_are_not_inspected(api, rma):
    receive(rma.lines.get(), "1")
    before = picture()

    refused = problem(api.verb(rma, "inspect", line(rma, quantity="2", verdict="accepted")), 422)

    assert (refused["code"], refused["facts"]) == ("exceeds_received", {"open": "1"})
    assert picture() == before


def test_goods_are_not_disposed_of_before_an_inspection_that_the_rules_ask_for(api, business, bo):
    publish(business, rule("inspection", {"required": True}))
    rma = ask_return(sell(business, bo, goods("TENT", "3", "50.00")), "3", issued=True)
    receive(rma.lines.get(), "3")
    before = picture()

    refused = problem(api.verb(rma, "dispose", line(rma, disposition="restock")), 422)

    assert (refused["code"], pointers(refused)) == (
        "inspection_required",
        {"/lines/0/line": "inspection_required"},
    )
    assert picture() == before


def test_rules_that_contradict_each_other_are_not_kept(admin, business):
    rules = [rule("fee", {"percent": "10"}), rule("fee", {"percent": "15"})]
    before = picture()

    refused = problem(
        admin.post("/policies/", {"business": "1000", "rules": {"rules": rules}}), 422
    )

    assert refused["code"] == "rules_contradict"
    assert refused["facts"] == {"aspect": "fee", "rule": 2, "earlier_rule": 1}
    assert picture() == before


def test_two_versions_of_the_rules_are_not_in_force_on_one_day(admin, business):
    running = publish(business, rule("fee", {"percent": "10"}))
    rules = {"rules": [rule("fee", {"percent": "15"})]}
    draft = admin.post("/policies/", {"business": "1000", "rules": rules}).json()["id"]
    day = str(running.valid.lower)
    before = picture()

    refused = problem(
        admin.post(f"/policies/{draft}/publish/", {"valid_from": day}, If_Match='"1"'), 409
    )

    assert refused["code"] == "policy_overlaps"
    assert picture() == before
