"""The two calendars: who gets them, what they list, and that clients can read them."""

from __future__ import annotations

import base64
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from guardian.shortcuts import assign_perm, remove_perm
from icalendar import Calendar

from returns.calendar.rendering import Entry, Head, placed, render_calendar, render_event
from returns.models import CalendarText, ReturnOrder
from returns.services import (
    cancel_return,
    complete_return,
    delete_return,
    edit_return,
    hold_return,
    issue_return,
    request_return,
    turn_returns,
)
from rmaproject.access.actors import SYSTEM
from rmaproject.access.tokens import create_token
from sales.models import SalesOrder
from sales.services.orders import (
    cancel_order,
    complete_order,
    create_order,
    hold_order,
    issue_order,
)
from tests.factories import BusinessFactory, UserFactory

RETURNS = "/api/order/calendar/return-order/calendar.ics"
SALES = "/api/order/calendar/sales-order/calendar.ics"
DUE = date(2026, 4, 9)
PASSWORD = "a long pass phrase"


@pytest.fixture
def client(ada):
    """Ada's calendar program, which knows her name and password."""
    return Client(headers={"Authorization": basic("ada")})


def basic(name, password=PASSWORD):
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def an_rma(business, customer, due=DUE, **values):
    return request_return(
        business=business, customer=customer, target_date=due, actor=SYSTEM, **values
    )


def an_order(business, customer, due=DUE, **values):
    return create_order(
        business=business, customer=customer, target_date=due, actor=SYSTEM, **values
    )


def events(client, address=RETURNS, **values):
    answer = client.get(address, values)
    assert answer.status_code == 200
    found = [dict(event) for event in Calendar.from_ical(answer.content).walk("VEVENT")]
    return {str(event["SUMMARY"]): event for event in found}


def require_sound_lines(body):
    """RFC 5545, checked by hand: CRLF only, 75 octets at most, no character cut in two."""
    assert body.endswith(b"\r\n")
    lines = body.removesuffix(b"\r\n").split(b"\r\n")
    for line in lines:
        assert b"\n" not in line
        assert b"\r" not in line
        assert 0 < len(line) <= 75
        line.decode()
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-1] == b"END:VCALENDAR"
    assert lines.count(b"BEGIN:VEVENT") == lines.count(b"END:VEVENT")
    return lines


# --- what an event says -------------------------------------------------------------------------


def test_a_return_is_an_all_day_event_on_its_target_date(client, business, bo):
    rma = an_rma(business, bo, reference="RMA-7")

    event = events(client)["RMA-7"]

    assert event["UID"] == f"{rma.uuid}@returns-desk"
    assert event["DTSTART"].dt == DUE
    assert event["DTEND"].dt == DUE + timedelta(days=1)
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert event["DTSTAMP"].dt == rma.updated_at.replace(microsecond=0)
    assert event["LAST-MODIFIED"].dt == rma.updated_at.replace(microsecond=0)
    assert event["CREATED"].dt == rma.created_at.replace(microsecond=0)
    assert event["SEQUENCE"] == rma.version
    assert event["STATUS"] == "TENTATIVE"
    assert event["TRANSP"] == "TRANSPARENT"
    assert event["DESCRIPTION"] == "Pending"
    assert event["CATEGORIES"].cats == ["Pending"]
    assert event["URL"] == f"http://testserver/returns/{rma.uuid}/"


def test_a_sales_order_is_an_event_with_its_own_page(client, business, bo):
    order = an_order(business, bo, reference="SO-7")
    issue_order(order.pk, actor=SYSTEM)

    event = events(client, SALES)["SO-7"]

    assert event["UID"] == f"{order.uuid}@returns-desk"
    assert event["DTSTART"].dt == DUE
    assert event["STATUS"] == "CONFIRMED"
    assert event["DESCRIPTION"] == "In progress"
    assert event["URL"] == f"http://testserver/sales/{order.uuid}/"


def test_a_calendar_names_itself_and_says_how_often_to_ask(client, business):
    calendar = Calendar.from_ical(client.get(SALES).content)
    lines = client.get(RETURNS).content.split(b"\r\n")

    assert calendar["VERSION"] == "2.0"
    assert calendar["NAME"] == calendar["X-WR-CALNAME"] == "Sales orders"
    assert b"NAME:Return orders" in lines
    assert b"METHOD:PUBLISH" in lines
    assert b"CALSCALE:GREGORIAN" in lines
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in lines
    assert b"X-PUBLISHED-TTL:PT1H" in lines


def test_no_customer_is_named_because_calendars_are_shared(client, business, bo):
    an_rma(business, bo, note="Ring Bo first", customer_reference="BO-PO-1")

    body = client.get(RETURNS).content

    assert b"SUMMARY:RMA-0001" in body
    assert b"Bo" not in body


