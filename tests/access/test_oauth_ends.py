"""OAuth2: how tokens and applications end, what doors are given, and who makes applications."""

from __future__ import annotations

import json
import logging

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from oauth2_provider.models import AccessToken

from rmaproject.access.actors import SYSTEM
from rmaproject.access.clients import create_client, revoke_client, withdraw_consent
from rmaproject.access.models import ApiToken, OAuthClient, User
from rmaproject.access.oauth import grant
from rmaproject.shared.errors import DomainError, Malformed, NotPermitted
from tests.access.keys import (
    BACK,
    VERIFIER,
    ask,
    code_of,
    exchange,
    let_in,
    refresh,
    shop,
    token_request,
    with_token,
)
from tests.factories import actor_with
from tests.racing import race


def test_tokens_of_who_is_inactive_stop_and_are_not_renewed(made, browser, ada):
    told = exchange(made, code_of(let_in(browser, made))).json()
    waiting = code_of(let_in(browser, made))
    alone = token_request(made, grant_type="client_credentials").json()

    User.objects.filter(username="ada").update(is_active=False)
    User.objects.filter(username="app-shop").update(is_active=False)

    assert with_token(told["access_token"]).status_code == 401
    assert with_token(alone["access_token"]).status_code == 401
    assert refresh(made, told["refresh_token"]).status_code == 401
    assert exchange(made, waiting).status_code == 401
    assert token_request(made, grant_type="client_credentials").status_code == 401


def test_a_person_who_is_inactive_gives_no_more_tokens_to_an_application_that_lives(made, browser):
    told = exchange(made, code_of(let_in(browser, made))).json()
    waiting = code_of(let_in(browser, made))

    User.objects.filter(username="ada").update(is_active=False)

    assert refresh(made, told["refresh_token"]).json()["error"] == "invalid_grant"
    assert exchange(made, waiting).json()["error"] == "invalid_grant"


def test_an_application_ends_at_once_with_all_its_tokens(made, browser, caplog):
    told = exchange(made, code_of(let_in(browser, made))).json()
    waiting = code_of(let_in(browser, made))

    with caplog.at_level(logging.INFO, logger="rmaproject.security"):
        revoke_client(made.row.pk, actor=SYSTEM)

    assert with_token(told["access_token"]).status_code == 401
    assert refresh(made, told["refresh_token"]).status_code == 401
    assert exchange(made, waiting).status_code == 401
    assert browser.get("/oauth2/authorize/", ask(made)).status_code == 400
    assert "Application Shop" in caplog.text


def test_a_person_sends_an_application_away_and_others_keep_theirs(made, browser, ada):
    told = exchange(made, code_of(let_in(browser, made))).json()
    alone = token_request(made, grant_type="client_credentials").json()

    withdraw_consent(made.row.pk, actor=ada)

    assert with_token(told["access_token"]).status_code == 401
    assert refresh(made, told["refresh_token"]).json()["error"] == "invalid_grant"
    assert with_token(alone["access_token"]).status_code == 200


def test_an_application_revokes_its_own_tokens_and_nobody_elses(made, browser):
    stranger = create_client("Stranger", actor=SYSTEM)
    told = exchange(made, code_of(let_in(browser, made))).json()

    def end(client: object, token: str) -> object:
        pair = {"client_id": client.row.client_id, "client_secret": client.secret}
        return Client().post("/oauth2/revoke/", {**pair, "token": token})

    other = end(stranger, told["access_token"]).status_code
    still = with_token(told["access_token"]).status_code
    own = end(made, told["refresh_token"]).status_code
    again = end(made, told["refresh_token"]).status_code

    assert (other, still, own, again) == (200, 200, 200, 200)
    assert with_token(told["access_token"]).status_code == 401
    wrong = Client().post("/oauth2/revoke/", {"token": "x", "client_id": made.row.client_id})
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")


def test_an_access_token_for_another_place_opens_nothing_here(made):
    elsewhere = {"resource": "https://elsewhere.example/"}
    told = token_request(made, grant_type="client_credentials", **elsewhere).json()

    assert with_token(told["access_token"]).status_code == 401


def test_an_access_token_makes_no_api_token_that_outlives_it(made):
    made.row.user.groups.clear()
    made.row.user.user_permissions.set([])
    told = token_request(made, grant_type="client_credentials", scope="read").json()

    answer = with_token(told["access_token"], "POST", "/tokens/", body={"scopes": ["read"]})

    assert answer.status_code == 403
    assert not ApiToken.objects.exists()


def test_what_this_server_can_is_told_to_machines(client, db):
    answer = client.get("/.well-known/oauth-authorization-server")

    told = answer.json()
    assert told["issuer"] == "http://testserver"
    assert told["authorization_endpoint"] == "http://testserver/oauth2/authorize/"
    assert told["token_endpoint"] == "http://testserver/oauth2/token/"
    assert told["revocation_endpoint"] == "http://testserver/oauth2/revoke/"
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["response_types_supported"] == ["code"]
    assert told["grant_types_supported"] == [
        "authorization_code",
        "client_credentials",
        "refresh_token",
    ]
    assert {"read", "write", "returns.receive_return"} <= set(told["scopes_supported"])
    assert "introspection_endpoint" not in told
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_no_page_of_another_site_may_read_any_of_it(made):
    form = {"client_id": made.row.client_id, "client_secret": made.secret}
    evil = {"Origin": "https://evil.example"}

    told = Client().post(
        "/oauth2/token/", {"grant_type": "client_credentials", **form}, headers=evil
    )

    assert told.status_code == 200
    assert "Access-Control-Allow-Origin" not in told.headers


