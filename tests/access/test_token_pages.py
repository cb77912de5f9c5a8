"""The pages of tokens and applications: made, shown once, revoked."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from rmaproject.access.actors import SYSTEM
from rmaproject.access.models import ApiToken, OAuthClient, User
from rmaproject.access.tokens import create_token
from tests.access.keys import code_of, exchange, let_in, shop, with_token
from tests.factories import UserFactory


@pytest.fixture
def browser(client, ada):
    """A browser in which Ada is logged in, who manages no users."""
    client.force_login(ada.user)
    return client


@pytest.fixture
def admin(roles):
    """A browser in which an administrator is logged in."""
    browser = Client()
    browser.force_login(UserFactory(username="root", roles=["Administrator"]))
    return browser


def text_of(answer):
    return answer.content.decode()


def test_somebody_makes_a_token_sees_it_once_and_revokes_it(browser):
    asked = {"name": "Cron", "scopes": ["read"], "until": "2999-01-01", "addresses": "127.0.0.1"}

    made = browser.post("/settings/tokens/new/", asked)
    token = re.search(r'value="(rma_[^"]+)"', text_of(made))[1]
    listed = text_of(browser.get("/settings/tokens/"))
    works = with_token(token, path="/companies/").status_code
    row = ApiToken.objects.get()
    browser.post(f"/settings/tokens/{row.uuid}/revoke/")

    assert made["Cache-Control"] == "no-store"
    assert token not in listed
    assert token[:10] in listed
    assert (row.scopes, row.allowed_addresses) == (["read"], ["127.0.0.1/32"])
    assert row.expires_at.isoformat() == "2999-01-02T00:00:00+00:00"
    assert (works, with_token(token).status_code) == (200, 401)
    assert "Revoked" in text_of(browser.get("/settings/tokens/"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"until": "2020-01-01"},
        {"addresses": "nowhere"},
        {"scopes": ["x"]},
        {"user": "root"},
    ],
)
def test_a_token_that_cannot_be_is_asked_for_again(browser, wrong):
    answer = browser.post("/settings/tokens/new/", {"name": "Cron", **wrong})

    assert answer.status_code == 422
    assert 'name="addresses"' in text_of(answer)
    assert not ApiToken.objects.exists()


def test_a_clerk_sees_and_revokes_no_tokens_of_others_and_no_applications(browser, admin):
    create_token(User.objects.get(username="root"), name="Root's")
    row, app = ApiToken.objects.get(), shop().row

    assert "Root&#x27;s" not in text_of(browser.get("/settings/tokens/"))
    assert browser.post(f"/settings/tokens/{row.uuid}/revoke/").status_code == 404
    assert browser.get("/settings/applications/").status_code == 403
    assert browser.post(f"/settings/applications/{app.uuid}/revoke/").status_code == 403
    row.refresh_from_db()
    app.refresh_from_db()
    assert (row.revoked_at, app.revoked_at) == (None, None)


def test_an_administrator_makes_a_token_for_a_service_user_but_for_no_person(admin, ada):
    machine = User.objects.create_user("machine")

    made = admin.post("/settings/tokens/new/", {"name": "Robot", "user": "machine"})
    other = admin.post("/settings/tokens/new/", {"name": "Spy", "user": "ada"})

    assert made.status_code == 200
    assert ApiToken.objects.get().user == machine
    assert other.status_code == 422
    assert "Robot" in text_of(admin.get("/settings/tokens/"))


def test_an_administrator_revokes_an_application(admin):
    app = shop().row

    listed = text_of(admin.get("/settings/applications/"))
    answer = admin.post(f"/settings/applications/{app.uuid}/revoke/")

    assert app.client_id in listed
    assert "https://shop.example/back" in listed
    assert answer.status_code == 302
    assert OAuthClient.objects.get().revoked_at is not None
    assert "Revoked" in text_of(admin.get("/settings/applications/"))


def test_somebody_sends_an_application_away_that_acts_as_them(browser, roles):
    made = shop()
    told = exchange(made, code_of(let_in(browser, made))).json()

    listed = text_of(browser.get("/settings/tokens/"))
    browser.post(f"/settings/consents/{made.row.uuid}/withdraw/")

    assert "Applications that act as you" in listed
    assert "Applications that act as you" not in text_of(browser.get("/settings/tokens/"))
    assert with_token(told["access_token"]).status_code == 401
    assert browser.post(f"/settings/consents/{made.row.uuid}/withdraw/").status_code == 404


def test_the_way_to_ones_tokens_is_in_the_menu(browser, business):
    assert 'href="/settings/tokens/"' in text_of(browser.get("/returns/"))


def test_a_token_of_nobody_in_particular_still_says_who_it_acts_for(browser, ada):
    create_token(ada.user, actor=SYSTEM)

    assert "All that its user may do" in text_of(browser.get("/settings/tokens/"))
