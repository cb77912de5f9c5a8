"""Yes or no to each line of a return by the rules of its day, and going against them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from customers.services import edit_company
from returns.models import PolicyVersion, Reason, ReturnLine, ReturnOrder
from returns.services import LineInput, add_lines, edit_line, record_return, request_return
from returns.services.inputs import RecordInput, RecordLine
from rmaproject.access.actors import SYSTEM
from rmaproject.audit.models import AuditEntry
from rmaproject.shared import clock
from rmaproject.shared.errors import NotPermitted, RuleViolation
from sales.models import SalesOrder, Shipment
from stock.models import Part, PartCategory
from tests.changes import picture
from tests.factories import BusinessFactory, CompanyFactory, actor_with, goods, sell
from tests.returns.ruling import ask, publish, refusal_of, rule, wait_until

SOLD = date(2026, 3, 2)


@pytest.fixture
def tents(business, bo):
    return sell(business, bo, goods("TENT", "5", "50.00"), on=SOLD)


@pytest.mark.parametrize("since", ["order", "shipment", "delivery"])
def test_the_last_day_of_the_window_is_in_and_the_next_is_out(business, tents, monkeypatch, since):
    Shipment.objects.update(delivered_on=SOLD)
    last = SOLD + timedelta(days=30)
    wait_until(monkeypatch, SOLD)
    publish(business, rule("window", {"days": 30, "from": since}))

    wait_until(monkeypatch, last, 23, 59)
    made = ask(tents)
    wait_until(monkeypatch, last + timedelta(days=1), 0, 1)
    before = picture()
    answer = refusal_of(tents)

    assert made.requested_on == last
    assert (answer["allowed"], answer["code"]) == (False, "outside_window")
    assert answer["facts"] == {
        "from": since,
        "days": 30,
        "counted_from": since,
        "begins": "2026-03-02",
        "last_day": "2026-04-01",
        "requested_on": "2026-04-02",
        "late": 1,
    }
    assert picture() == before


def test_days_are_those_where_the_business_is(bo, monkeypatch):
    east = BusinessFactory(time_zone="Pacific/Auckland")
    from returns.services import turn_returns

    turn_returns(on=True, actor=SYSTEM)
    wait_until(monkeypatch, date(2026, 3, 3))
    order = sell(east, bo, goods("TENT", "5", "50.00"), on=SOLD)
    publish(east, rule("window", {"days": 30, "from": "order"}))
    wait_until(monkeypatch, date(2026, 4, 1), 12, 30)  # 23:30 of the last day in Auckland

    ask(order)
    wait_until(monkeypatch, date(2026, 4, 1), 13, 30)  # 00:30 of the next

    assert refusal_of(order)["code"] == "outside_window"


def test_the_delivery_counts_where_it_is_known_and_else_the_shipment(business, bo, monkeypatch):
    wait_until(monkeypatch, SOLD)
    publish(business, rule("window", {"days": 10, "from": "delivery"}))
    known = sell(business, bo, goods("TENT", "5"), on=SOLD)
    unknown = sell(business, bo, goods("TENT", "5"), on=SOLD)
    Shipment.objects.filter(order=known).update(delivered_on=date(2026, 3, 5))
    wait_until(monkeypatch, date(2026, 3, 15))

    ask(known)
    answer = refusal_of(unknown)

    assert (answer["code"], answer["facts"]["counted_from"]) == ("outside_window", "shipment")


def test_without_a_known_sale_nobody_can_tell_the_time(business, bo):
    publish(business, rule("window", {"days": 10, "from": "order"}))
    sell(business, bo, goods("TENT"))
    blind = LineInput(part=Part.objects.get(), quantity=Decimal(1))

    with pytest.raises(RuleViolation) as refusal:
        request_return(business=business, customer=bo, lines=[blind], actor=SYSTEM)

    assert refusal.value.facts["answers"][0]["code"] == "policy_missing_date"


REFUSED = {
    "customer": {"customer": "BO"},
    "customer_flags": {"customer_flags": "abuser"},
    "country": {"country": "NL"},
    "sku": {"sku": "tent"},
    "category": {"category": "outdoor"},
    "reason": {"reason": "other"},
    "channel": {"channel": "Outlet"},
}


@pytest.mark.parametrize("condition", REFUSED)
def test_each_condition_reaches_from_the_records_to_the_answer(business, bo, condition):
    edit_company(bo.pk, {"country": "NL", "flags": ["Abuser"]}, actor=SYSTEM)
    bo.refresh_from_db()
    order = sell(business, bo, goods("TENT", "5"), goods("PEG", "5"))
    SalesOrder.objects.update(channel="outlet")
    category = PartCategory.objects.create(code="Outdoor", name="Outdoor")
    Part.objects.filter(sku="TENT").update(category=category)
    other = Reason.objects.get(code="other")
    publish(business, rule("returnable", {"allowed": False}, REFUSED[condition]))
    tent, peg = order.lines.order_by("number")
    lines = [
        LineInput(Decimal(1), order_line=tent, reason=other),
        LineInput(Decimal(1), order_line=peg),
    ]

    with pytest.raises(RuleViolation) as refusal:
        request_return(business=business, customer=bo, lines=lines, actor=SYSTEM)

    answers = refusal.value.facts["answers"]
    only_the_tent = condition in ("sku", "category", "reason")
    assert [answer["allowed"] for answer in answers] == [False, only_the_tent]
    assert answers[0]["code"] == "not_returnable"


def test_a_stranger_to_the_condition_is_not_touched(business, cy):
    order = sell(business, cy, goods("TENT", "5"))
    CompanyFactory(reference="BO")
    publish(business, rule("returnable", {"allowed": False}, {"customer": "BO"}))

    assert ask(order).lines.get().claim == 1


def test_an_outcome_that_is_not_offered_is_refused(business, tents):
    publish(business, rule("outcomes", {"offer": ["repair", "store_credit"]}))

    answer = refusal_of(tents)

    assert answer["code"] == "outcome_not_offered"
    assert answer["facts"] == {"outcome": "refund", "offered": ["repair", "store_credit"]}


def test_without_rules_everything_is_allowed(business, tents):
    made = ask(tents)

    assert (made.policy, made.override_reason) == (None, "")


def test_a_return_keeps_the_rules_of_its_day(business, tents, monkeypatch):
    wait_until(monkeypatch, SOLD)
    first = publish(business, rule("deadline", {"days": 9}))
    old = ask(tents)
    wait_until(monkeypatch, SOLD + timedelta(days=1))
    second = publish(business, rule("final_sale", {"final": True}))

    answer = refusal_of(tents)
    add_lines(old.pk, [LineInput(Decimal(1), order_line=tents.lines.get())], actor=SYSTEM)

    assert answer["code"] == "final_sale"
    old.refresh_from_db()
    assert (old.policy, second.number) == (first, 2)


def test_other_businesses_rules_do_not_count(business, tents):
    publish(BusinessFactory(), rule("final_sale", {"final": True}))

    assert ask(tents).policy is None


def test_a_manager_goes_against_the_rules_with_a_reason_that_is_kept(business, tents, ada):
    publish(business, rule("final_sale", {"final": True}))

    made = ask(tents, actor=ada, override_reason="Press.")

    made.refresh_from_db()
    assert made.override_reason == "Press."
    entry = AuditEntry.objects.get(aggregate_id=made.uuid, verb="override_policy")
    line = made.lines.get()
    assert entry.actor == ada.user
    assert entry.facts == {
        "reason": "Press.",
        "refused": [{"line": str(line.uuid), "code": "final_sale"}],
    }


def test_who_lacks_the_right_does_not_go_against_the_rules(business, tents, roles):
    publish(business, rule("final_sale", {"final": True}))
    agent = actor_with("Service agent")
    before = picture()

    with pytest.raises(NotPermitted) as refusal:
        ask(tents, actor=agent, override_reason="Please.")

    assert refusal.value.facts == {"permission": "returns.override_policy"}
    assert picture() == before


def test_a_reason_to_override_stays_unused_where_the_rules_say_yes(business, tents, ada):
    publish(business, rule("final_sale", {"final": False}))

    made = ask(tents, actor=ada, override_reason="Just in case.")

    assert made.override_reason == ""
    assert not AuditEntry.objects.filter(verb="override_policy").exists()


def test_lines_added_later_are_asked_too_and_alone(business, tents, ada):
    publish(business, rule("final_sale", {"final": True}))
    made = ask(tents, actor=ada, override_reason="Press.")
    more = [LineInput(Decimal(1), order_line=tents.lines.get())]
    before = picture()

    with pytest.raises(RuleViolation) as refusal:
        add_lines(made.pk, more, actor=ada)

    assert refusal.value.code == "not_eligible"
    assert [answer["number"] for answer in refusal.value.facts["answers"]] == [2]
    assert picture() == before
    add_lines(made.pk, more, actor=ada, override_reason="Also press.")
    made.refresh_from_db()
    assert made.override_reason == "Also press."


def test_another_reason_is_asked_of_the_rules_and_another_note_is_not(business, tents):
    publish(business, rule("returnable", {"allowed": False}, {"reason": "other"}))
    line: ReturnLine = ask(tents).lines.get()
    before = picture()

    with pytest.raises(RuleViolation) as refusal:
        edit_line(line, {"reason": Reason.objects.get(code="other")}, actor=SYSTEM)

    assert refusal.value.code == "not_eligible"
    assert picture() == before
    edit_line(ReturnLine.objects.get(), {"note": "Wet."}, actor=SYSTEM)
    assert ReturnLine.objects.get().note == "Wet."


def test_a_return_that_happened_elsewhere_is_not_asked_but_knows_its_rules(business, bo, tents):
    version = publish(business, rule("final_sale", {"final": True}))
    line = RecordLine(LineInput(Decimal(1), order_line=tents.lines.get()))

    made, _ = record_return(
        RecordInput({"business": business, "customer": bo}, [line]), actor=SYSTEM
    )

    assert (made.status, made.policy) == ("complete", version)


def test_a_policy_of_today_holds_today(business, tents):
    version = publish(business)

    assert ask(tents).policy == version
    assert PolicyVersion.objects.get().valid.lower == clock.today(business)
    assert ReturnOrder.objects.get().policy == version
