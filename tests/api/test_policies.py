"""Rules for returns over REST, and what they say about a return."""

from __future__ import annotations

from datetime import timedelta

import pytest

from returns.api.eligibility import EligibilityOutput
from returns.api.policies import PolicyOutput
from returns.api.policy_shapes import ReplayOutput
from returns.models import PolicyVersion, ReturnOrder
from returns.services import issue_return
from rmaproject.access.actors import SYSTEM
from rmaproject.shared import clock
from sales.models import Shipment
from tests.api.caller import Caller, pointers, problem
from tests.api.returning import asked, unchanged
from tests.api.test_shapes import mismatches
from tests.factories import BusinessFactory, actor_with, goods, sell
from tests.returns.ruling import ask, publish, rule

FINAL = rule("final_sale", {"final": True})


@pytest.fixture
def admin(roles):
    return Caller(actor_with("Administrator").user)


def line_of(sale, quantity="1"):
    return {"order_line": str(sale.lines.get().uuid), "quantity": quantity}


def test_a_version_is_drafted_published_and_ended(business, admin):
    today = clock.today(business)
    made = admin.post("/policies/", {"business": "1000", "rules": {"rules": [FINAL]}})
    path = f"/policies/{made.json()['id']}/"
    named = admin.patch(path, {"name": "Spring"}, If_Match='"1"')
    published = admin.post(f"{path}publish/", {"valid_from": str(today)}, If_Match='"2"')
    day = str(today + timedelta(days=9))
    ended = admin.post(f"{path}end/", {"on": day}, If_Match='"3"')

    assert (made.status_code, made.json()["status"]) == (201, "draft")
    assert made.json()["sentences"] == ["The sale is final."]
    assert named.json()["name"] == "Spring"
    assert published.json()["valid_from"] == str(today)
    assert (ended.json()["valid_until"], ended.json()["status"]) == (day, "published")
    assert mismatches(ended.json(), PolicyOutput(), path) == []
    assert admin.get(path).json() == ended.json()
    history = admin.get(f"{path}history/").json()["results"]
    assert [entry["verb"] for entry in history] == ["create", "edit", "publish", "end"]


def test_a_version_for_tomorrow_is_withdrawn_and_one_of_today_is_not(business, admin):
    today = clock.today(business)
    running = publish(business, FINAL)
    coming = publish(business, on=today + timedelta(days=1))

    refused = problem(admin.post(f"/policies/{running.uuid}/withdraw/", If_Match="*"), 409)
    answer = admin.post(f"/policies/{coming.uuid}/withdraw/", If_Match=f'"{coming.version}"')

    assert (refused["code"], refused["facts"]) == ("policy_began", {"begins": str(today)})
    assert (answer.status_code, answer.json()["status"]) == (200, "draft")
    assert admin.get(f"/policies/{running.uuid}/").json()["valid_until"] is None


def test_a_draft_is_thrown_away_and_a_published_version_is_not(business, admin):
    draft = admin.post("/policies/", {"business": "1000"}).json()["id"]
    kept = publish(business, FINAL)

    gone = admin.delete(f"/policies/{draft}/", If_Match='"1"')
    refused = problem(admin.delete(f"/policies/{kept.uuid}/", If_Match="*"), 409)

    assert (gone.status_code, refused["code"]) == (204, "policy_published")
    problem(admin.get(f"/policies/{draft}/"), 404)
    assert [row["id"] for row in admin.get("/policies/").json()["results"]] == [str(kept.uuid)]


def test_all_that_is_wrong_with_a_document_is_named(business, admin):
    rules = {"rules": [rule("fee", {"percent": "x"}, {"sku": "NONE"}), {"aspect": "?"}]}

    answer = problem(admin.post("/policies/", {"business": "1000", "rules": rules}), 400)

    assert pointers(answer) == {
        "/rules/rules/0/then/percent": "invalid",
        "/rules/rules/0/when/sku": "unknown_reference",
        "/rules/rules/1/aspect": "unknown_aspect",
    }
    assert not PolicyVersion.objects.exists()


