"""The address where clients of this system get their bearer token, as often as they need one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.utils import timezone
from oauth2_provider.models import AccessToken, RefreshToken

from rmaproject.access.actors import SYSTEM
from rmaproject.access.clients import revoke_client
from rmaproject.access.models import OAuthClient
from rmaproject.rest.rendering import MAX_BYTES
from tests.compat.calling import Caller, body_of, same
from tests.compat.exsited.steps import MANY, RMAS, codes

pytestmark = pytest.mark.django_db

PATH = "/api/v1/oauth2/token"
FORM = "application/x-www-form-urlencoded"
GRANTED = {
    "access_token": "<text:token>",
    "refresh_token": "<text:refresh>",
    "token_type": "Bearer",
    "expires_in": 3600,
    "scope": "write",
}


def granted(oauth: dict[str, str], **told: str) -> dict[str, Any]:
    """The token, and the token for the next one, that a request gets."""
    told = {"grant_type": "client_credentials", **oauth, **told}
    return same(body_of(Caller().post(PATH, told)), GRANTED)


def status_with(token: str) -> int:
    answer = Caller(Authorization=f"Bearer {token}").get(f"/api/v3/{RMAS}")
    return int(answer.status_code)


@pytest.mark.parametrize("grant", ["client_credentials", "authorization_code"])
def test_a_client_gets_a_token_that_opens_the_door(desk, oauth, grant):
    more = {"redirect_uri": "https://x.example", "exsited_url": "y"}

    answer = Caller().post(PATH, {"grant_type": grant, **oauth, **more})

    known = same(body_of(answer), GRANTED)
    assert answer.headers["Cache-Control"] == "no-store"
    caller = Caller(Authorization=f"Bearer {known['token']}")
    assert body_of(caller.get(f"/api/v3/{RMAS}"))[MANY] == []


def test_who_has_a_token_books_a_return_as_the_client(desk, oauth):
    desk.caller = Caller(Authorization=f"Bearer {granted(oauth)['token']}")

    rma = desk.ask(("TENT", "2"))

    assert (rma["created_by"], rma["returns"][0]["rma_requested"]) == ("app-sdk", "2")


def test_a_form_will_do_and_a_refresh_token_gives_the_next_one(desk, oauth):
    first = granted(oauth)
    told = {"grant_type": "refresh_token", "refresh_token": first["refresh"], **oauth}

    answer = Caller().raw("POST", PATH, urlencode(told).encode(), FORM)

    second = same(body_of(answer), GRANTED)
    assert second["token"] != first["token"]
    assert second["refresh"] != first["refresh"]
    assert (status_with(first["token"]), status_with(second["token"])) == (401, 200)


def test_a_token_that_is_over_is_401_and_the_refresh_token_goes_on(desk, oauth):
    first = granted(oauth)
    AccessToken.objects.update(expires=timezone.now())

    refused = Caller(Authorization=f"Bearer {first['token']}").get(f"/api/v3/{RMAS}")
    assert codes(refused, 401) == {None: "not_authenticated"}
    assert refused.headers["WWW-Authenticate"] == "Bearer"
    second = granted(oauth, grant_type="refresh_token", refresh_token=first["refresh"])
    assert status_with(second["token"]) == 200


def test_a_refresh_token_that_is_wrong_or_over_is_no_grant(desk, oauth):
    first = granted(oauth)
    RefreshToken.objects.update(revoked=timezone.now() - timedelta(hours=1))

    for token in ("wrong", first["refresh"]):
        told = {"grant_type": "refresh_token", "refresh_token": token, **oauth}
        assert codes(Caller().post(PATH, told), 400) == {None: "invalid_grant"}


def test_a_client_that_was_revoked_gets_no_token_and_its_tokens_are_dead(desk, oauth):
    first = granted(oauth)

    revoke_client(OAuthClient.objects.get(client_id=oauth["client_id"]).pk, actor=SYSTEM)

    again = {**oauth, "refresh_token": first["refresh"]}
    for grant in ("client_credentials", "refresh_token"):
        refused = Caller().post(PATH, {"grant_type": grant, **again})
        assert codes(refused, 401) == {None: "not_authenticated"}
    assert status_with(first["token"]) == 401


@pytest.mark.parametrize("wrong", [{"client_secret": "wrong"}, {"client_id": "nobody"}])
def test_who_is_no_client_is_refused_and_told_how_to_call(desk, oauth, wrong):
    refused = Caller().post(PATH, {"grant_type": "client_credentials", **oauth, **wrong})

    assert codes(refused, 401) == {None: "not_authenticated"}
    assert refused.headers["WWW-Authenticate"] == "Bearer"
    assert not AccessToken.objects.exists()


def test_what_is_no_request_is_refused(desk, oauth):
    told = {"grant_type": "client_credentials", **oauth}
    for change, field in (
        ({"grant_type": "password"}, "grant_type"),
        ({"client_id": ""}, "client_id"),
        ({"client_id": "\0"}, "client_id"),
        ({"client_secret": None}, "client_secret"),
        ({"client_secret": ["x"]}, "client_secret"),
        ({"grant_type": "refresh_token"}, "refresh_token"),
    ):
        assert list(codes(Caller().post(PATH, {**told, **change}), 400)) == [field]
    assert codes(Caller().post(PATH, []), 400) == {None: "invalid"}
    assert codes(Caller().get(PATH), 405) == {None: "method_not_allowed"}
    assert codes(Caller().raw("POST", PATH, b"<x/>", "application/xml"), 415)
    for size in (MAX_BYTES, 4 * MAX_BYTES):
        form = b"client_id=" + b"x" * size
        assert codes(Caller().raw("POST", PATH, form, FORM), 413) == {None: "too_large_body"}
    assert not AccessToken.objects.exists()