def test_a_door_gets_tokens_with_a_refresh_token_for_a_secret(made):
    first = grant(made.row.client_id, made.secret, grant_type="client_credentials")
    second = grant(
        made.row.client_id,
        made.secret,
        grant_type="refresh_token",
        refresh_token=first["refresh_token"],
    )

    assert set(first) == {"access_token", "refresh_token", "token_type", "expires_in", "scope"}
    assert with_token(first["access_token"]).status_code == 401
    assert with_token(second["access_token"]).status_code == 200
    assert AccessToken.objects.get().user.username == "app-shop"


@pytest.mark.parametrize(
    ("changed", "kind", "code"),
    [
        ({"client_secret": "x"}, NotPermitted, "invalid_client"),
        ({"client_id": "x"}, NotPermitted, "invalid_client"),
        ({"grant_type": "password"}, Malformed, "unsupported_grant_type"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, Malformed, "invalid_grant"),
        ({"grant_type": "refresh_token"}, Malformed, "invalid_grant"),
    ],
)
def test_a_door_hears_the_standards_word_for_what_is_wrong(made, changed, kind, code):
    asked = {
        "client_id": made.row.client_id,
        "client_secret": made.secret,
        "grant_type": "client_credentials",
        **changed,
    }

    with pytest.raises(DomainError) as refusal:
        grant(asked.pop("client_id"), asked.pop("client_secret"), **asked)

    assert (type(refusal.value), refusal.value.code) == (kind, code)
    assert not AccessToken.objects.exists()


def test_the_command_prints_one_line_of_json_and_refuses_the_name_again(roles, capsys):
    call_command("create_oauth_client", "Web Shop", redirect_uri=[BACK])

    told = json.loads(capsys.readouterr().out)
    row = OAuthClient.objects.get()
    assert set(told) == {"client_id", "client_secret"}
    assert told["client_id"] == row.client_id
    assert row.user.username == "app-web-shop"
    assert not row.user.has_usable_password()
    assert [group.name for group in row.user.groups.all()] == ["Integrator"]
    with pytest.raises(CommandError, match="is called 'web shop'"):
        call_command("create_oauth_client", "web shop")
    assert OAuthClient.objects.count() == 1


@pytest.mark.parametrize(
    "uri",
    [
        "http://shop.example/",
        "https://",
        "shop.example",
        "https://a@shop.example/",
        "https://shop.example/#top",
        "https://*.shop.example/",
        "https://shop.example/ https://evil.example/",
        "myapp:/back",
        "javascript:alert(1)",
        "https://[::1",
    ],
)
def test_an_address_that_gives_codes_away_is_not_registered(roles, uri):
    with pytest.raises(Malformed) as refusal:
        create_client("Shop", actor=SYSTEM, redirect_uris=[uri])

    assert refusal.value.code == "invalid_redirect_uri"
    assert not User.objects.filter(username="app-shop").exists()


def test_only_who_manages_users_makes_applications(ada):
    with pytest.raises(NotPermitted):
        create_client("Shop", actor=ada)
    with pytest.raises(DomainError) as nowhere:
        create_client("App", actor=actor_with("Administrator"), public=True)

    assert nowhere.value.code == "no_redirect_uri"
    assert not OAuthClient.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locked", [True, False])
def test_of_two_uses_of_a_refresh_token_at_once_one_gets_tokens(roles, locked, monkeypatch):
    made = shop()
    first = grant(made.row.client_id, made.secret, grant_type="client_credentials")
    if not locked:  # the control: without the lock both look before either writes
        _both_look_first(monkeypatch)

    def use() -> dict[str, str]:
        return grant(
            made.row.client_id,
            made.secret,
            grant_type="refresh_token",
            refresh_token=first["refresh_token"],
        )

    told, refused = race([use, use])

    whole = [answer for answer in told if answer["access_token"]]
    assert len(whole) == 1
    assert (len(told), [error.code for error in refused]) == (
        (1, ["invalid_grant"]) if locked else (2, [])
    )


def _both_look_first(monkeypatch: pytest.MonkeyPatch) -> None:
    from threading import Barrier

    from oauth2_provider.oauth2_validators import OAuth2Validator

    from rmaproject.access.oauth_server import Validator

    met = Barrier(2)

    def look(self, *args, **kwargs):
        known = OAuth2Validator.validate_refresh_token(self, *args, **kwargs)
        met.wait(20)
        return known

    monkeypatch.setattr(Validator, "validate_refresh_token", look)


def test_the_verifier_of_the_tests_is_what_the_standard_asks_for():
    assert 43 <= len(VERIFIER) <= 128
