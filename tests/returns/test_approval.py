"""Who lets a return go on: asked at issue, answered by other eyes, asked again when it grows."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from returns.expecting import expected_credits
from returns.models import Approval, Disposition, ReturnLine, ReturnOrder
from returns.services import (
    ArrivalInput,
    DisposeInput,
    LineInput,
    QuantityInput,
    ReceiveInput,
    add_extra_line,
    add_lines,
    approve_return,
    credit_return,
    dispose_return,
    edit_line,
    issue_return,
    receive_return,
    reject_return,
    remove_extra_line,
    waive_return,
)
from returns.services.approval import reask
from rmaproject.access.actors import SYSTEM
from rmaproject.audit.models import AuditEntry
from rmaproject.shared import clock
from rmaproject.shared.errors import NotPermitted
from sales.models import CreditNote
from tests.changes import picture
from tests.factories import actor_with, discount, goods, sell
from tests.returns.ruling import ask, publish, rule

ABOVE_100 = rule("approval", {"needed": "above", "above": "100.00"})
OTHER_EYES = rule("approval", {"needed": "above", "above": "100.00", "four_eyes": True})


@pytest.fixture
def tents(business, bo):
    """Ten tents for 50.00 each."""
    return sell(business, bo, goods("TENT", "10", "50.00"))


@pytest.fixture
def bob(roles):
    return actor_with("Manager", username="bob")


def issued(order: Any, quantity: str, actor: Any = SYSTEM) -> ReturnOrder:
    made = ask(order, quantity, actor=actor)
    return issue_return(made.pk, actor=actor)


def status_of(order: ReturnOrder) -> tuple[str, Any]:
    order.refresh_from_db()
    return order.status, order.approved_gross


@pytest.mark.parametrize(("quantity", "status"), [("2", "in_progress"), ("3", "awaiting_approval")])
def test_above_the_amount_an_issued_return_waits(business, tents, quantity, status):
    publish(business, ABOVE_100)

    made = issued(tents, quantity)

    assert made.status == status
    assert (made.issued_at is None) == (status == "awaiting_approval")


def test_approval_lets_it_go_on_up_to_what_it_is_worth(business, tents, ada):
    publish(business, ABOVE_100, rule("deadline", {"days": 14}))
    made = issued(tents, "3")
    assert made.deadline is None

    approve_return(made.pk, actor=ada)

    assert status_of(made) == ("in_progress", Decimal(150))
    assert made.deadline == clock.today(business) + timedelta(days=14)
    steps = Approval.objects.order_by("pk").values_list("answer", "amounts", "actor")
    assert list(steps) == [
        ("asked", {"EUR": "150"}, None),
        ("approved", {"EUR": "150"}, ada.user.pk),
    ]
    entry = AuditEntry.objects.get(aggregate_id=made.uuid, verb="approve")
    assert entry.facts["approved_gross"] == "150"


def test_a_rejection_is_kept_with_its_reason(business, tents, ada):
    publish(business, ABOVE_100)
    made = issued(tents, "3")

    reject_return(made.pk, actor=ada, reason="Too late.")

    last = Approval.objects.latest("pk")
    assert (last.answer, last.reason, last.actor) == ("rejected", "Too late.", ada.user)


def test_who_asked_does_not_approve_where_four_eyes_are_wanted(business, tents, ada, bob):
    publish(business, OTHER_EYES)
    made = issued(tents, "3", ada)
    before = picture()

    with pytest.raises(NotPermitted) as refusal:
        approve_return(made.pk, actor=ada)

    assert refusal.value.code == "own_request"
    assert picture() == before
    assert approve_return(made.pk, actor=bob).status == "in_progress"


def test_who_raised_the_amount_does_not_approve_it(business, tents, ada, bob):
    publish(business, OTHER_EYES)
    made = issued(tents, "3")
    edit_line(made.lines.get(), {"quantity": Decimal(4)}, actor=ada)

    with pytest.raises(NotPermitted) as refusal:
        approve_return(made.pk, actor=ada)

    assert refusal.value.code == "own_request"
    approve_return(made.pk, actor=bob)
    assert status_of(made) == ("in_progress", Decimal(200))


def test_without_four_eyes_who_asked_may_approve(business, tents, ada):
    publish(business, ABOVE_100)

    assert approve_return(issued(tents, "3", ada).pk, actor=ada).status == "in_progress"


def test_what_was_approved_once_does_not_bar_from_the_next_approval(business, tents, ada, bob):
    publish(business, OTHER_EYES)
    made = issued(tents, "3")
    edit_line(made.lines.get(), {"quantity": Decimal(4)}, actor=ada)
    approve_return(made.pk, actor=bob)
    edit_line(ReturnLine.objects.get(), {"quantity": Decimal(5)}, actor=bob)

    with pytest.raises(NotPermitted):
        approve_return(made.pk, actor=bob)
    approve_return(made.pk, actor=ada)

    assert status_of(made) == ("in_progress", Decimal(250))


RAISES = {
    "edit_line": lambda rma, line: edit_line(line, {"quantity": Decimal(4)}, actor=SYSTEM),
    "add_lines": lambda rma, line: add_lines(
        rma.pk, [LineInput(Decimal(1), order_line=line.order_line)], actor=SYSTEM
    ),
    "waive": lambda rma, line: waive_return(
        rma.pk, [QuantityInput(line, Decimal(1))], actor=SYSTEM
    ),
    "add_extra_line": lambda rma, line: add_extra_line(
        rma.pk, {"name": "Sorry", "kind": "goodwill", "gross_unit_price": 50}, actor=SYSTEM
    ),
}


@pytest.mark.parametrize("change", RAISES)
def test_above_what_was_approved_it_waits_again(business, tents, ada, change):
    publish(business, ABOVE_100)
    made = issued(tents, "3")
    approve_return(made.pk, actor=ada)

    RAISES[change](made, made.lines.get())

    assert status_of(made) == ("awaiting_approval", Decimal(150))
    entry = AuditEntry.objects.filter(aggregate_id=made.uuid).latest("n")
    assert (entry.verb, entry.facts) == (
        "ask_approval",
        {
            "from": "in_progress",
            "to": "awaiting_approval",
            "why": "amount_raised",
            "amounts": {"EUR": "200"},
        },
    )
    approve_return(made.pk, actor=ada)
    assert status_of(made) == ("in_progress", Decimal(200))


def test_a_charge_taken_out_raises_the_amount_too(business, tents, ada):
    publish(business, ABOVE_100)
    made = ask(tents, "3")
    charge = {"name": "Fee", "kind": "fee", "gross_unit_price": Decimal(-20)}
    extra = add_extra_line(made.pk, charge, actor=SYSTEM)
    issue_return(made.pk, actor=SYSTEM)
    approve_return(made.pk, actor=ada)
    assert status_of(made) == ("in_progress", Decimal(130))

    remove_extra_line(extra, actor=SYSTEM)

    assert status_of(made)[0] == "awaiting_approval"


def test_what_was_approved_may_shrink_without_being_asked_again(business, tents, ada):
    publish(business, ABOVE_100)
    made = issued(tents, "4")
    approve_return(made.pk, actor=ada)

    edit_line(made.lines.get(), {"quantity": Decimal(3)}, actor=SYSTEM)
    edit_line(made.lines.get(), {"quantity": Decimal(4)}, actor=SYSTEM)

    assert status_of(made)[0] == "in_progress"


def test_a_return_below_the_amount_is_asked_about_once_it_grows_above(business, tents):
    publish(business, ABOVE_100)
    made = issued(tents, "2")

    edit_line(made.lines.get(), {"quantity": Decimal(3)}, actor=SYSTEM)

    assert status_of(made) == ("awaiting_approval", None)


def test_other_payout_details_are_always_asked_about_again(business, tents, ada):
    publish(business, ABOVE_100)
    made = issued(tents, "3")
    order = approve_return(made.pk, actor=ada)

    reask(order, ada)

    assert status_of(made)[0] == "awaiting_approval"
    assert Approval.objects.latest("pk").reason == "payout_changed"


def test_without_rules_nobody_is_asked(tents):
    made = issued(tents, "10")

    assert (made.status, Approval.objects.count()) == ("in_progress", 0)


def test_what_a_return_would_credit_is_what_it_credits_in_the_end(business, bo):
    """Odd prices and a discount; the three parts that are credited one by one, to the cent."""
    lines = [goods("PEG", "7", "1.428571"), goods("TENT", "3", "33.33"), discount("-5.55")]
    order = sell(business, bo, *lines, paid=False)
    made = issued(order, "3")
    expected = expected_credits([made])[made.pk]["EUR"]
    restock = Disposition.objects.get(code="restock")

    for line in made.lines.order_by("number"):
        for _ in range(3):
            receive_return(made.pk, ReceiveInput(lines=[ArrivalInput(line)]), actor=SYSTEM)
            dispose_return(made.pk, [DisposeInput(line, restock)], actor=SYSTEM)
            assert expected_credits([made])[made.pk]["EUR"] == expected
            credit_return(made.pk, actor=SYSTEM)
            assert expected_credits([made])[made.pk]["EUR"] == expected

    assert sum(note.gross for note in CreditNote.objects.all()) == expected == Decimal("99.02")
