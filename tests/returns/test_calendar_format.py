"""Calendars are sound to two readers that know nothing of each other: icalendar and vobject."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
import vobject
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from returns.calendar.rendering import (
    Entry,
    Head,
    alarm_before,
    placed,
    render_calendar,
    render_event,
)
from returns.models import CalendarKind, ReturnOrder
from returns.services import edit_return, request_return
from rmaproject.access.actors import SYSTEM
from tests.returns.calendar.steps import RETURNS, SALES, basic, require_sound_lines
from tests.returns.feeds import Subscription, in_days

IDENT = UUID("0b9a1f0e-7b5e-4b0c-9a53-0d2c0f6a7e11")
THEN = datetime(2026, 3, 2, 12, tzinfo=UTC)
DUE = date(2026, 4, 9)
PAGE = "https://desk.example/returns/"
TITLES = [
    "RMA;1,2\\n3",
    'say "hello": 1',
    "Zelt 🏕️ " + "⛺" * 50,
    "👩‍👩‍👧‍👦" * 12,
    "é" * 300,
    "x" * 300,
    "a,b;c\\d" * 43,
    "one\ntwo",
]


@pytest.fixture
def client(ada):
    return Client(headers={"Authorization": basic("ada")})


def calendar_of(entry, *, alarm="", **head):
    told = {"title": "Returns", "url": PAGE, "source": PAGE, "color": "teal", **head}
    text = render_event(entry, ["Pending"])
    event = placed(text, entry, domain="returns-desk", page=PAGE, alarm=alarm)
    return render_calendar(Head(**told), [event]).encode()


def read_by_both(body):
    """The one event, as both libraries read it."""
    (theirs,) = Calendar.from_ical(body).walk("VEVENT")
    return theirs, vobject.readOne(body.decode()).vevent


@pytest.mark.parametrize("title", TITLES)
def test_every_title_round_trips_through_both(title):
    body = calendar_of(Entry(IDENT, 1, title, "pending", DUE, THEN, THEN))

    one, other = read_by_both(body)

    require_sound_lines(body)
    assert str(one["SUMMARY"]) == title
    assert other.summary.value == title


@pytest.mark.parametrize("name", TITLES)
def test_every_customer_behind_the_title_round_trips_through_both(name):
    title = "RMA;" + "⛺" * 30
    body = calendar_of(Entry(IDENT, 1, title, "pending", DUE, THEN, THEN, customer=name))

    one, other = read_by_both(body)

    require_sound_lines(body)
    shown = name.replace("\n", " ")
    assert str(one["SUMMARY"]) == other.summary.value == f"{title} · {shown}"


@pytest.mark.parametrize("title", TITLES)
def test_the_name_of_a_calendar_round_trips(title):
    body = calendar_of(Entry(IDENT, 1, "RMA-1", "pending", DUE, THEN, THEN), title=title)

    require_sound_lines(body)
    calendar = Calendar.from_ical(body)
    assert str(calendar["NAME"]) == str(calendar["X-WR-CALNAME"]) == written(title)
    (named,) = vobject.readOne(body.decode()).contents["x-wr-calname"]
    assert named.value == title


def written(text):
    """As RFC 5545 has a text in a file; icalendar leaves a calendar's name so."""
    for sign, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(sign, escaped)
    return text


def test_both_read_the_same_days_times_and_reminder():
    entry = Entry(IDENT, 7, "RMA-1", "in_progress", DUE, THEN, THEN + timedelta(hours=1))
    one, other = read_by_both(calendar_of(entry, alarm=alarm_before(15)))

    assert one["DTSTART"].dt == other.dtstart.value == DUE
    assert one["DTEND"].dt == other.dtend.value == DUE + timedelta(days=1)
    assert one["DTSTAMP"].dt == other.dtstamp.value == THEN + timedelta(hours=1)
    assert one["LAST-MODIFIED"].dt == other.last_modified.value == THEN + timedelta(hours=1)
    assert one["CREATED"].dt == other.created.value == THEN
    assert (one["SEQUENCE"], other.sequence.value) == (7, "7")
    assert one["UID"] == other.uid.value == f"{IDENT}@returns-desk"
    assert one["STATUS"] == other.status.value == "CONFIRMED"
    assert other.valarm.trigger.value == timedelta(hours=-15)


def test_times_are_utc_and_no_zone_is_named():
    body = calendar_of(Entry(IDENT, 1, "RMA-1", "pending", DUE, THEN, THEN))

    times = [line for line in body.split(b"\r\n") if line.startswith((b"DTSTAMP", b"CREATED"))]

    assert times == [b"DTSTAMP:20260302T120000Z", b"CREATED:20260302T120000Z"]
    assert b"TZID" not in body
    assert b"VTIMEZONE" not in body


@pytest.mark.parametrize("length", range(1, 100, 9))
def test_the_lasting_name_is_folded_whatever_the_domain(length, settings):
    entry = Entry(IDENT, 1, "RMA-1", "pending", DUE, THEN, THEN, kind="return_deadline")
    domain = "d" * length
    event = placed(render_event(entry, ["Pending"]), entry, domain=domain, page=PAGE)
    body = render_calendar(Head("Returns", PAGE, PAGE, "teal"), [event]).encode()

    one, other = read_by_both(body)

    require_sound_lines(body)
    assert one["UID"] == other.uid.value == f"{IDENT}-deadline@{domain}"


