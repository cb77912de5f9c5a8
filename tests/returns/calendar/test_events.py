"""What an event says, in lines that every program can read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from icalendar import Calendar

from returns.calendar.rendering import Entry, Head, placed, render_calendar, render_event
from returns.services import edit_return, issue_return
from rmaproject.access.actors import SYSTEM
from sales.services.orders import issue_order
from tests.returns.calendar.steps import (
    DUE,
    RETURNS,
    SALES,
    an_order,
    an_rma,
    events,
    require_sound_lines,
)


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