def test_every_reference_round_trips_in_sound_lines(client, business, bo):
    references = [
        "RMA;1,2\\n3",
        "Zelt 🏕️ " + "⛺" * 50,
        "é" * 64,
        'say "hello": 1',
        "x" * 64,
    ]
    for reference in references:
        an_rma(business, bo, reference=reference)

    answer = client.get(RETURNS)

    require_sound_lines(answer.content)
    assert sorted(events(client)) == sorted(references)


@pytest.mark.parametrize("length", range(1, 200, 7))
def test_the_address_of_a_page_is_folded_whatever_the_host(length):
    entry = an_entry()
    page = f"https://{'h' * length}/returns/"

    text = placed(render_event(entry, ["Pending"]), entry, domain="returns-desk", page=page)
    body = render_calendar(Head("Returns", page, page, "teal"), [text])

    require_sound_lines(body.encode())
    (event,) = Calendar.from_ical(body).walk("VEVENT")
    assert event["URL"] == f"{page}{entry.uuid}/"


def an_entry():
    then = datetime(2026, 3, 2, 12, tzinfo=UTC)
    ident = UUID("0b9a1f0e-7b5e-4b0c-9a53-0d2c0f6a7e11")
    return Entry(ident, 1, "RMA-1", "pending", DUE, then, then)


def test_the_first_and_the_last_day_there_is_spoil_no_calendar(client, business, bo):
    an_rma(business, bo, date.min, reference="RMA-FIRST")
    an_rma(business, bo, date.max, reference="RMA-LAST")

    found = events(client)

    assert (found["RMA-FIRST"]["DTSTART"].dt, found["RMA-LAST"]["DTSTART"].dt) == (
        date.min,
        date.max,
    )
    assert "DTEND" not in found["RMA-LAST"]  # a day without an end lasts just that day


def test_a_renumbered_moved_and_issued_return_stays_the_same_event(client, business, bo):
    rma = an_rma(business, bo, reference="RMA-OLD")
    before = events(client)["RMA-OLD"]

    edit_return(rma.pk, {"reference": "RMA-NEW", "target_date": date(2026, 5, 1)}, actor=SYSTEM)
    issue_return(rma.pk, actor=SYSTEM)
    found = events(client)

    assert list(found) == ["RMA-NEW"]
    after = found["RMA-NEW"]
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] == before["SEQUENCE"] + 2
    assert after["DTSTART"].dt == date(2026, 5, 1)
    assert after["STATUS"] == "CONFIRMED"


def test_an_event_stays_the_same_under_another_host(client, business, bo, settings):
    settings.ALLOWED_HOSTS = ["desk.example", "testserver"]
    an_rma(business, bo, reference="RMA-1")

    here = events(client)["RMA-1"]
    there = Calendar.from_ical(client.get(RETURNS, headers={"Host": "desk.example"}).content)
    (moved,) = there.walk("VEVENT")

    assert moved["UID"] == here["UID"]
    assert str(moved["URL"]).startswith("http://desk.example/returns/")


def test_two_fetches_are_the_same_to_the_byte(client, business, bo):
    an_rma(business, bo)

    first, second = client.get(RETURNS), client.get(RETURNS)

    assert first.content == second.content
    assert first["ETag"] == second["ETag"]


# --- what is listed -----------------------------------------------------------------------------


def test_an_order_without_a_target_date_is_not_listed(client, business, bo):
    an_rma(business, bo, due=None)
    an_order(business, bo, due=None)

    assert events(client) == {}
    assert events(client, SALES) == {}


def test_days_long_past_and_far_ahead_are_listed_while_the_order_is_open(client, business, bo):
    an_rma(business, bo, due=date(2001, 1, 1), reference="OLD")
    an_rma(business, bo, due=date(2099, 1, 1), reference="FAR")

    assert set(events(client)) == {"OLD", "FAR"}


def test_held_orders_stay_listed(client, business, bo):
    rma = an_rma(business, bo, reference="RMA-H")
    hold_return(rma.pk, actor=SYSTEM, reason="waiting")
    order = an_order(business, bo, reference="SO-H")
    hold_order(order.pk, actor=SYSTEM)

    assert events(client)["RMA-H"]["STATUS"] == "CONFIRMED"
    assert events(client, SALES)["SO-H"]["STATUS"] == "CONFIRMED"


def complete_ones(business, bo):
    rma = an_rma(business, bo, reference="DONE")
    issue_return(rma.pk, actor=SYSTEM)
    complete_return(rma.pk, actor=SYSTEM)
    order = an_order(business, bo, reference="DONE")
    issue_order(order.pk, actor=SYSTEM)
    complete_order(order.pk, actor=SYSTEM, accept_incomplete=True)


