"""What the rules let follow after inspections, matches and deliveries, and who answers for it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from returns.actions import actions_for
from returns.models import ReturnOrder
from returns.services import (
    MatchInput,
    QuantityInput,
    ReceiveInput,
    SurpriseInput,
    approve_return,
    edit_line,
    issue_return,
    match_return,
    receive_return,
    waive_return,
)
from returns.services.approval import blocked_verbs
from rmaproject.access.actors import SYSTEM
from rmaproject.audit.models import AuditEntry
from rmaproject.shared.errors import NotPermitted, RuleViolation
from sales.models import CreditNote, Refund
from sales.services.limits import set_limit
from sales.services.refunding import approve_refund
from tests.changes import picture
from tests.factories import actor_with, goods, sell
from tests.refunds.money import bank_of
from tests.returns.inspections import disposition, inspect
from tests.returns.outcomes import replace, send_back
from tests.returns.ruling import ask, publish, refusal_of, rule
from tests.returns.steps import D, dispose, receive

BOTH = rule("flow", {"credit_on_accept": True, "complete_when_done": True})
INSPECTED = rule("inspection", {"required": True})
FOUR_EYES = rule("approval", {"needed": "above", "above": "100.00", "four_eyes": True})


@pytest.fixture
def tents(business, bo):
    return sell(business, bo, goods("TENT", "5", "50.00"))


@pytest.fixture
def inspector(roles):
    """Somebody who inspects, and may neither credit nor complete."""
    return actor_with("Inspector", username="ida")


@pytest.fixture
def ben(roles):
    return actor_with("Manager", username="ben")


def here(order: Any, *rules: Any, quantity: str = "2", outcome: str = "refund") -> ReturnOrder:
    """A return under these rules whose goods have all come."""
    publish(order.business, *rules)
    made = ask(order, quantity)
    edit_line(made.lines.get(), {"outcome": outcome}, actor=SYSTEM)
    issue_return(made.pk, actor=SYSTEM)
    receive(made.lines.get(), quantity)
    return made


def judged(line: Any, verdict: str, *, actor: Any = SYSTEM, **values: Any) -> None:
    """Somebody looked at what came of a line, or at so much of it."""
    inspect(line, {"answers": {}, "verdict": verdict, **values}, actor=actor)


def found(rma: ReturnOrder) -> Any:
    """The line of a tent that nobody had announced, restocked."""
    given = ReceiveInput(unexpected=[SurpriseInput(D("1"), sku="TENT")])
    receive_return(rma.pk, given, actor=SYSTEM)
    dispose(rma.lines.get(unexpected=True))
    return rma.lines.get(unexpected=True)


def match(line: Any, order: Any, actor: Any = SYSTEM) -> None:
    wanted = [MatchInput(line, order_line=order.lines.get())]
    match_return(line.return_order_id, wanted, actor=actor)


def state(rma: ReturnOrder) -> tuple[str, str]:
    rma.refresh_from_db()
    credited = sum(line.credited for line in rma.lines.all())
    return rma.status, f"{credited:.0f}"


# what follows


@pytest.mark.parametrize(
    ("flow", "after"),
    [
        ({"credit_on_accept": True}, ("in_progress", "2")),
        ({"credit_on_accept": True, "complete_when_done": True}, ("complete", "2")),
        ({"complete_when_done": True}, ("in_progress", "0")),
        ({"accept_on_receipt": True}, ("in_progress", "0")),
    ],
)
def test_a_verdict_sets_the_next_steps_going(tents, flow, after):
    rma = here(tents, rule("flow", flow), INSPECTED)

    judged(rma.lines.get(), "accepted", disposition=disposition("restock"), dispose=True)

    assert state(rma) == after


def test_who_only_inspects_lets_the_rules_credit_in_their_own_name(tents, inspector):
    rma = here(tents, BOTH, INSPECTED)

    judged(rma.lines.get(), "accepted", actor=inspector)

    entry = AuditEntry.objects.get(aggregate_id=rma.uuid, verb="credit")
    assert (entry.actor, entry.facts["on_behalf_of"]) == (None, inspector.user.pk)
    assert CreditNote.objects.get().gross == 100


def test_a_return_does_not_complete_itself_while_goods_lie_where_they_were_received(tents):
    rma = here(tents, BOTH, INSPECTED)
    judged(rma.lines.get(), "accepted")
    assert state(rma) == ("in_progress", "2")

    dispose(rma.lines.get())

    assert state(rma) == ("complete", "2")


def test_rejected_goods_complete_a_return_once_they_went_back(tents):
    rma = here(tents, BOTH, INSPECTED)
    judged(rma.lines.get(), "rejected")
    assert state(rma) == ("in_progress", "0")

    send_back(rma.lines.get(), "2")

    assert state(rma) == ("complete", "0")


def test_a_return_waits_for_the_replacement(tents):
    rma = here(tents, BOTH, outcome="replacement")
    dispose(rma.lines.get())
    assert state(rma) == ("in_progress", "0")
    replace(rma.lines.get(), "1")
    assert state(rma) == ("in_progress", "0")

    replace(rma.lines.get(), "1")

    assert state(rma) == ("complete", "0")


def test_a_return_waits_for_the_repair(tents):
    rma = here(tents, BOTH, quantity="1", outcome="repair")
    dispose(rma.lines.get(), "repair")
    assert state(rma) == ("in_progress", "0")

    send_back(rma.lines.get(), "1", repaired=True)

    assert state(rma) == ("complete", "0")


def test_accepted_goods_without_a_sale_hold_completion_up_until_they_are_matched(tents):
    rma = here(tents, BOTH, quantity="1")
    line = found(rma)
    dispose(rma.lines.get(unexpected=False))
    assert state(rma) == ("in_progress", "1")

    match(line, tents)

    assert state(rma) == ("complete", "2")


def test_waived_goods_are_credited_by_the_rules(tents):
    rma = here(tents, BOTH, quantity="1")

    waive_return(rma.pk, [QuantityInput(rma.lines.get(), D("1"))], actor=SYSTEM)

    assert state(rma) == ("in_progress", "1")


# approval


def test_a_match_above_what_was_approved_waits_and_goes_on_once_approved(tents, ada, ben):
    rma = here(tents, FOUR_EYES, BOTH)
    line = found(rma)
    dispose(rma.lines.get(unexpected=False))

    match(line, tents, actor=ada)

    assert state(rma) == ("awaiting_approval", "2")
    with pytest.raises(NotPermitted) as refusal:
        approve_return(rma.pk, actor=ada)
    assert refusal.value.code == "own_request"
    approve_return(rma.pk, actor=ben)
    assert state(rma) == ("complete", "3")


def test_the_rules_are_not_asked_whether_goods_that_are_here_may_come(tents):
    final = rule("final_sale", {"final": True}, {"sku": "TENT"})
    rma = issue_return(ask(tents).pk, actor=SYSTEM)
    publish(tents.business, final)
    assert refusal_of(tents)["code"] == "final_sale"
    made = ask(tents, actor=SYSTEM, override_reason="Press.")
    issue_return(made.pk, actor=SYSTEM)
    line = found(made)

    match(line, tents)

    line.refresh_from_db()
    assert (line.order_line, rma.status) == (tents.lines.get(), "in_progress")


def offered(rma: ReturnOrder, actor: Any) -> Any:
    rma.refresh_from_db()
    found = actions_for(rma, list(rma.lines.all()), actor, blocked_verbs(rma, actor))
    return {action.verb: action for action in found}["approve"]


def test_who_asked_is_told_beforehand_that_somebody_else_approves(tents, ada, ben):
    publish(tents.business, FOUR_EYES)
    rma = issue_return(ask(tents, "3", actor=ada).pk, actor=ada)

    assert offered(rma, ben).allowed
    own = offered(rma, ada)
    assert (own.allowed, own.reason) == (
        False,
        "Somebody else has to approve: you asked for this return or changed its amount.",
    )


def test_who_may_not_approve_so_much_is_told_beforehand(tents, ada):
    publish(tents.business, FOUR_EYES)
    rma = issue_return(ask(tents, "3").pk, actor=SYSTEM)
    set_limit(ada.user.groups.get(), "EUR", D("149.99"), actor=SYSTEM)

    blocked = offered(rma, ada)

    assert (blocked.allowed, blocked.reason) == (
        False,
        "150.00 EUR is above your limit of 149.99 EUR.",
    )
    set_limit(ada.user.groups.get(), "EUR", D("150.00"), actor=SYSTEM)
    assert offered(rma, ada).allowed


def test_the_limit_does_not_matter_once_nothing_waits(tents, ada, django_assert_num_queries):
    rma = issue_return(ask(tents).pk, actor=SYSTEM)

    with django_assert_num_queries(0):
        assert blocked_verbs(rma, ada) == {"approve": ""}


# who answers for it


def test_who_set_the_rules_going_does_not_approve_the_refund_they_intend(tents, bo, ada, ben):
    bank_of(bo)
    eyes = rule("refund", {"approval_above": "20.00", "four_eyes_above": "40.00"})
    rma = here(tents, BOTH, eyes, quantity="1")
    judged(rma.lines.get(), "accepted", actor=ada)

    refund = Refund.objects.get()

    assert (refund.requested_by, refund.state) == (ada.user, "waiting_approval")
    assert (refund.approval_above, refund.four_eyes_above) == (20, 40)
    before = picture()
    with pytest.raises(NotPermitted) as refusal:
        approve_refund(refund.pk, actor=ada)
    assert refusal.value.code == "four_eyes"
    assert picture() == before
    assert approve_refund(refund.pk, actor=ben).state == "ready"


def test_a_refund_that_nobody_set_going_was_asked_for_by_nobody(tents, ada):
    eyes = rule("refund", {"approval_above": "20.00", "four_eyes_above": "40.00"})
    rma = here(tents, BOTH, eyes, quantity="1")

    judged(rma.lines.get(), "accepted", actor=SYSTEM)

    assert Refund.objects.get().requested_by is None


# outcomes


def test_replacements_that_the_rules_do_not_offer_are_refused(tents):
    rma = here(tents, rule("outcomes", {"offer": ["refund", "store_credit"]}))
    dispose(rma.lines.get())
    before = picture()

    with pytest.raises(RuleViolation) as refusal:
        replace(rma.lines.get(), "1")

    assert (refusal.value.code, refusal.value.pointer) == ("outcome_not_offered", "/lines/0/line")
    assert refusal.value.facts == {"offered": ["refund", "store_credit"]}
    assert picture() == before


def test_an_outcome_against_the_rules_is_given_and_then_replaced(tents, ada):
    rma = here(tents, rule("outcomes", {"offer": ["refund"]}))
    dispose(rma.lines.get())
    changed = {"outcome": "replacement"}
    with pytest.raises(RuleViolation) as refusal:
        edit_line(rma.lines.get(), changed, actor=ada)
    assert refusal.value.code == "not_eligible"

    edit_line(rma.lines.get(), changed, actor=ada, override_reason="No tent left to refund.")

    assert replace(rma.lines.get(), "1").lines.get().quantity == Decimal(1)


def test_the_goods_come_first_where_the_rules_say_so(tents):
    publish(tents.business, rule("replacement", {"in_advance": False}))
    rma = issue_return(ask(tents).pk, actor=SYSTEM)

    with pytest.raises(RuleViolation) as refusal:
        replace(rma.lines.get(), "1", in_advance=True)

    assert refusal.value.code == "not_in_advance"


def test_goods_that_must_be_inspected_do_not_go_back_unseen(tents):
    rma = here(tents, INSPECTED)
    before = picture()

    with pytest.raises(RuleViolation) as refusal:
        send_back(rma.lines.get(), "1")

    assert refusal.value.code == "inspection_required"
    assert picture() == before
    judged(rma.lines.get(), "rejected", quantity=D("1"))
    send_back(rma.lines.get(), "1")
    assert rma.lines.get().sent_back == 1
