"""Previews over REST: shown to who may act, kept by nobody, binding where their token is sent."""

from __future__ import annotations

import pytest

from returns.api.previews import PreviewOutput
from returns.models import ReturnOrder
from returns.services import add_extra_line, waive_return
from returns.services.releasing import QuantityInput
from rmaproject.access.actors import SYSTEM
from sales.models import CreditNote
from tests.api.caller import Caller, pointers, problem
from tests.api.returning import asked
from tests.api.test_return_shape import compare
from tests.changes import picture
from tests.factories import actor_with, ask_return, goods, sell


def one(sale, quantity="1"):
    return {"order_line": str(sale.lines.get().uuid), "quantity": quantity}


def test_a_new_return_is_previewed_and_made_as_shown(api, business, bo, sale):
    body = asked(business, bo, one(sale), reference="R-1")
    before = picture()

    seen = api.post("/returns/preview/", body)

    assert (seen.status_code, picture()) == (200, before)
    compare(seen.json(), PreviewOutput())
    assert seen.json()["totals"][0]["to_refund"] == "50.00"
    assert seen.json()["stock"][0]["from"] == ""
    made = api.post("/returns/", {**body, "preview": seen.json()["preview"]})
    assert (made.status_code, made.json()["reference"]) == (201, "R-1")


def test_a_stale_preview_is_refused_with_what_would_happen_now(api, business, bo, sale):
    body = asked(business, bo, one(sale))
    token = api.post("/returns/preview/", body).json()["preview"]
    sell(business, bo, goods("ROPE", "1", "20.00"), paid=False)

    refusal = problem(api.post("/returns/", {**body, "preview": token}), 409)

    assert refusal["code"] == "stale_preview"
    assert refusal["facts"]["preview"]["totals"][0]["to_refund"] == "30.00"
    assert ReturnOrder.objects.count() == 0
    fresh = refusal["facts"]["preview"]["preview"]
    assert api.post("/returns/", {**body, "preview": fresh}).status_code == 201


def test_a_refusal_is_an_answer_but_what_cannot_be_read_is_refused(api, business, bo, sale):
    answer = api.post("/returns/preview/", asked(business, bo, one(sale, "4"))).json()
    unread = api.post("/returns/preview/", asked(business, bo, {"quantity": "1"}))

    assert (answer["allowed"], answer["preview"]) == (False, None)
    assert answer["refusal"]["code"] == "exceeds_returnable"
    assert [(line["allowed"], line["code"]) for line in answer["lines"]] == [
        (False, "exceeds_returnable")
    ]
    compare(answer, PreviewOutput())
    assert pointers(problem(unread, 400)) == {"/lines/0": "one_of"}


@pytest.fixture
def owed(sale):
    """A return of which a unit is waived and not credited."""
    rma = ask_return(sale, "1", issued=True)
    waive_return(rma.pk, [QuantityInput(rma.lines.get(), 1)], actor=SYSTEM)
    return rma


def test_a_credit_is_previewed_and_booked_as_shown(api, owed):
    path = f"/returns/{owed.uuid}/preview/"
    seen = api.post(path)
    add_extra_line(owed.pk, {"kind": "fee", "name": "Fee", "gross_unit_price": -5}, actor=SYSTEM)
    stale = api.verb(owed, "credit", {"preview": seen.json()["preview"]})
    fresh = api.post(path, {"verb": "credit"}).json()

    booked = api.verb(owed, "credit", {"preview": fresh["preview"]})

    assert [seen.json()["totals"][0]["gross"], fresh["totals"][0]["gross"]] == ["50.00", "45.00"]
    assert problem(stale, 409)["code"] == "stale_preview"
    assert booked.status_code == 200
    assert CreditNote.objects.get().gross == 45


def test_issuing_shows_what_follows_and_is_bound_to_it(api, sale):
    rma = ask_return(sale, "2")
    seen = api.post(f"/returns/{rma.uuid}/preview/", {"verb": "issue"}).json()

    issued = api.verb(rma, "issue", {"preview": seen["preview"]})

    assert seen["totals"][0]["gross"] == "100.00"
    assert issued.json()["status"] == "in_progress"
    assert CreditNote.objects.count() == 0


def test_a_preview_needs_the_right_to_act(api, sale, owed, business, bo):
    warehouse = Caller(actor_with("Warehouse"))
    viewer = Caller(actor_with("Viewer"))
    path = f"/returns/{owed.uuid}/preview/"

    assert problem(viewer.post("/returns/preview/", asked(business, bo, one(sale))), 403)
    assert problem(warehouse.post(path), 403)["facts"]["permission"] == "returns.credit_return"
    assert warehouse.post(path, {"verb": "receive"}).status_code == 200
    assert pointers(problem(api.post(path, {"verb": "cancel"}), 400)) == {"/verb": "invalid_choice"}
