"""The address where clients of this system get their bearer token."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from tests.compat.calling import Caller, body_of, same
from tests.compat.exsited.steps import CLIENT, MANY, RMAS, codes

pytestmark = pytest.mark.django_db

PATH = "/api/v1/oauth2/token"
GRANTED = {
    "access_token": "<text:token>",
    "refresh_token": "<text>",
    "token_type": "Bearer",
    "expires_in": 3600,
    "scope": "",
}


@pytest.mark.parametrize("grant", ["client_credentials", "authorization_code"])
def test_a_client_gets_a_token_that_opens_the_door(desk, oauth, grant):
    told = {"grant_type": grant, **CLIENT, "redirect_uri": "https://x.example", "exsited_url": "y"}

    answer = Caller().post(PATH, told)

    known = same(body_of(answer), GRANTED)
    assert answer.headers["Cache-Control"] == "no-store"
    assert oauth == [("client_credentials", "")]
    caller = Caller(Authorization=f"Bearer {known['token']}")
    assert body_of(caller.get(f"/api/v3/{RMAS}"))[MANY] == []


def test_a_form_will_do_and_a_refresh_token_is_passed_on(desk, oauth):
    told = {"grant_type": "refresh_token", "refresh_token": "old", **CLIENT}
    form = "application/x-www-form-urlencoded"

    answer = Caller().raw("POST", PATH, urlencode(told).encode(), form)

    same(body_of(answer), GRANTED)
    assert oauth == [("refresh_token", "old")]


def test_who_is_no_client_and_what_is_no_request_is_refused(desk, oauth):
    told = {"grant_type": "client_credentials", **CLIENT}
    wrong = Caller().post(PATH, {**told, "client_secret": "wrong"})
    assert codes(wrong, 401) == {None: "not_authenticated"}
    assert wrong.headers["WWW-Authenticate"] == "Bearer"
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
    assert oauth == []