def test_rules_that_contradict_each_other_are_refused_with_both(business, admin):
    rules = {"rules": [FINAL, rule("final_sale", {"final": False})]}

    answer = problem(admin.post("/policies/", {"business": "1000", "rules": rules}), 422)

    assert answer["code"] == "rules_contradict"
    assert answer["facts"] == {"aspect": "final_sale", "rule": 2, "earlier_rule": 1}
    assert pointers(answer) == {"/rules/rules/1": "rules_contradict"}


def test_versions_of_businesses_out_of_sight_do_not_exist(business, roles):
    version = publish(business, FINAL)
    stranger = actor_with()
    from rmaproject.access.roles import all_permissions

    stranger.user.user_permissions.add(all_permissions()["returns.view_return"])
    caller = Caller(stranger.user)

    assert caller.get("/policies/").json()["results"] == []
    problem(caller.get(f"/policies/{version.uuid}/"), 404)


def test_a_refused_request_says_why_line_by_line(business, bo, sale, api):
    publish(business, FINAL, rule("outcomes", {"offer": ["repair"]}))
    before = unchanged()

    answer = problem(api.post("/returns/", asked(business, bo, line_of(sale))), 422)

    assert answer["code"] == "not_eligible"
    (line,) = answer["facts"]["answers"]
    assert (line["allowed"], line["code"]) == (False, "final_sale")
    assert [check["code"] for check in line["checks"]] == ["final_sale", "outcome_not_offered"]
    assert unchanged() == before


def test_a_manager_takes_lines_against_the_rules(business, bo, sale, api):
    publish(business, FINAL)

    made = api.post("/returns/", asked(business, bo, line_of(sale), override_reason="Press."))
    path = f"/returns/{made.json()['id']}/lines/"
    refused = problem(api.post(path, line_of(sale)), 422)
    added = api.post(path, {**line_of(sale), "override_reason": "Press again."})

    assert (made.status_code, added.status_code) == (201, 201)
    assert made.json()["override_reason"] == "Press."
    assert made.json()["policy"]["number"] == 1
    assert refused["code"] == "not_eligible"


def test_an_agent_does_not(business, bo, sale, roles):
    publish(business, FINAL)
    agent = Caller(actor_with("Service agent").user)
    before = unchanged()

    body = asked(business, bo, line_of(sale), override_reason="Please.")

    assert problem(agent.post("/returns/", body), 403)["code"] == "not_permitted"
    assert unchanged() == before


def test_what_the_rules_say_about_a_return(business, sale, api):
    version = publish(
        business,
        rule("window", {"days": 30, "from": "order"}),
        rule("fee", {"percent": "10"}),
        rule("approval", {"needed": "above", "above": "40.00", "four_eyes": True}),
        rule("shipping", {"paid_by": "customer", "amount": "4.95"}),
        rule("deadline", {"days": 14}),
    )
    made = ask(sale, override_reason="Press.")

    answer = api.get(f"/returns/{made.uuid}/eligibility/").json()

    assert mismatches(answer, EligibilityOutput(), "/eligibility") == []
    assert answer["policy"] == {"id": str(version.uuid), "number": 1, "name": ""}
    assert (answer["allowed"], answer["lines"][0]["code"]) == (False, "outside_window")
    assert answer["lines"][0]["fee_percent"] == "10"
    assert answer["approval"]["needed"] is answer["approval"]["four_eyes"] is True
    assert answer["approval"]["facts"] == {
        "amounts": {"EUR": "50"},
        "above": "40",
        "currency": "EUR",
    }
    assert (answer["terms"]["shipping_charge"], answer["terms"]["deadline_days"]) == ("4.95", 14)
    assert answer["expected_credit"] == {"EUR": "50.00"}


def test_without_rules_everything_is_allowed(sale, api):
    made = ask(sale)

    answer = api.get(f"/returns/{made.uuid}/eligibility/").json()

    assert mismatches(answer, EligibilityOutput(), "/eligibility") == []
    assert (answer["policy"], answer["allowed"], answer["approval"]["needed"]) == (
        None,
        True,
        False,
    )


