"""Feeds by secret address: whom they open for, what they list, and what they keep to themselves."""

from __future__ import annotations

import base64
import itertools
import logging
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from guardian.shortcuts import assign_perm, remove_perm

from returns.calendar.throttle import FETCHES_A_MINUTE
from returns.models import CalendarFeed, Responsible, ReturnOrder
from returns.selectors import visible_returns
from returns.services import (
    ArrivalInput,
    ReceiveInput,
    add_parcel,
    cancel_return,
    edit_return,
    issue_return,
    receive_return,
    request_return,
    turn_returns,
    void_parcel,
)
from returns.services.calendar_feeds import (
    create_calendar_feed,
    edit_calendar_feed,
    revoke_calendar_feed,
    rotate_calendar_feed,
    secret_path,
)
from rmaproject.access.actors import SYSTEM, Actor
from rmaproject.audit import trail
from rmaproject.shared.errors import NotPermitted, RuleViolation
from sales.selectors import visible_orders
from sales.services.orders import create_order
from tests.factories import BusinessFactory, UserFactory, ask_return, goods, sell
from tests.returns.feeds import ALL, Subscription, events_of, in_days, long_ago
from tests.returns.ruling import publish, rule
from tests.returns.steps import D


@pytest.fixture
def mine(ada):
    """Ada's feed of everything."""
    return Subscription(ada.user)


def an_rma(business, customer, reference, **values):
    given = {"target_date": in_days(3), **values}
    return request_return(
        business=business, customer=customer, reference=reference, actor=SYSTEM, **given
    )


def an_order(business, customer, reference, **values):
    given = {"target_date": in_days(3), **values}
    return create_order(
        business=business, customer=customer, reference=reference, actor=SYSTEM, **given
    )


def basic(name, password):
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


# --- whom it opens for --------------------------------------------------------------------------


def test_a_secret_is_long_ends_in_ics_and_only_its_digest_is_kept(mine):
    assert mine.path == f"/calendars/{mine.feed.uuid}/{mine.secret}.ics"
    assert len(mine.secret.removeprefix("cal_")) >= 22  # 128 bits at six a character
    assert mine.secret not in str(CalendarFeed.objects.values().get())
    assert len(mine.row().digest) == 64


def test_a_secret_opens_its_own_feed_and_nothing_else(mine, ada, business):
    other = Subscription(ada.user)
    crossed = f"/calendars/{other.feed.uuid}/{mine.secret}.ics"

    assert mine.get().status_code == 200
    for path in (crossed, mine.path + "/", mine.path.removesuffix(".ics"), mine.path + ".ics"):
        assert mine.get(path).status_code == 404
    for word in ("Token", "Bearer"):
        answer = mine.get("/api/v1/returns/", Authorization=f"{word} {mine.secret}")
        assert answer.status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        "/calendars/",
        "/calendars/feed.ics",
        "/calendars/{ident}/wrong.ics",
        "/calendars/{ident}/secret.ics",
        "/calendars/{ident}/.ics",
        "/calendars/00000000-0000-0000-0000-000000000000/{secret}.ics",
    ],
)
def test_any_other_address_is_nothing_without_a_login_page(mine, path):
    answer = mine.get(path.format(ident=mine.feed.uuid, secret=mine.secret))

    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"
    assert not answer.cookies


@pytest.mark.parametrize("query", ["include_completed=1", "business=1000", "x", "token=1"])
def test_a_feed_takes_no_parameters(mine, query):
    answer = mine.get(f"{mine.path}?{query}")

    assert answer.status_code == 400
    assert answer.json()["code"] == "unknown_parameter"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_a_feed_is_only_read(mine, method):
    strict = Client(enforce_csrf_checks=True)

    answer = getattr(strict, method)(mine.path)

    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"


def test_a_revoked_feed_is_gone_at_the_next_fetch(mine, ada):
    revoke_calendar_feed(mine.feed.pk, actor=ada)

    assert mine.get().status_code == 404


def test_a_new_secret_ends_the_old_one(mine, ada):
    feed, secret = rotate_calendar_feed(mine.feed.pk, actor=ada)

    assert mine.get().status_code == 404
    assert mine.get(secret_path(feed, secret)).status_code == 200
    assert [entry.verb for entry in trail.history(feed)] == ["create", "rotate"]
    assert secret not in str([entry.facts for entry in trail.history(feed)])


def test_who_was_made_inactive_reads_no_more(mine, ada):
    ada.user.is_active = False
    ada.user.save(update_fields=["is_active"])

    assert mine.get().status_code == 404