@pytest.mark.parametrize("word", ["True", "true", "1"])
def test_complete_orders_are_listed_when_they_are_asked_for(client, business, bo, word):
    complete_ones(business, bo)

    assert events(client, include_completed=word)["DONE"]["STATUS"] == "CONFIRMED"
    assert events(client, SALES, include_completed=word)["DONE"]["STATUS"] == "CONFIRMED"


@pytest.mark.parametrize("word", [None, "False", "false", "0", ""])
def test_complete_orders_are_left_out_otherwise(client, business, bo, word):
    complete_ones(business, bo)
    given = {} if word is None else {"include_completed": word}

    assert events(client, **given) == {}
    assert events(client, SALES, **given) == {}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("include_completed=yes", "invalid"),
        ("include_completed=TRUE", "invalid"),
        ("include_completed=1&include_completed=0", "invalid"),
        ("include_complete=1", "unknown_parameter"),
    ],
)
def test_other_words_and_parameters_are_refused(client, business, query, code):
    answer = client.get(f"{RETURNS}?{query}")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == code


def test_what_was_called_off_is_struck_out_for_thirty_days(client, business, bo):
    rma = an_rma(business, bo, reference="RMA-X")
    cancel_return(rma.pk, actor=SYSTEM)
    order = an_order(business, bo, reference="SO-X")
    cancel_order(order.pk, actor=SYSTEM)

    assert events(client)["RMA-X"]["STATUS"] == "CANCELLED"
    assert events(client, SALES)["SO-X"]["STATUS"] == "CANCELLED"

    past = timezone.now() - timedelta(days=30, minutes=1)
    ReturnOrder.objects.filter(pk=rma.pk).update(closed_at=past)
    SalesOrder.objects.filter(pk=order.pk).update(cancelled_at=past)

    assert events(client, include_completed="1") == {}
    assert events(client, SALES, include_completed="1") == {}


def test_a_deleted_return_is_gone_at_once(client, business, bo):
    rma = an_rma(business, bo)
    delete_return(rma.pk, actor=SYSTEM)

    assert events(client, include_completed="1") == {}


# --- who may read -------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [RETURNS, SALES])
def test_a_session_a_password_and_a_token_open_both(ada, business, address):
    session = Client()
    session.force_login(ada.user)
    token = create_token(ada.user)
    headers = [basic("ada"), f"Token {token}", f"Bearer {token}"]

    assert session.get(address).status_code == 200
    for header in headers:
        assert Client().get(address, headers={"Authorization": header}).status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        None,
        basic("ada", "wrong"),
        basic("a\0da"),
        basic("nobody"),
        "Basic ???",
        "Token rma_unknown",
        "Digest x",
    ],
)
def test_anybody_else_is_asked_who_they_are_without_redirect_or_cookie(ada, business, header):
    answer = Client().get(RETURNS, headers={"Authorization": header} if header else {})

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith('Basic realm="')
    assert answer.json()["code"] == "not_authenticated"
    assert not answer.cookies


def test_a_wrong_password_is_not_made_good_by_a_session(ada, business):
    session = Client()
    session.force_login(ada.user)

    answer = session.get(RETURNS, headers={"Authorization": basic("ada", "wrong")})

    assert answer.status_code == 401


def test_reading_opens_no_session(client, business):
    answer = client.get(RETURNS)

    assert not answer.cookies
    assert not client.session.keys()


def test_who_was_made_inactive_reads_no_more(client, ada, business):
    ada.user.is_active = False
    ada.user.save(update_fields=["is_active"])

    assert client.get(RETURNS).status_code == 401


@pytest.mark.parametrize("address", [RETURNS, SALES])
def test_who_lacks_the_right_is_refused(roles, business, address):
    UserFactory(username="dee")

    answer = Client().get(address, headers={"Authorization": basic("dee")})

    assert answer.status_code == 403
    assert answer.json()["code"] == "not_permitted"


def test_a_feed_lists_what_was_granted_and_no_more_once_it_is_taken_back(roles, business, bo, cy):
    group = Group.objects.create(name="Outside")
    group.permissions.set(
        Group.objects.get(name="Viewer").permissions.exclude(codename="see_all_businesses")
    )
    eve = UserFactory(username="eve", roles=["Outside"])
    other = BusinessFactory(code="2000")
    an_rma(business, bo, reference="OURS")
    an_rma(other, cy, reference="THEIRS")
    an_rma(other, cy, reference="HERS", responsible_user=eve)
    an_order(business, bo, reference="OURS")
    an_order(other, cy, reference="THEIRS")
    client = Client(headers={"Authorization": basic("eve")})

    assert set(events(client)) == {"HERS"}
    assert set(events(client, SALES)) == set()

    assign_perm("sales.view_business", eve, business)
    assert set(events(client)) == {"OURS", "HERS"}
    assert set(events(client, SALES)) == {"OURS"}

    remove_perm("sales.view_business", eve, business)
    assert set(events(client)) == {"HERS"}
    assert set(events(client, SALES)) == set()