def test_issue_waits_where_the_rules_ask_and_other_eyes_approve(business, sale, api, ada):
    publish(business, rule("approval", {"needed": "always", "four_eyes": True}))
    made = ask(sale, actor=ada)
    other = Caller(actor_with("Manager", username="bob").user)

    issued = api.verb(made, "issue")
    (listed,) = api.get("/returns/").json()["results"]
    seen = other.get(f"/returns/{made.uuid}/").json()
    own = problem(api.verb(made, "approve"), 403)
    approved = other.verb(made, "approve")

    assert issued.json()["status"] == "awaiting_approval"
    assert "approve" not in issued.json()["allowed_actions"]
    assert "approve" in seen["allowed_actions"]
    assert "approve" in listed["allowed_actions"]
    assert own["code"] == "own_request"
    assert (approved.json()["status"], approved.json()["approved_gross"]) == ("in_progress", "50")


def test_a_draft_is_tried_on_past_returns(business, bo, sale, admin):
    ask(sale)
    draft = admin.post("/policies/", {"business": "1000", "rules": {"rules": [FINAL]}}).json()["id"]

    answer = admin.post(f"/policies/{draft}/replay/", {}).json()
    empty = admin.post(f"/policies/{draft}/replay/", {"until": "2020-01-01"}).json()

    assert mismatches(answer, ReplayOutput(), "/replay") == []
    (change,) = answer["changes"]
    assert change["return_order"]["reference"] == ReturnOrder.objects.get().reference
    assert change["before"]["allowed"] is True
    assert change["after"]["refused"] == [{"line": 1, "code": "final_sale"}]
    assert answer["sums"] == [
        {
            "currency": "EUR",
            "before": {"fee": "0.00", "shipping": "0.00", "credit": "50.00"},
            "after": {"fee": "0.00", "shipping": "0.00", "credit": "0.00"},
        }
    ]
    assert (empty["looked_at"], empty["changes"]) == (0, [])


def test_the_day_of_delivery_is_noted_and_lies_after_the_shipment(business, sale, admin):
    path = f"/sales-orders/{sale.uuid}/shipments/{Shipment.objects.get().uuid}/"

    early = problem(admin.patch(path, {"delivered_on": "2026-03-01"}, If_Match="*"), 422)
    late = problem(admin.patch(path, {"delivered_on": "2999-01-01"}, If_Match="*"), 422)
    noted = admin.patch(path, {"delivered_on": "2026-03-04"}, If_Match="*")

    assert (early["code"], late["code"]) == ("invalid_date", "invalid_date")
    assert noted.json()["delivered_on"] == "2026-03-04"


def test_customers_are_marked_and_sales_name_their_channel(business, bo, admin):
    marked = admin.patch(f"/companies/{bo.uuid}/", {"flags": ["vip", "late-payer"]}, If_Match="*")
    wrong = admin.patch(f"/companies/{bo.uuid}/", {"flags": ["two words"]}, If_Match="*")
    order = {"business": "1000", "customer": "BO", "channel": "web"}

    made = admin.post("/sales-orders/", order)

    assert marked.json()["flags"] == ["vip", "late-payer"]
    assert wrong.status_code == 400
    assert made.json()["channel"] == "web"


def test_lists_of_returns_cost_the_same_with_rules(business, bo, api):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    publish(business, rule("deadline", {"days": 3}))

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert api.get("/returns/").status_code == 200
        return len(queries)

    issue_return(ask(sell(business, bo, goods("TENT"))).pk, actor=SYSTEM)
    one = cost()
    for _ in range(5):
        ask(sell(business, bo, goods("TENT")))

    assert cost() == one


def test_rules_of_another_business_are_not_listed_with_ours(business, admin):
    mine = publish(business, FINAL)
    publish(BusinessFactory(code="2000"), FINAL)

    found = admin.get("/policies/?business=1000&status=published").json()["results"]

    assert [row["id"] for row in found] == [str(mine.uuid)]