def test_a_lost_role_empties_the_feed_at_once(mine, ada, business, bo):
    an_rma(business, bo, "RMA-1")
    assert set(mine.events()) == {"RMA-1"}

    ada.user.groups.clear()

    assert mine.events() == {}


def test_returns_switched_off_leave_the_days_of_sales_alone(mine, business, bo):
    an_rma(business, bo, "RMA-1")
    an_order(business, bo, "SO-1")
    turn_returns(on=False, actor=SYSTEM)

    assert set(mine.events()) == {"SO-1"}


def test_no_session_no_cookie_no_accept_header_and_head(mine, business, bo):
    an_rma(business, bo, "RMA-1")

    whole, head = mine.get(), Client().head(mine.path)

    assert not whole.cookies
    assert "Cookie" not in whole.headers.get("Vary", "")
    assert head.status_code == 200
    assert (head.content, head["ETag"]) == (b"", whole["ETag"])
    assert head["Content-Length"] == str(len(whole.content))


def test_nothing_keeps_robots_away(db):
    assert Client().get("/robots.txt").status_code == 404


# --- what is told about the secret --------------------------------------------------------------


def test_no_log_tells_a_secret(mine, ada, caplog):
    revoke_calendar_feed(mine.feed.pk, actor=ada)
    paths = [mine.path, f"{mine.path}/", f"{mine.path}x", f"/calendars/{mine.secret}.ics"]

    with caplog.at_level(logging.DEBUG):
        told = [mine.get(path, Referer=f"http://x{path}").content.decode() for path in paths]

    logged = "\n".join(str(vars(record)) for record in caplog.records)
    assert f"/calendars/{mine.feed.uuid}/secret.ics" in logged
    assert mine.secret not in logged
    assert mine.secret not in "".join(told)


def test_no_error_report_tells_a_secret(mine, caplog, monkeypatch):
    def broken(*args):
        raise RuntimeError

    monkeypatch.setattr("returns.calendar.feed_views.listing", broken)

    with caplog.at_level(logging.DEBUG):
        answer = mine.get(Referer=f"http://testserver{mine.path}")

    (record,) = [entry for entry in caplog.records if entry.levelname == "ERROR"]
    assert answer.status_code == 500
    assert mine.secret not in str(record.request.META) + str(record.request) + record.getMessage()
    assert mine.secret not in record.exc_text


def test_the_way_to_https_keeps_the_secret(mine, settings):
    settings.SECURE_SSL_REDIRECT = True

    answer = mine.get()

    assert answer.status_code == 301
    assert answer["Location"] == f"https://testserver{mine.path}"


def test_no_answer_tells_its_address_on(mine):
    for path in (mine.path, f"{mine.path}x", f"/calendars/{mine.feed.uuid}/feed.ics"):
        assert mine.get(path)["Referrer-Policy"] == "no-referrer"
    assert mine.secret not in mine.get().content.decode()


def test_last_use_and_program_are_kept_once_a_minute(mine, monkeypatch):
    mine.get(User_Agent="Calendar/1")
    first = mine.row()
    mine.get(User_Agent="Calendar/2")
    second = mine.row()
    moment = first.last_used_at + timedelta(seconds=61)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    mine.get(User_Agent="Calendar/3")
    third = mine.row()

    assert (first.last_user_agent, second.last_user_agent) == ("Calendar/1", "Calendar/1")
    assert first.last_used_at == second.last_used_at
    assert (third.last_user_agent, third.last_used_at) == ("Calendar/3", moment)
    assert third.version == first.version


# --- a password instead -------------------------------------------------------------------------


def test_the_secret_is_a_password_under_any_name_and_the_accounts_is_none(mine):
    path = f"/calendars/{mine.feed.uuid}/feed.ics"

    assert mine.get(path, Authorization=basic("anything", mine.secret)).status_code == 200
    wrong = [
        None,
        basic("ada", "a long pass phrase"),
        basic("ada", ""),
        "Basic ???",
        f"Token {mine.secret}",
    ]
    for header in wrong:
        answer = mine.get(path, **({"Authorization": header} if header else {}))
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith('Basic realm="')
        assert not answer.cookies


def test_a_browser_that_is_logged_in_opens_no_feed_without_its_password(mine, ada):
    session = Client()
    session.force_login(ada.user)

    assert session.get(f"/calendars/{mine.feed.uuid}/feed.ics").status_code == 401


# --- what it lists ------------------------------------------------------------------------------


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


