"""Calendar feeds over REST: made, changed, given another secret, revoked, and seen by whom."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from returns.api.calendar_feeds import CalendarFeedOutput
from returns.models import CalendarFeed
from returns.services import request_return
from rmaproject.access.actors import SYSTEM
from rmaproject.access.models import IdempotencyRecord
from tests.api.caller import Caller, codes, problem
from tests.api.test_shapes import mismatches
from tests.changes import picture
from tests.factories import actor_with
from tests.returns.feeds import events_of, in_days

pytestmark = pytest.mark.django_db

FEEDS = "/calendar-feeds/"
BODY = {"name": "Due days", "contents": ["return_order", "return_deadline"]}


@pytest.fixture
def hers(ada):
    """Ada's calls."""
    return Caller(ada)


@pytest.fixture
def theirs(roles):
    """The calls of Eve, a viewer."""
    return Caller(actor_with("Viewer", username="eve"))


def fetch(url):
    return Client().get(url.removeprefix("http://testserver"))


def on(made, name=""):
    return f"{FEEDS}{made['id']}/{name}"


def test_a_feed_is_made_with_an_address_that_works_and_is_told_once(hers, business, bo):
    request_return(
        business=business, customer=bo, reference="R", target_date=in_days(1), actor=SYSTEM
    )

    answer = hers.post(FEEDS, BODY)
    made = answer.json()
    read = hers.get(on(made)).json()

    assert answer.status_code == 201
    assert answer["Cache-Control"] == "no-store"
    assert set(events_of(fetch(made["url"]).content)) == {"R"}
    assert read == made | {"url": None}
    assert hers.get(on(made)).json()["last_used_at"] is not None
    assert mismatches(made, CalendarFeedOutput(), "feed") == []
    assert (made["user"], made["team"], made["responsible"]) == ("ada", None, "anybody")


def test_a_repeat_by_key_makes_no_second_feed_and_keeps_no_secret(hers, business):
    first = hers.post(FEEDS, BODY, Idempotency_Key="k")
    second = hers.post(FEEDS, BODY, Idempotency_Key="k")

    secret = first.json()["url"].rpartition("/")[2].removesuffix(".ics")
    assert second.json() == first.json() | {"url": None}
    assert CalendarFeed.objects.count() == 1
    assert secret.encode() not in bytes(IdempotencyRecord.objects.get().body)


def test_a_feed_is_changed_where_it_stands(hers, business, bo):
    made = hers.post(FEEDS, BODY).json()
    values = {
        "name": "Bo's",
        "contents": ["sales_order", "promised_refund"],
        "business": "1000",
        "customer": "BO",
        "responsible": "us",
        "statuses": ["pending", "on_hold"],
        "include_completed": True,
        "show_customer": True,
        "remind_hours": 15,
    }

    answer = hers.patch(on(made), values, If_Match='"1"')
    changed = answer.json()

    assert answer.status_code == 200
    assert answer["ETag"] == '"2"'
    assert changed["business"]["reference"] == "1000"
    assert changed["customer"]["reference"] == "BO"
    assert changed["contents"] == ["promised_refund", "sales_order"]
    assert changed["statuses"] == ["on_hold", "pending"]
    named = ("name", "responsible", "include_completed", "show_customer", "remind_hours")
    assert {name: changed[name] for name in named} == {name: values[name] for name in named}
    assert fetch(made["url"]).status_code == 200
    assert [entry["verb"] for entry in hers.get(on(made, "history/")).json()["results"]] == [
        "create",
        "edit",
    ]


def test_another_secret_and_the_end(hers, business):
    made = hers.post(FEEDS, BODY).json()

    rotated = hers.post(on(made, "rotate/"), {}, If_Match='"1"').json()
    between = [fetch(made["url"]).status_code, fetch(rotated["url"]).status_code]
    ended = hers.delete(on(made), If_Match='"2"')

    assert between == [404, 200]
    assert ended.status_code == 204
    assert fetch(rotated["url"]).status_code == 404
    problem(hers.get(on(made)), 404)
    assert hers.get(FEEDS).json()["results"] == []


