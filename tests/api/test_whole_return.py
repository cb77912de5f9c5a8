"""A whole return as the rules want it, over REST: asked, approved, inspected, credited, paid."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from returns.models import ReturnOrder
from rmaproject.shared import clock
from sales.models import Refund, SalesOrder
from sales.services.refunding import settle_due
from tests.api.caller import Caller, problem
from tests.api.returning import asked
from tests.api.test_outcomes import ledger, sold, sound, stock
from tests.api.test_refunds import verb
from tests.changes import picture
from tests.factories import actor_with, goods, sell

pytestmark = pytest.mark.django_db(transaction=True)

RULES = [
    {"aspect": "window", "then": {"days": 30, "from": "delivery"}},
    {"aspect": "fee", "then": {"percent": "10"}},
    {
        "aspect": "shipping",
        "then": {"paid_by": "customer", "amount": "4.95", "vat_percent": "21"},
    },
    {"aspect": "approval", "then": {"needed": "above", "above": "50.00", "four_eyes": True}},
    {"aspect": "inspection", "then": {"required": True}},
    {"aspect": "refund", "then": {"approval_above": "20.00", "four_eyes_above": "20.00"}},
    {"aspect": "deadline", "then": {"days": 14}},
]
SHEET = {
    "name": "Tents",
    "grades": [
        {"code": "A", "name": "As new", "verdict": "accepted", "disposition": "restock"},
        {"code": "C", "name": "Damaged", "verdict": "accepted", "share": "70"},
    ],
}


@pytest.fixture
def admin(roles: None) -> Caller:
    return Caller(actor_with("Administrator", username="root"))


@pytest.fixture
def cy(roles: None) -> Caller:
    """Another manager."""
    return Caller(actor_with("Manager", username="cy"))


@pytest.fixture
def eve(roles: None) -> Caller:
    return Caller(actor_with("Finance", username="eve"))


@pytest.fixture
def tents(business: Any, bo: Any, api: Caller) -> SalesOrder:
    """Three tents for 49.99 each, bought today and paid by card through the sandbox."""
    line = goods("TENT", "3", "49.99", name="Tent")
    order = sell(business, bo, line, paid=False, on=clock.today(business))
    paid = {
        "business": "1000",
        "customer": "BO",
        "amount": "149.97",
        "currency": "EUR",
        "gateway": "sandbox",
        "gateway_reference": "pay-1",
    }
    assert api.post("/payments/", paid).status_code == 201
    return order


def ruled(admin: Caller, business: Any) -> dict[str, Any]:
    """The rules, written and put in force, and the sheet for inspections."""
    draft = admin.post("/policies/", {"business": "1000", "rules": {"rules": RULES}}).json()
    today = str(clock.today(business))
    path = f"/policies/{draft['id']}/publish/"
    published = admin.post(path, {"valid_from": today}, If_Match='"1"')
    assert admin.post("/inspection-sheets/", SHEET).status_code == 201
    return dict(published.json())


def test_a_return_by_the_rules_from_request_to_payout(
    api: Caller, cy: Caller, eve: Caller, admin: Caller, business: Any, bo: Any, tents: SalesOrder
) -> None:
    policy = ruled(admin, business)

    # asked for by Ada, and not approved by her
    made = api.post("/returns/", asked(business, bo, sold(tents, "2"))).json()
    rma = ReturnOrder.objects.get(uuid=made["id"])
    waiting = api.verb(rma, "issue").json()
    own = problem(api.verb(rma, "approve"), 403)
    approved = cy.verb(rma, "approve").json()

    assert (made["policy"]["id"], waiting["status"]) == (policy["id"], "awaiting_approval")
    assert (waiting["deadline"], "approve" in waiting["allowed_actions"]) == (None, False)
    assert own["code"] == "own_request"
    assert (approved["status"], approved["approved_gross"]) == ("in_progress", "99.98")
    assert approved["deadline"] == str(clock.today(business) + timedelta(days=14))

    # received, not decided unseen, inspected, and set aside
    line = str(rma.lines.get().uuid)
    received = api.verb(rma, "receive", {"lines": [{"line": line, "quantity": "2"}]})
    unseen = {"lines": [{"line": line, "disposition": "quarantine"}]}
    before = picture()
    refused = problem(api.verb(rma, "dispose", unseen), 422)
    assert (refused["code"], picture()) == ("inspection_required", before)
    inspected = api.verb(rma, "inspect", {"lines": [{"line": line, "grade": "C"}]}).json()
    disposed = api.verb(rma, "dispose", unseen).json()

    assert received.json()["goods"] == "received"
    assert [(row["grade"], row["share"]) for row in inspected["inspections"]] == [("C", "70")]
    assert (disposed["money"], disposed["credit_owed"]) == ("due", True)
    assert stock() == {("TENT", "quarantined"): "2"}

    # credited as foreseen: 99.98, less 30 %, less 10 % of the rest, less 4.95
    seen = api.post(f"/returns/{rma.uuid}/preview/", {"verb": "credit"}).json()
    credited = api.verb(rma, "credit", {"preview": seen["preview"]})

    (total,) = seen["totals"]
    parts = {"goods": "99.98", "fee": "-36.99", "shipping": "-4.95"}
    assert (total["components"], total["to_refund"]) == (parts, "58.04")
    assert seen["approvals"] == [{"what": "refund", "amount": "58.04", "currency": "EUR"}]
    assert (credited.status_code, credited.json()["money"]) == (200, "due")
    (note,) = api.get("/credit-notes/").json()["results"]
    figures = [
        (row["kind"], row["name"], row["net"], row["tax"], row["gross"]) for row in note["lines"]
    ]
    assert figures == [
        ("goods", "Tent", "82.63", "17.35", "99.98"),
        ("fee", "Refund share 70 %", "-24.79", "-5.20", "-29.99"),
        ("fee", "Restocking fee 10 %", "-5.78", "-1.22", "-7.00"),
        ("shipping", "Return shipping", "-4.09", "-0.86", "-4.95"),
    ]
    assert [note[name] for name in ("net", "tax", "gross")] == ["47.97", "10.07", "58.04"]

    # paid back by three people
    refund = Refund.objects.get()
    alone = problem(verb(api, refund, "approve"), 403)
    ready = verb(cy, refund, "approve").json()
    both = problem(verb(cy, refund, "pay"), 403)
    paid = verb(eve, refund, "pay").json()
    settle_due()

    refund.refresh_from_db()
    assert (refund.approval_above, refund.four_eyes_above, refund.via) == (20, 20, "gateway")
    assert (alone["code"], both["code"]) == ("four_eyes", "four_eyes")
    assert (ready["state"], paid["state"], refund.state) == ("ready", "done", "done")
    people = (refund.requested_by, refund.approved_by, refund.paid_by)
    assert [str(person.username) for person in people if person] == ["ada", "cy", "eve"]

    # complete, and all books agree
    done = api.verb(rma, "complete").json()
    assert (done["status"], done["goods"], done["money"]) == ("complete", "received", "refunded")
    assert ledger() == {"cash": "91.93", "revenue": "-75.97", "tax": "-15.96"}
    sound()