# --- what it shows ------------------------------------------------------------------------------


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


# --- rights -------------------------------------------------------------------------------------


def test_a_feed_lists_exactly_what_its_owners_lists_show(roles, business, bo, cy):
    """Over roles, grants and responsibilities, each there and not there."""
    other = BusinessFactory(code="2000")
    group = Group.objects.create(name="Outside")
    permissions = ("returns.view_return", "sales.view_order")
    for number, held in enumerate(itertools.product((False, True), repeat=5)):
        sees_all, views, granted, customer, responsible = held
        eve = UserFactory(username=f"eve{number}")
        names = [*(permissions if views else permissions[1:])]
        names += ["access.see_all_businesses"] if sees_all else []
        codenames = [name.partition(".")[2] for name in names]
        eve.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        if granted:
            assign_perm("sales.view_business", eve, business)
        if customer:
            assign_perm("customers.view_company", eve, cy)
        owner = {"responsible_user": eve} if responsible else {"responsible_group": group}
        an_rma(business, bo, f"A{number}")
        an_rma(other, cy, f"B{number}")
        an_rma(other, bo, f"C{number}", **owner)
        an_order(other, cy, f"D{number}", **owner)
        actor = Actor(eve, door="test")

        shown = set(visible_orders(actor).values_list("reference", flat=True))
        if views:
            shown |= set(visible_returns(actor).values_list("reference", flat=True))
        assert set(Subscription(eve).events()) == shown, held


def test_the_feed_of_a_team_shows_what_the_role_sees_by_itself(roles, ada, business, bo, cy):
    team = Group.objects.create(name="Outside")
    viewer = Group.objects.get(name="Viewer").permissions
    team.permissions.set(viewer.exclude(codename="see_all_businesses"))
    ada.user.groups.add(team)
    other = BusinessFactory(code="2000")
    an_rma(business, bo, "GRANTED")
    an_rma(other, cy, "THEIRS")
    an_rma(other, cy, "OURS", responsible_group=team)
    an_rma(other, cy, "HERS", responsible_user=ada.user)
    feed = Subscription(team)

    assert set(feed.events()) == {"OURS"}

    assign_perm("sales.view_business", team, business)
    assert set(feed.events()) == {"OURS", "GRANTED"}
    remove_perm("sales.view_business", team, business)
    team.permissions.add(Permission.objects.get(codename="see_all_businesses"))
    assert set(feed.events()) == {"OURS", "GRANTED", "THEIRS", "HERS"}
    team.permissions.clear()
    assert feed.events() == {}


def test_a_feed_is_made_for_oneself_and_ones_teams(roles, ada, business):
    cyd = UserFactory(username="cyd")
    values = {"name": "Theirs", "contents": ["return_order"]}

    with pytest.raises(NotPermitted) as other_person:
        create_calendar_feed(values, owner=cyd, actor=ada)
    with pytest.raises(NotPermitted) as other_team:
        create_calendar_feed(values, owner=Group.objects.get(name="Finance"), actor=ada)
    create_calendar_feed(values, owner=Group.objects.get(name="Manager"), actor=ada)

    assert other_person.value.code == "not_permitted"
    assert other_team.value.code == "not_a_member"
    assert CalendarFeed.objects.get().group.name == "Manager"


def test_a_key_with_scopes_leaves_no_feed_behind(mine, ada):
    narrow = Actor(ada.user, door="api", scopes=frozenset({"returns.view_return"}))
    values = {"name": "Mine", "contents": ["return_order"]}
    attempts = [
        lambda: create_calendar_feed(values, owner=ada.user, actor=narrow),
        lambda: edit_calendar_feed(mine.feed.pk, {"show_customer": True}, actor=narrow),
        lambda: rotate_calendar_feed(mine.feed.pk, actor=narrow),
        lambda: revoke_calendar_feed(mine.feed.pk, actor=narrow),
    ]

    for attempt in attempts:
        with pytest.raises(NotPermitted) as refusal:
            attempt()
        assert refusal.value.code == "whole_key_needed"

    assert CalendarFeed.objects.get().version == 1
    assert mine.get().status_code == 200


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"contents": []}, "invalid_contents"),
        ({"statuses": ["lost"]}, "invalid_status"),
        ({"remind_hours": 721}, "invalid_remind_hours"),
        ({"name": ""}, "invalid_name"),
        ({"name": "one\rtwo"}, "invalid_name"),
    ],
)
def test_a_feed_that_means_nothing_is_refused(ada, values, code):
    given = {"name": "Mine", "contents": list(ALL), **values}

    with pytest.raises(RuleViolation) as refusal:
        create_calendar_feed(given, owner=ada.user, actor=ada)

    assert refusal.value.code == code
    assert not CalendarFeed.objects.exists()