def test_the_domain_of_names_is_a_setting_and_no_kept_text_knows_it(client, business, bo, settings):
    request_return(business=business, customer=bo, target_date=DUE, actor=SYSTEM)
    before = client.get(RETURNS)
    settings.CALENDAR_DOMAIN = "tents.example"
    after = client.get(RETURNS, headers={"If-None-Match": before["ETag"]})

    assert b"@returns-desk\r\n" in before.content
    assert b"@tents.example\r\n" in after.content.replace(b"\r\n ", b"")


@pytest.mark.parametrize(
    ("address", "name", "page"),
    [(RETURNS, "Return orders", "returns"), (SALES, "Sales orders", "sales")],
)
def test_a_calendar_says_what_it_is_and_where_it_comes_from(client, business, address, name, page):
    answer = client.get(f"{address}?include_completed=1")
    lines = answer.content.replace(b"\r\n ", b"").decode().split("\r\n")

    assert f"NAME:{name}" in lines
    assert f"X-WR-CALNAME:{name}" in lines
    assert f"URL:http://testserver/{page}/" in lines
    assert f"SOURCE;VALUE=URI:http://testserver{address}?include_completed=1" in lines
    assert any(line.startswith("COLOR:") for line in lines)
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in lines


def test_a_feed_says_what_it_is_without_its_secret(ada, business, bo):
    request_return(business=business, customer=bo, target_date=in_days(1), actor=SYSTEM)
    feed = Subscription(ada.user, name="Zelte; ⛺")

    answer = feed.get()

    calendar = Calendar.from_ical(answer.content)
    assert str(calendar["NAME"]) == str(calendar["X-WR-CALNAME"]) == "Zelte\\; ⛺"
    assert calendar["SOURCE"] == f"http://testserver/calendars/{feed.feed.uuid}/feed.ics"
    assert calendar["URL"] == "http://testserver/settings/calendars/"
    assert calendar["LAST-MODIFIED"].dt == feed.row().content_changed_at
    assert "up to a day late" in str(calendar["X-WR-CALDESC"])
    assert answer["Content-Disposition"] == 'attachment; filename="zelte.ics"'
    require_sound_lines(answer.content)
    assert vobject.readOne(answer.content.decode()).vevent.summary.value == "RMA-0001"


def test_the_calendar_was_changed_when_its_newest_entry_was(client, business, bo):
    first = request_return(business=business, customer=bo, target_date=DUE, actor=SYSTEM)
    request_return(business=business, customer=bo, target_date=DUE, actor=SYSTEM)
    edit_return(first.pk, {"target_date": DUE + timedelta(days=1)}, actor=SYSTEM)
    first.refresh_from_db()

    calendar = Calendar.from_ical(client.get(RETURNS).content)

    assert calendar["LAST-MODIFIED"].dt == first.updated_at.replace(microsecond=0)


def test_ten_thousand_events_are_listed_in_as_many_queries_as_three(client, business, bo):
    for _ in range(3):
        request_return(business=business, customer=bo, target_date=DUE, actor=SYSTEM)
    few = [queries(client), queries(client)]
    multiply(10_000)

    started = datetime.now(tz=UTC)
    many = [queries(client), queries(client)]
    seconds = (datetime.now(tz=UTC) - started).total_seconds()

    body = client.get(RETURNS).content
    assert body.count(b"BEGIN:VEVENT") == 10_000
    assert [few[1], many[1]] == [few[1]] * 2
    assert many[0] - few[0] <= 10_000 // 1_000  # new texts are kept a thousand at once
    assert seconds < 60
    require_sound_lines(body)


def multiply(most: int) -> None:
    """Copies of the first return, until there are so many."""
    names = [field.column for field in ReturnOrder._meta.concrete_fields if not field.primary_key]
    own = {"uuid": "gen_random_uuid()", "reference": "'COPY-' || n"}
    values = ", ".join(own.get(name, f'"{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO returns_returnorder ({columns}) SELECT {values} FROM"
            " (SELECT * FROM returns_returnorder ORDER BY id LIMIT 1) one,"
            " generate_series(%s + 1, %s) n",
            [ReturnOrder.objects.count(), most],
        )


def queries(client) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(RETURNS).status_code == 200
    return len(captured)


def test_a_feed_of_every_kind_takes_as_many_queries_for_many_days_as_for_few(ada, business, bo):
    feed = Subscription(ada.user, *CalendarKind.values)
    counts = []
    for number in (2, 20):
        for _ in range(number):
            request_return(
                business=business,
                customer=bo,
                target_date=in_days(1),
                deadline=in_days(2),
                refund_by=in_days(3),
                actor=SYSTEM,
            )
        feed.get()
        with CaptureQueriesContext(connection) as captured:
            assert feed.get().status_code == 200
        counts.append(len(captured))

    assert counts[0] == counts[1]
