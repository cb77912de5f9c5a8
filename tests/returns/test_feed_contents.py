"""What feeds by secret address list, and what they say of it."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import Group
from django.utils import translation

from returns.models import CalendarText, Responsible, ReturnOrder
from returns.services import (
    ArrivalInput,
    ReceiveInput,
    add_parcel,
    cancel_return,
    edit_return,
    issue_return,
    receive_return,
    void_parcel,
)
from returns.services.calendar_feeds import (
    edit_calendar_feed,
)
from returns.states import Status
from rmaproject.access.actors import SYSTEM
from rmaproject.access.models import User
from rmaproject.audit import trail
from tests.factories import BusinessFactory, UserFactory, ask_return, goods, sell
from tests.returns.feeds import (
    Subscription,
    an_order,
    an_rma,
    events_of,
    in_days,
    long_ago,
)
from tests.returns.ruling import publish, rule
from tests.returns.steps import D


def test_each_kind_of_day_is_an_event_of_its_own(mine, business, bo):
    days = {"deadline": in_days(5), "refund_by": in_days(9)}
    rma = an_rma(business, bo, "RMA-1", **days)
    parcel = add_parcel(
        issue_return(rma.pk, actor=SYSTEM).pk,
        {"expected_on": in_days(4), "carrier": "PostNL"},
        actor=SYSTEM,
    )
    order = an_order(business, bo, "SO-1")

    found = mine.events()

    assert {title: str(event["UID"]) for title, event in found.items()} == {
        "RMA-1": f"{rma.uuid}@returns-desk",
        "RMA-1: goods have to arrive": f"{rma.uuid}-deadline@returns-desk",
        "RMA-1: parcel 1 expected": f"{parcel.uuid}@returns-desk",
        "RMA-1: refund promised": f"{rma.uuid}-refund@returns-desk",
        "SO-1": f"{order.uuid}@returns-desk",
    }
    day_of = {title: event["DTSTART"].dt for title, event in found.items()}
    assert list(day_of.values()) == [in_days(number) for number in (3, 3, 4, 5, 9)]
    event = found["RMA-1: parcel 1 expected"]
    assert event["DESCRIPTION"] == "In progress; PostNL"
    assert event["URL"] == f"http://testserver/returns/{rma.uuid}/"


def test_a_feed_lists_only_the_kinds_it_was_made_for(ada, business, bo):
    an_rma(business, bo, "RMA-1", deadline=in_days(5))
    an_order(business, bo, "SO-1")

    assert set(Subscription(ada.user, "return_deadline").events()) == {
        "RMA-1: goods have to arrive"
    }


def test_a_deadline_and_a_parcel_go_when_the_goods_are_here(mine, business, bo):
    rma = ask_return(sell(business, bo, goods("TENT")), issued=True)
    edit_return(rma.pk, {"deadline": in_days(5)}, actor=SYSTEM)
    parcel = add_parcel(rma.pk, {"expected_on": in_days(4)}, actor=SYSTEM)
    reference = rma.reference
    assert len(mine.events()) == 2

    arrival = ArrivalInput(rma.lines.get(), D("1"))
    receive_return(rma.pk, ReceiveInput(lines=[arrival], parcel=parcel), actor=SYSTEM)

    assert mine.events() == {}
    edit_calendar_feed(mine.feed.pk, {"include_completed": True}, actor=SYSTEM)
    assert set(mine.events()) == {
        f"{reference}: goods have to arrive",
        f"{reference}: parcel 1 expected",
    }


def test_a_parcel_that_was_taken_out_is_struck_out(mine, business, bo):
    rma = issue_return(an_rma(business, bo, "RMA-1", target_date=None).pk, actor=SYSTEM)
    parcel = add_parcel(rma.pk, {"expected_on": in_days(4)}, actor=SYSTEM)

    void_parcel(parcel, actor=SYSTEM)

    (event,) = mine.events().values()
    assert event["STATUS"] == "CANCELLED"
    ReturnOrder.objects.update(updated_at=long_ago())
    assert mine.events() == {}


def test_what_was_called_off_is_struck_out_for_thirty_days_on_all_its_days(mine, business, bo):
    rma = an_rma(business, bo, "RMA-1", deadline=in_days(5), refund_by=in_days(6))
    cancel_return(rma.pk, actor=SYSTEM)

    assert {event["STATUS"] for event in mine.events().values()} == {"CANCELLED"}
    assert len(mine.events()) == 3

    ReturnOrder.objects.update(closed_at=long_ago())
    assert mine.events() == {}


def test_the_rules_promise_a_day_when_the_first_goods_come(mine, business, bo):
    publish(business, rule("refund", {"within_days": 14}))
    rma = ask_return(sell(business, bo, goods("TENT", "2")), "2", issued=True)
    line = rma.lines.get()

    for _ in range(2):
        arrival = ArrivalInput(line, D("1"))
        receive_return(rma.pk, ReceiveInput(lines=[arrival]), actor=SYSTEM)

    rma.refresh_from_db()
    today = rma.receipts.first().received_on
    assert rma.refund_by == today + timedelta(days=14)
    promised = [entry for entry in trail.history(rma) if "refund_by" in entry.facts]
    assert [entry.facts["refund_by"] for entry in promised] == [str(rma.refund_by)]
    assert set(mine.events()) == {f"{rma.reference}: refund promised"}


def test_a_day_that_somebody_promised_is_not_moved_by_the_rules(business, bo):
    publish(business, rule("refund", {"within_days": 14}))
    rma = ask_return(sell(business, bo, goods("TENT")), issued=True)
    edit_return(rma.pk, {"refund_by": in_days(3)}, actor=SYSTEM)

    arrival = ArrivalInput(rma.lines.get(), D("1"))
    receive_return(rma.pk, ReceiveInput(lines=[arrival]), actor=SYSTEM)

    rma.refresh_from_db()
    assert rma.refund_by == in_days(3)


def test_filters_narrow_a_feed(ada, business, bo, cy):
    other = BusinessFactory(code="2000")
    team = Group.objects.get(name="Manager")
    an_rma(business, bo, "PLAIN")
    an_rma(business, bo, "MINE", responsible_user=ada.user)
    an_rma(business, bo, "OURS", responsible_group=team)
    issue_return(an_rma(other, cy, "GOING").pk, actor=SYSTEM)

    def listed(**values):
        return set(Subscription(ada.user, **values).events())

    assert listed() == {"PLAIN", "MINE", "OURS", "GOING"}
    assert listed(business=other) == {"GOING"}
    assert listed(customer=cy) == {"GOING"}
    assert listed(responsible=Responsible.ME) == {"MINE"}
    assert listed(responsible=Responsible.US) == {"MINE", "OURS"}
    assert listed(statuses=["in_progress"]) == {"GOING"}
    assert listed(business=business, statuses=["in_progress"]) == set()


def test_a_feed_has_a_window_of_thirty_days_back_and_a_year_ahead(mine, business, bo):
    for number in (-31, -30, 0, 365, 366):
        an_rma(business, bo, f"DAY{number}", target_date=in_days(number))

    assert set(mine.events()) == {"DAY-30", "DAY0", "DAY365"}


def test_what_is_too_much_is_cut_at_the_far_end_and_told(mine, business, bo, monkeypatch):
    monkeypatch.setattr("returns.calendar.personal.MOST_EVENTS", 2)
    for number in (1, 2):
        an_rma(business, bo, f"DAY{number}", target_date=in_days(number))
    whole = mine.get()
    an_rma(business, bo, "DAY3", target_date=in_days(3))
    cut = mine.get()

    assert set(events_of(cut.content)) == {"DAY1", "DAY2"}
    assert b"Later days are left out" not in whole.content
    assert b"Later days are left out" in cut.content
    assert whole["ETag"] != cut["ETag"]


def test_a_feed_is_a_megabyte_at_most(mine, business, bo, monkeypatch):
    for number in (1, 2, 3):
        an_rma(business, bo, f"DAY{number}", target_date=in_days(number))
    whole = len(mine.get().content)
    monkeypatch.setattr("returns.calendar.feed_views.MOST_OCTETS", whole - 1)

    answer = mine.get()

    assert set(events_of(answer.content)) == {"DAY1", "DAY2"}
    assert b"Later days are left out" in answer.content
    assert len(answer.content) < whole


def test_the_customer_is_named_only_where_the_owner_wants_it(ada, business, bo):
    an_rma(business, bo, "RMA-1", note="Ring Bo", customer_reference="BO-PO-1")

    without = Subscription(ada.user).get().content
    named = Subscription(ada.user, show_customer=True)

    assert b"Bo" not in without
    assert b"BO-PO" not in without
    assert set(named.events()) == {"RMA-1 · Bo Jansen"}
    assert b"Ring Bo" not in named.get().content


def test_a_reminder_comes_only_where_the_owner_wants_it(ada, business, bo):
    an_rma(business, bo, "RMA-1")
    cancel_return(an_rma(business, bo, "RMA-2").pk, actor=SYSTEM)

    without = Subscription(ada.user).get().content
    reminding = Subscription(ada.user, remind_hours=15).get().content

    assert b"VALARM" not in without
    assert reminding.count(b"BEGIN:VALARM") == 1
    assert b"TRIGGER:-PT15H" in reminding


def test_a_feed_is_written_in_its_owners_language_whoever_asks(ada, business, bo):
    an_rma(business, bo, "RMA-1", deadline=in_days(5))
    User.objects.filter(pk=ada.user_id).update(language="de")
    german = Subscription(ada.user, "return_order")
    english = Subscription(UserFactory(username="leo", roles=["Manager"]), "return_order")
    with translation.override("de"):
        pending = str(Status.PENDING.label)

    told = [
        events_of(feed.get(Accept_Language=asked).content)["RMA-1"]["DESCRIPTION"]
        for feed in (german, english)
        for asked in ("en", "de")
    ]

    assert told == [pending, pending, "Pending", "Pending"]
    assert pending != "Pending"
    assert CalendarText.objects.count() == 2