# --- how it is served ---------------------------------------------------------------------------


def test_the_headers_are_those_that_calendars_need(mine, business, bo):
    answer = mine.get()

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="due-days.ics"'
    assert answer["Cache-Control"] == "private, max-age=300"
    assert answer["ETag"].startswith('"')
    assert mine.get(f"{mine.path}?x=1")["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["", "/api/order/calendar/return-order/calendar.ics"])
def test_calendars_are_never_compressed(mine, business, bo, path, settings):
    settings.MIDDLEWARE = ["django.middleware.gzip.GZipMiddleware", *settings.MIDDLEWARE]
    for number in range(5):
        an_rma(business, bo, f"RMA-{number}")

    answer = mine.get(
        path, Accept_Encoding="gzip", Authorization=basic("ada", "a long pass phrase")
    )

    assert answer.content.startswith(b"BEGIN:VCALENDAR")
    assert "Content-Encoding" not in answer
    assert answer["ETag"].startswith('"')
    assert mine.get("/login/", Accept_Encoding="gzip")["Content-Encoding"] == "gzip"


def test_an_unchanged_feed_is_not_sent_again(mine, business, bo):
    an_rma(business, bo, "RMA-1")
    first = mine.get()

    by_tag = mine.get(If_None_Match=first["ETag"])
    by_date = mine.get(If_Modified_Since=first["Last-Modified"])

    for answer in (by_tag, by_date):
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer["ETag"] == first["ETag"]
        assert answer["Last-Modified"] == first["Last-Modified"]
        assert answer["Cache-Control"] == "private, max-age=300"
    assert mine.get().content == first.content


def test_a_removal_within_the_same_second_is_sent_to_who_asks_by_date(mine, business, bo):
    gone = an_rma(business, bo, "RMA-1")
    an_rma(business, bo, "RMA-2")
    first = mine.get()

    edit_return(gone.pk, {"target_date": None}, actor=SYSTEM)

    after = mine.get(If_Modified_Since=first["Last-Modified"])
    assert after.status_code == 200
    assert set(events_of(after.content)) == {"RMA-2"}
    assert after["Last-Modified"] != first["Last-Modified"]
    again = mine.get(If_Modified_Since=first["Last-Modified"])
    assert again.status_code == 200


def test_whatever_changes_the_feed_is_sent(mine, ada, business, bo):
    rma = an_rma(business, bo, "RMA-1")
    answers = [mine.get()]

    def changed():
        answers.append(
            mine.get(
                If_None_Match=answers[-1]["ETag"], If_Modified_Since=answers[-1]["Last-Modified"]
            )
        )
        return answers[-1].status_code == 200

    edit_return(rma.pk, {"target_date": in_days(4)}, actor=SYSTEM)
    assert changed()
    edit_calendar_feed(mine.feed.pk, {"show_customer": True}, actor=ada)
    assert changed()
    edit_calendar_feed(mine.feed.pk, {"remind_hours": 15}, actor=ada)
    assert changed()
    edit_calendar_feed(mine.feed.pk, {"name": "Other"}, actor=ada)
    assert changed()
    edit_calendar_feed(mine.feed.pk, {"statuses": ["in_progress"]}, actor=ada)
    assert changed()
    ada.user.groups.clear()
    assert not changed()  # it was empty already


@pytest.mark.parametrize("value", ["yesterday", "Mon, 01 Jan 1990 00:00:00 GMT", ""])
def test_an_old_or_unreadable_date_gets_the_whole_feed(mine, value):
    assert mine.get(If_Modified_Since=value).status_code == 200


def test_a_feed_is_fetched_so_often_and_no_more_whoever_fetches_others(mine, ada):
    other = Subscription(ada.user)
    for _ in range(FETCHES_A_MINUTE):
        assert mine.get().status_code == 200

    refused = mine.get()

    assert refused.status_code == 429
    assert refused.json()["code"] == "quota_exceeded"
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert other.get().status_code == 200


def test_a_wrong_secret_counts_for_nobody(mine):
    for _ in range(FETCHES_A_MINUTE + 1):
        assert mine.get(f"/calendars/{mine.feed.uuid}/cal_wrong.ics").status_code == 404

    assert mine.get().status_code == 200
