"""Steps that follow by themselves where the rules of a return say so."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from returns.models import Disposition, Inspection, ReturnOrder
from returns.services import (
    ArrivalInput,
    DisposeInput,
    ReceiveInput,
    SurpriseInput,
    credit_return,
    dispose_return,
    hold_return,
    issue_return,
    receive_return,
    release_return,
)
from rmaproject.access.actors import SYSTEM
from rmaproject.audit.models import AuditEntry
from sales.models import CreditNote
from tests.factories import actor_with, goods, sell
from tests.returns.ruling import ask, publish, rule

ALL = {"accept_on_receipt": True, "credit_on_accept": True, "complete_when_done": True}


@pytest.fixture
def tents(business, bo):
    return sell(business, bo, goods("TENT", "3", "50.00"))


@pytest.fixture
def docker(roles):
    """Somebody in the warehouse, who may neither credit nor complete."""
    return actor_with("Warehouse", username="dora")


def returned(order: Any, *rules: Any, quantity: str = "2") -> ReturnOrder:
    publish(order.business, *rules)
    return issue_return(ask(order, quantity).pk, actor=SYSTEM)


def arrive(rma: ReturnOrder, quantity: str, actor: Any, **more: Any) -> None:
    arrival = ArrivalInput(rma.lines.get(unexpected=False), Decimal(quantity))
    receive_return(rma.pk, ReceiveInput(lines=[arrival], **more), actor=actor)


def test_received_goods_are_accepted_credited_and_the_return_completed(tents, docker):
    rma = returned(tents, rule("flow", ALL))

    arrive(rma, "2", docker)

    rma.refresh_from_db()
    line = rma.lines.get()
    assert (rma.status, line.accepted, line.credited) == ("complete", 2, 2)
    assert CreditNote.objects.get().gross == 100
    steps = AuditEntry.objects.filter(aggregate_id=rma.uuid).order_by("n")
    assert [(step.verb, step.actor) for step in steps][-4:] == [
        ("receive", docker.user),
        ("accept", None),
        ("credit", None),
        ("complete", None),
    ]
    assert [step.facts.get("rule") for step in steps][-3:] == list(ALL)
    assert {step.facts["on_behalf_of"] for step in list(steps)[-3:]} == {docker.user.pk}


def test_a_return_is_not_completed_while_something_is_expected(tents, docker):
    rma = returned(tents, rule("flow", ALL))

    arrive(rma, "1", docker)

    rma.refresh_from_db()
    line = rma.lines.get()
    assert (rma.status, line.accepted, line.credited) == ("in_progress", 1, 1)


def test_goods_that_must_be_inspected_wait(tents, docker):
    rma = returned(tents, rule("flow", ALL), rule("inspection", {"required": True}))

    arrive(rma, "2", docker)

    line = rma.lines.get()
    assert (line.received, line.accepted, Inspection.objects.count()) == (2, 0, 0)


def test_goods_nobody_announced_wait_for_a_decision(tents, docker):
    rma = returned(tents, rule("flow", ALL))

    arrive(rma, "2", docker, unexpected=[SurpriseInput(description="A shoe")])

    rma.refresh_from_db()
    shoe = rma.lines.get(unexpected=True)
    assert (rma.status, shoe.received, shoe.accepted) == ("in_progress", 1, 0)
    assert rma.lines.get(unexpected=False).credited == 2


def test_a_held_return_goes_on_by_hand(tents, docker):
    rma = returned(tents, rule("flow", ALL))
    hold_return(rma.pk, actor=SYSTEM, reason="Wait.")

    arrive(rma, "2", docker)

    rma.refresh_from_db()
    assert (rma.status, rma.lines.get().accepted) == ("on_hold", 0)


@pytest.mark.parametrize(
    ("flow", "status", "credited"),
    [
        ({"credit_on_accept": True}, "in_progress", 2),
        ({"credit_on_accept": True, "complete_when_done": True}, "complete", 2),
        ({"complete_when_done": True}, "in_progress", 0),
        ({"accept_on_receipt": False}, "in_progress", 0),
    ],
)
def test_a_decision_sets_the_next_steps_going(tents, docker, flow, status, credited):
    rma = returned(tents, rule("flow", flow))
    arrive(rma, "2", docker)
    assert rma.lines.get().accepted == 0

    restock = Disposition.objects.get(code="restock")
    dispose_return(rma.pk, [DisposeInput(rma.lines.get(), restock)], actor=docker)

    rma.refresh_from_db()
    assert (rma.status, rma.lines.get().credited) == (status, credited)


def test_a_credit_booked_by_hand_completes_the_return(tents, docker, ada):
    rma = returned(tents, rule("flow", {"accept_on_receipt": True, "complete_when_done": True}))
    arrive(rma, "2", docker)

    credit_return(rma.pk, actor=ada)

    rma.refresh_from_db()
    assert rma.status == "complete"


def test_giving_up_on_the_rest_completes_the_return(tents, docker):
    rma = returned(tents, rule("flow", ALL))
    arrive(rma, "1", docker)

    release_return(rma.pk, actor=SYSTEM)

    rma.refresh_from_db()
    assert (rma.status, rma.lines.get().released) == ("complete", 1)


def test_a_return_of_which_nothing_came_is_not_complete_by_giving_up(tents):
    rma = returned(tents, rule("flow", ALL))

    release_return(rma.pk, actor=SYSTEM)

    rma.refresh_from_db()
    assert rma.status == "in_progress"


def test_without_rules_nothing_follows_by_itself(tents, docker):
    rma = issue_return(ask(tents, "2").pk, actor=SYSTEM)

    arrive(rma, "2", docker)

    rma.refresh_from_db()
    assert (rma.status, rma.lines.get().accepted) == ("in_progress", 0)