@pytest.mark.parametrize("method", ["patch", "delete", "post"])
def test_a_change_is_based_on_a_version(hers, business, method):
    made = hers.post(FEEDS, BODY).json()
    path = on(made, "rotate/") if method == "post" else on(made)

    problem(hers.call(method.upper(), path, {}), 428)
    problem(hers.call(method.upper(), path, {}, If_Match='"9"'), 412)

    assert fetch(made["url"]).status_code == 200


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, {"/name": "required", "/contents": "required"}),
        ({**BODY, "contents": []}, {"/contents": "empty"}),
        ({**BODY, "contents": ["invoices"]}, {"/contents/0": "invalid_choice"}),
        ({**BODY, "statuses": ["lost"]}, {"/statuses/0": "invalid_choice"}),
        ({**BODY, "remind_hours": 721}, {"/remind_hours": "max_value"}),
        ({**BODY, "responsible": "them"}, {"/responsible": "invalid_choice"}),
        ({**BODY, "secret": "mine"}, {"/secret": "unknown_field"}),
        ({**BODY, "name": ""}, {"/name": "blank"}),
    ],
)
def test_what_cannot_be_meant_is_refused_and_named(hers, business, body, wrong):
    answer = hers.post(FEEDS, body)

    assert answer.status_code == 400
    assert codes(answer) == wrong
    assert not CalendarFeed.objects.exists()


def test_nobody_elses_feed_is_seen_or_changed_but_by_who_manages_users(hers, theirs, business):
    made = hers.post(FEEDS, BODY).json()
    admin = Caller(actor_with("Administrator", username="root"))
    before = picture()

    problem(theirs.get(on(made)), 404)
    problem(theirs.patch(on(made), {"name": "Mine"}, If_Match="*"), 404)
    problem(theirs.post(on(made, "rotate/"), {}, If_Match="*"), 404)
    problem(theirs.delete(on(made), If_Match="*"), 404)
    assert theirs.get(FEEDS).json()["results"] == []
    assert picture() == before

    assert [row["id"] for row in admin.get(FEEDS).json()["results"]] == [made["id"]]
    assert admin.delete(on(made), If_Match="*").status_code == 204
    problem(Caller().get(FEEDS), 401)


def test_the_feed_of_a_team_is_its_members(hers, theirs, business):
    made = hers.post(FEEDS, {**BODY, "team": "Manager"}).json()
    refused = theirs.post(FEEDS, {**BODY, "team": "Manager"})

    assert (made["user"], made["team"]) == (None, "Manager")
    assert problem(refused, 403)["code"] == "not_a_member"
    problem(theirs.get(on(made)), 404)
    member = actor_with("Manager", username="max")
    assert Caller(member).get(on(made)).json()["url"] is None
    member.user.groups.set([Group.objects.get(name="Viewer")])
    problem(Caller(member.user).get(on(made)), 404)


def test_a_team_is_not_me(hers, business):
    answer = hers.post(FEEDS, {**BODY, "team": "Manager", "responsible": "me"})

    assert problem(answer, 422)["code"] == "invalid_responsible"


def test_lists_are_filtered_by_owner(hers, business):
    hers.post(FEEDS, BODY)
    hers.post(FEEDS, {**BODY, "name": "Ours", "team": "Manager"})

    assert [row["name"] for row in hers.get(f"{FEEDS}?user=ADA").json()["results"]] == ["Due days"]
    assert [row["name"] for row in hers.get(f"{FEEDS}?team=manager").json()["results"]] == ["Ours"]
    problem(hers.get(f"{FEEDS}?secret=x"), 400)


def test_the_promised_day_of_a_refund_is_set_and_shown(hers, business, bo):
    made = request_return(business=business, customer=bo, actor=SYSTEM)

    answer = hers.patch(f"/returns/{made.uuid}/", {"refund_by": "2026-12-01"}, If_Match='"1"')

    assert answer.json()["refund_by"] == "2026-12-01"
