"""OAuth2: what each grant gives, what it refuses, and that its tokens act as narrowly as others."""

from __future__ import annotations

import logging
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken, RefreshToken

from rmaproject.access.actors import SYSTEM
from rmaproject.access.clients import create_client
from rmaproject.access.models import OAuthClient, OAuthCode
from tests.access.keys import (
    BACK,
    ask,
    code_of,
    exchange,
    let_in,
    refresh,
    token_request,
    with_token,
)

NEW = {"reference": "NEW", "name": "New", "is_customer": True}


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
