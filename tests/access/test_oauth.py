"""OAuth2: what each grant gives, what it refuses, and that its tokens act as narrowly as others."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken, RefreshToken

from rmaproject.access.actors import SYSTEM
from rmaproject.access.clients import create_client, revoke_client, withdraw_consent
from rmaproject.access.models import ApiToken, OAuthClient, OAuthCode, User
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

NEW = {"reference": "NEW", "name": "New", "is_customer": True}


@pytest.fixture
def made(roles):
    return shop()


@pytest.fixture
def browser(client, ada):
    """A browser in which Ada is logged in, and that insists on CSRF tokens where it is told to."""
    client.force_login(ada.user)
    return client


def query_of(answer):
    return {
        name: values[0] for name, values in parse_qs(urlsplit(answer["Location"]).query).items()
    }


def test_a_program_gets_a_token_by_its_secret_and_acts_as_its_own_user(made, business):
    answer = token_request(made, grant_type="client_credentials", scope="read")

    told = answer.json()
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    assert answer["Cache-Control"] == "no-store"
    assert (told["token_type"], told["expires_in"], told["scope"]) == ("Bearer", 3600, "read")
    assert told["access_token"].startswith("rmo_")
    assert "refresh_token" not in told
    assert AccessToken.objects.get().user.username == "app-shop"
    assert with_token(told["access_token"], path="/companies/").status_code == 200


def test_an_access_token_opens_only_its_scopes(made):
    told = token_request(made, grant_type="client_credentials", scope="read").json()

    refused = with_token(told["access_token"], "POST", "/companies/", body=NEW)

    assert (refused.status_code, refused.json()["code"]) == (403, "insufficient_scope")
    challenge = 'Bearer error="insufficient_scope", scope="customers.create_company"'
    assert refused["WWW-Authenticate"] == challenge


def test_without_a_scope_a_program_gets_write_and_a_person_gives_read(made, browser):
    alone = token_request(made, grant_type="client_credentials").json()
    asked = code_of(let_in(browser, made, scope=""))

    assert alone["scope"] == "write"
    assert exchange(made, asked).json()["scope"] == "read"
    assert with_token(alone["access_token"], "POST", "/companies/", body=NEW).status_code == 201


def test_a_person_lets_an_application_in_and_it_acts_as_them(made, browser, caplog):
    with caplog.at_level(logging.DEBUG):
        answer = let_in(browser, made)
        told = exchange(made, code_of(answer)).json()

    back = query_of(answer)
    assert answer["Location"].startswith(f"{BACK}?")
    assert (back["state"], back["iss"]) == ("xyz", "http://testserver")
    assert AccessToken.objects.get().user.username == "ada"
    assert with_token(told["access_token"], path="/companies/").status_code == 200
    assert "Application Shop let in by ada for read" in caplog.text
    for secret in (back["code"], told["access_token"], told["refresh_token"], made.secret):
        assert secret not in caplog.text


def test_nothing_that_opens_anything_lies_in_the_database_in_clear(made, browser):
    code = code_of(let_in(browser, made))
    kept = OAuthCode.objects.get()
    told = exchange(made, code).json()

    assert code not in str(OAuthCode.objects.filter(pk=kept.pk).values()) + kept.code
    access, fresh = AccessToken.objects.get(), RefreshToken.objects.get()
    assert (access.token, fresh.token) == ("", "")
    assert told["access_token"] not in str(AccessToken.objects.values())
    assert told["refresh_token"] not in str(RefreshToken.objects.values())
    assert made.secret not in str(OAuthClient.objects.values())


def test_the_consent_page_says_who_asks_for_what_and_may_send_the_form_only_back_there(
    made, browser
):
    page = browser.get("/oauth2/authorize/", ask(made, scope="read returns.receive_return"))

    text = page.content.decode()
    assert "Let Shop act as you?" in text
    assert "See records, and change nothing" in text
    assert BACK in text
    assert "form-action 'self' https://shop.example;" in page["Content-Security-Policy"]
    assert "<script>" not in text
    assert "style=" not in text
    assert page["Cache-Control"] == "no-store"


def test_whoever_is_not_logged_in_logs_in_first_and_comes_back(client, made, ada):
    answer = client.get("/oauth2/authorize/", ask(made))

    place = urlsplit(answer["Location"])
    assert (answer.status_code, place.path) == (302, "/login/")
    assert parse_qs(place.query)["next"][0].startswith("/oauth2/authorize/?response_type=code")


def test_the_consent_form_needs_its_csrf_token(made, ada):
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(ada.user)

    answer = careful.post("/oauth2/authorize/", {**ask(made), "allow": "on"})

    assert answer.status_code == 403
    assert not OAuthCode.objects.exists()


def test_whoever_declines_sends_back_a_refusal_and_no_code(made, browser):
    answer = browser.post("/oauth2/authorize/", ask(made))

    assert query_of(answer)["error"] == "access_denied"
    assert query_of(answer)["state"] == "xyz"
    assert query_of(answer)["iss"] == "http://testserver"
    assert not OAuthCode.objects.exists()


def test_a_refused_request_is_sent_back_with_the_name_of_who_refused(made, browser):
    answer = browser.get("/oauth2/authorize/", ask(made, scope="nonsense"))

    told = {"error": "invalid_scope", "state": "xyz", "iss": "http://testserver"}
    assert answer["Location"].startswith(f"{BACK}?")
    assert query_of(answer) == told


def test_everybody_is_asked_each_time(made, browser):
    exchange(made, code_of(let_in(browser, made)))

    again = browser.get("/oauth2/authorize/", ask(made, approval_prompt="auto"))

    assert again.status_code == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"redirect_uri": "https://shop.example/back/"},
        {"redirect_uri": "https://shop.example/back?more=1"},
        {"redirect_uri": "https://shop.example.evil.example/back"},
        {"redirect_uri": "http://shop.example/back"},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": "javascript:alert(1)"},
        {"client_id": "unknown"},
        {"client_id": "nul\0"},
        {"nonce": "nul\0"},
        {"code_challenge": "x" * 129},
    ],
)
@pytest.mark.parametrize("prompt", ["", "none"])
def test_nobody_is_sent_to_an_address_that_is_not_registered(made, browser, changed, prompt):
    asked = {**ask(made), **changed, **({"prompt": prompt} if prompt else {})}

    shown = browser.get("/oauth2/authorize/", asked)
    sent = browser.post("/oauth2/authorize/", asked)
    agreed = browser.post("/oauth2/authorize/", {**asked, "allow": "on"})

    for answer in (shown, sent, agreed):
        assert answer.status_code == 400
        assert "Location" not in answer.headers
    assert not OAuthCode.objects.exists()


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"code_challenge": "", "code_challenge_method": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
        ({"scope": "everything"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
    ],
)
def test_a_request_with_a_right_address_hears_there_what_is_wrong(made, browser, changed, error):
    asked = {name: value for name, value in {**ask(made), **changed}.items() if value}

    answer = browser.get("/oauth2/authorize/", asked)
    posted = browser.post("/oauth2/authorize/", {**asked, "allow": "on"})

    assert answer["Location"].startswith(f"{BACK}?")
    assert query_of(answer)["error"] == error
    assert "code" not in query_of(posted)
    assert not OAuthCode.objects.exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"code_verifier": "x" * 60},
        {"code_verifier": ""},
        {"redirect_uri": "https://shop.example/other"},
        {"code": "invented"},
    ],
)
def test_a_code_needs_its_verifier_and_its_address(made, browser, changed):
    code = code_of(let_in(browser, made))

    answer = exchange(made, code, **changed)

    assert answer.status_code == 400
    assert answer.json()["error"] in {"invalid_grant", "invalid_request"}
    assert answer["Cache-Control"] == "no-store"
    assert not AccessToken.objects.exists()


def test_a_code_is_good_once_for_a_minute_and_for_its_own_application(made, browser, monkeypatch):
    stranger = create_client("Stranger", actor=SYSTEM, redirect_uris=[BACK])
    stolen = exchange(stranger, code_of(let_in(browser, made)))
    code = code_of(let_in(browser, made))
    first, second = exchange(made, code), exchange(made, code)
    late = code_of(let_in(browser, made))
    later = timezone.now() + timedelta(seconds=61)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)

    over = exchange(made, late)

    assert first.status_code == 200
    for answer in (stolen, second, over):
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_a_refresh_token_is_changed_at_each_use_and_a_used_one_ends_the_family(made, browser):
    first = exchange(made, code_of(let_in(browser, made))).json()
    second = refresh(made, first["refresh_token"]).json()
    assert with_token(first["access_token"]).status_code == 401
    assert with_token(second["access_token"]).status_code == 200

    stolen = refresh(made, first["refresh_token"])

    assert (stolen.status_code, stolen.json()["error"]) == (400, "invalid_grant")
    assert with_token(second["access_token"]).status_code == 401
    assert refresh(made, second["refresh_token"]).json()["error"] == "invalid_grant"


def test_a_refresh_token_belongs_to_its_application_and_widens_nothing(made, browser):
    stranger = create_client("Stranger", actor=SYSTEM, redirect_uris=[BACK])
    told = exchange(made, code_of(let_in(browser, made))).json()

    other = refresh(stranger, told["refresh_token"])
    wider = token_request(
        made, grant_type="refresh_token", refresh_token=told["refresh_token"], scope="write"
    )

    assert other.json()["error"] == "invalid_grant"
    assert wider.json()["error"] == "invalid_scope"
    assert refresh(made, told["refresh_token"]).json()["scope"] == "read"


def test_a_public_application_needs_no_secret_but_its_verifier(roles, browser):
    app = create_client("App", actor=SYSTEM, redirect_uris=["http://127.0.0.1/back"], public=True)
    here = "http://127.0.0.1:49152/back"

    code = code_of(let_in(browser, app, redirect_uri=here))
    told = exchange(app, code, redirect_uri=here)
    alone = token_request(app, grant_type="client_credentials")

    assert told.status_code == 200
    assert told.json()["refresh_token"].startswith("rmr_")
    assert alone.status_code in {400, 401}
    assert "access_token" not in alone.json()


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({}, 400, "unsupported_grant_type"),
        ({"grant_type": "password", "username": "ada"}, 400, "unsupported_grant_type"),
        (
            {"grant_type": "urn:ietf:params:oauth:grant-type:device_code"},
            400,
            "unsupported_grant_type",
        ),
        ({"grant_type": "client_credentials", "scope": "x"}, 400, "invalid_scope"),
        ({"grant_type": "refresh_token"}, 400, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, 400, "invalid_grant"),
    ],
)
def test_errors_of_the_token_address_are_those_of_the_standard(made, form, status, error):
    answer = token_request(made, **form)

    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer["Content-Type"] == "application/json"
    assert answer["Cache-Control"] == "no-store"


def test_a_wrong_secret_is_401_with_a_challenge(made):
    wrong = {"client_id": made.row.client_id, "client_secret": "x"}

    answer = Client().post("/oauth2/token/", {"grant_type": "client_credentials", **wrong})
    in_query = Client().post(f"/oauth2/token/?{urlencode({**wrong, 'client_secret': made.secret})}")

    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer["WWW-Authenticate"] == 'Basic realm="oauth2"'
    assert in_query.status_code == 400
    assert Client().get("/oauth2/token/").status_code == 405


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
