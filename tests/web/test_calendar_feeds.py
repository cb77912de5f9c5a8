"""The settings page of calendar feeds: for everybody, with an address that is shown once."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from returns.models import CalendarFeed
from returns.services.calendar_feeds import create_calendar_feed
from tests.factories import UserFactory
from tests.web.browser import text_of, version_on

PAGE = "/settings/calendars/"
FORM = {"name": "Mine", "contents": ["return_order", "sales_order"], "responsible": "anybody"}


@pytest.fixture
def feed(ada):
    values = {"name": "Mine", "contents": ["return_order"], "statuses": ["pending"]}
    return create_calendar_feed(values, owner=ada.user, actor=ada)[0]


def secret_on(answer):
    found = re.search(r'id="secret-url" readonly value="http://testserver([^"]+)"', text_of(answer))
    return found and found[1]


def test_somebody_without_any_right_finds_and_makes_own_feeds(client, roles, business):
    client.force_login(UserFactory(username="dee"))

    opened = client.get(PAGE)
    made = client.post(f"{PAGE}new/", FORM)

    assert "up to a day late" in text_of(opened)
    assert made.status_code == 200
    assert made["Cache-Control"] == "no-store"
    assert Client().get(secret_on(made)).status_code == 200
    assert secret_on(client.get(PAGE)) is None
    assert f"/calendars/{CalendarFeed.objects.get().uuid}/feed.ics" in text_of(made)


def test_every_page_leads_to_ones_feeds(clerk, business):
    assert f'href="{PAGE}"' in text_of(clerk.get("/returns/"))


def test_a_feed_of_a_team_is_offered_for_ones_own_teams(clerk, ada, business):
    group = ada.user.groups.get()

    offered = text_of(clerk.get(f"{PAGE}new/"))
    clerk.post(f"{PAGE}new/", {**FORM, "team": group.pk})

    assert "Manager</option>" in offered
    assert "Finance</option>" not in offered
    assert CalendarFeed.objects.get().group == group


def test_a_feed_is_changed_with_the_states_that_it_lists(clerk, feed, business):
    path = f"{PAGE}{feed.uuid}/"
    shown = clerk.get(path)
    version = version_on(shown)
    states = ["on_hold", "pending"]

    answer = clerk.post(
        path, {**FORM, "show_customer": "on", "statuses": states, "version": version}
    )

    feed.refresh_from_db()
    assert answer.status_code == 302
    assert (feed.contents, feed.show_customer) == (["return_order", "sales_order"], True)
    assert shown.context["form"].initial["statuses"] == ["pending"]
    assert feed.statuses == states


def test_the_subscribe_dialog_asks_for_what_the_calendar_shows(clerk, feed, ada, business):
    asked = {"contents": "return_order", "responsible": "us", "done": "1", "next": "/returns/"}

    shown = clerk.get(f"{PAGE}subscribe/", asked)

    first = shown.context["form"].initial
    assert (first["responsible"], first["include_completed"]) == ("us", True)
    assert [row["name"] for row in shown.context["feeds"]] == ["Mine"]
    assert "Google may take up to a day" in text_of(shown)


def test_a_new_address_comes_as_https_webcal_and_for_google(clerk, business):
    made = clerk.post(f"{PAGE}new/", FORM)

    plain = made.context["secret_url"].partition("://")[2]
    assert made.context["webcal_url"] == f"webcal://{plain}"
    assert made.context["google_url"].startswith(
        "https://calendar.google.com/calendar/r?cid=webcal"
    )
    assert "webcal://" in text_of(made)


def test_what_cannot_be_meant_is_shown_again(clerk, feed, business):
    path = f"{PAGE}{feed.uuid}/"
    version = version_on(clerk.get(path))

    answer = clerk.post(path, {**FORM, "remind_hours": "721", "version": version})

    assert answer.status_code == 422
    feed.refresh_from_db()
    assert feed.version == 1


def test_another_address_and_the_end(clerk, feed, business):
    rotated = clerk.post(f"{PAGE}{feed.uuid}/rotate/", {"version": "1"})
    address = secret_on(rotated)
    stale = clerk.post(f"{PAGE}{feed.uuid}/revoke/", {"version": "1"})
    still = Client().get(address).status_code
    ended = clerk.post(f"{PAGE}{feed.uuid}/revoke/", {"version": "2"})

    assert (stale.status_code, still) == (412, 200)
    assert ended.status_code == 302
    assert Client().get(address).status_code == 404


def test_somebody_elses_feed_is_not_there(client, feed, roles, business):
    client.force_login(UserFactory(username="dee", roles=["Viewer"]))

    assert "Mine" not in text_of(client.get(PAGE))
    assert client.get(f"{PAGE}{feed.uuid}/").status_code == 404
    assert client.post(f"{PAGE}{feed.uuid}/rotate/", {"version": "1"}).status_code == 404
    assert client.post(f"{PAGE}{feed.uuid}/revoke/", {"version": "1"}).status_code == 404
    feed.refresh_from_db()
    assert feed.version == 1


def test_the_last_use_is_shown(clerk, ada, business):
    values = {"name": "Mine", "contents": ["return_order"]}
    made, secret = create_calendar_feed(values, owner=ada.user, actor=ada)
    Client().get(f"/calendars/{made.uuid}/{secret}.ics", headers={"User-Agent": "Thunderbird/140"})

    assert "Thunderbird/140" in text_of(clerk.get(PAGE))
