"""Feeds by secret address: whom they open for, and what they keep to themselves."""

from __future__ import annotations

import itertools
import logging
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from guardian.shortcuts import assign_perm, remove_perm

from returns.models import CalendarFeed
from returns.selectors import visible_returns
from returns.services import (
    turn_returns,
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
from tests.factories import BusinessFactory, UserFactory
from tests.returns.feeds import (
    ALL,
    Subscription,
    an_order,
    an_rma,
    basic,
)


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