def test_returns_switched_off_close_their_calendar_alone(client, business, bo):
    an_order(business, bo, reference="SO-1")
    turn_returns(on=False, actor=SYSTEM)

    answer = client.get(RETURNS)

    assert answer.status_code == 403
    assert answer.json()["code"] == "returns_disabled"
    assert set(events(client, SALES)) == {"SO-1"}


# --- how it is served ---------------------------------------------------------------------------


def test_the_headers_are_those_that_calendars_need(client, business, bo):
    an_rma(business, bo)

    answer = client.get(RETURNS, headers={"Accept-Encoding": "gzip"})

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert 'filename="calendar.ics"' in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Cookie"} <= set(answer["Vary"].split(", "))
    assert "Content-Encoding" not in answer
    assert "Last-Modified" not in answer


def test_head_gives_the_same_headers_and_no_body(client, business, bo):
    an_rma(business, bo)

    whole, head = client.get(RETURNS), client.head(RETURNS)

    assert head.status_code == 200
    assert head.content == b""
    assert head["ETag"] == whole["ETag"]
    assert head["Content-Length"] == str(len(whole.content))


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_a_calendar_is_only_read(ada, business, method):
    strict = Client(enforce_csrf_checks=True, headers={"Authorization": basic("ada")})

    answer = getattr(strict, method)(RETURNS)

    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"


def test_an_unchanged_calendar_is_not_sent_again(client, business, bo):
    an_rma(business, bo)
    tag = client.get(RETURNS)["ETag"]

    again = client.get(RETURNS, headers={"If-None-Match": tag})

    assert tag.startswith('"')
    assert again.status_code == 304
    assert again.content == b""
    assert again["ETag"] == tag


def test_every_change_of_what_is_listed_is_sent(client, business, bo):
    rma = an_rma(business, bo)
    other = an_rma(business, bo)
    tags = [client.get(RETURNS)["ETag"]]

    def changed():
        answer = client.get(RETURNS, headers={"If-None-Match": tags[-1]})
        tags.append(answer["ETag"])
        return answer.status_code == 200

    edit_return(rma.pk, {"reference": "NEW"}, actor=SYSTEM)
    assert changed()
    cancel_return(rma.pk, actor=SYSTEM)
    assert changed()
    edit_return(other.pk, {"target_date": None}, actor=SYSTEM)
    assert changed()
    ReturnOrder.objects.filter(pk=rma.pk).update(closed_at=timezone.now() - timedelta(days=31))
    assert changed()
    assert not changed()


def test_the_tag_differs_between_calendars_words_and_people(client, roles, business):
    UserFactory(username="dee", roles=["Viewer"])
    dee = Client(headers={"Authorization": basic("dee")})
    answers = [
        client.get(RETURNS),
        client.get(SALES),
        client.get(RETURNS, {"include_completed": "1"}),
        dee.get(RETURNS),
    ]

    assert len({answer["ETag"] for answer in answers}) == 4


# --- what it costs ------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [an_rma, an_order])
def test_the_number_of_queries_does_not_grow_with_the_calendar(client, business, bo, make):
    address = RETURNS if make is an_rma else SALES
    counts = []
    for number in (3, 27):
        for _ in range(number):
            make(business, bo)
        counts.append([queries(client, address) for _ in range(2)])

    (first_cold, first_warm), (second_cold, second_warm) = counts
    assert first_cold == second_cold
    assert first_warm == second_warm
    assert first_warm < first_cold


def queries(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_an_event_is_rendered_once_for_each_change(client, business, bo, monkeypatch):
    rendered = []

    def counting(entry, words):
        rendered.append(entry.title)
        return render_event(entry, words)

    monkeypatch.setattr("returns.calendar.feed.render_event", counting)
    an_rma(business, bo, reference="A")
    rma = an_rma(business, bo, reference="B")

    client.get(RETURNS)
    client.get(RETURNS)
    assert rendered == ["A", "B"]

    edit_return(rma.pk, {"reference": "C"}, actor=SYSTEM)
    client.get(RETURNS)
    client.get(RETURNS)
    assert rendered == ["A", "B", "C"]


def test_a_text_of_another_layout_is_rendered_anew(client, business, bo):
    an_rma(business, bo)
    whole = client.get(RETURNS).content
    CalendarText.objects.update(layout=0, text="BEGIN:VEVENT\r\nEND:VEVENT\r\n")

    assert client.get(RETURNS).content == whole
    assert CalendarText.objects.get().layout == 3
