"""Whatever is wrong with a request: the answer is a problem with a code that a page explains."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from rest_framework import fields, serializers

from customers.models import Company
from rmaproject.rest.catalogue import known_codes, meaning_of, statuses_of
from rmaproject.rest.codes import BY_STATUS
from rmaproject.rest.problems import FRAMEWORK_CODES
from rmaproject.shared.db import constraint_refusals
from rmaproject.shared.http import STATUS
from tests.api.caller import Caller, codes, problem
from tests.api.said_codes import said_codes

pytestmark = pytest.mark.django_db

NEW = {"reference": "NEW", "name": "Newcomer"}
UNKNOWN = "/companies/00000000-0000-0000-0000-000000000000/"


@pytest.fixture
def caller(ada: Any) -> Caller:
    return Caller(ada)


@pytest.fixture
def browser(ada: Any) -> Client:
    """Ada with a session, and no CSRF token."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada.user)
    return client


def test_every_code_that_the_source_says_is_in_the_catalogue() -> None:
    said = said_codes()

    assert {code: files for code, files in said.items() if code not in known_codes()} == {}
    assert len(said) > 150


def test_every_constraint_is_in_the_catalogue_with_its_status() -> None:
    wrong = {
        name: (code, STATUS[kind])
        for name, (kind, code, _) in constraint_refusals().items()
        if not name.startswith("oauth2_provider_")  # a library's own tables
        and STATUS[kind] not in statuses_of(code)
    }

    assert wrong == {}


def test_every_code_of_the_framework_is_in_the_catalogue() -> None:
    classes = [getattr(module, name) for module in (fields, serializers) for name in dir(module)]
    own = {
        code
        for kind in classes
        if isinstance(kind, type) and hasattr(kind, "default_error_messages")
        for code in kind.default_error_messages
    }
    # Of relations to other tables and of unique columns, which our forms do not use.
    unused = {"does_not_exist", "incorrect_match", "incorrect_type", "no_match"}
    unused |= {"unique", "unique_for_date"}

    assert own - unused - set(known_codes()) == set()
    assert set(FRAMEWORK_CODES.values()) <= set(known_codes())


def test_the_catalogue_says_nothing_twice_in_one_status_and_something_of_each() -> None:
    assert all(text.endswith(".") for codes in BY_STATUS.values() for text in codes.values())
    assert meaning_of("exceeds_accepted", 422) == "More would be credited than was accepted."
    assert meaning_of("never_heard_of", 409) == "Conflict"


def test_the_type_of_a_problem_opens_a_page_that_anybody_may_read(caller: Caller) -> None:
    told = problem(caller.post("/companies/", {**NEW, "country": "nl"}), 422)

    assert told["type"] == "http://testserver/api/v1/problems/invalid_country/"
    assert told["title"] == "A country is given by its two ISO 3166 letters."
    assert told["instance"] == "/api/v1/companies/"
    page = Client().get(urlsplit(told["type"]).path)
    assert (page.status_code, page["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "invalid_country" in page.text
    assert told["title"] in page.text


def test_all_codes_stand_on_one_page_and_an_unknown_one_on_none() -> None:
    index = Client().get("/api/v1/problems")

    assert index.status_code == 200
    assert all(f"/api/v1/problems/{code}/" in index.text for code in known_codes())
    assert Client().get("/api/v1/problems/never_heard_of").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing/at/all", 404, "not_found"),
        ("GET", "/companies/%FF%FE", 404, "not_found"),
        ("GET", "/companies/%zz/", 404, "not_found"),
        ("GET", "/companies/%00/", 404, "not_found"),
        ("GET", "/../../etc/passwd", 404, "not_found"),
        ("GET", UNKNOWN, 404, "not_found"),
        ("HEAD", UNKNOWN, 404, None),
        ("OPTIONS", "/nothing", 404, "not_found"),
        ("TRACE", "/companies/", 405, "method_not_allowed"),
        ("PUT", "/companies/", 405, "method_not_allowed"),
        ("DELETE", "/companies/", 405, "method_not_allowed"),
        ("QUERY", "/companies/", 405, "method_not_allowed"),
        ("PROPFIND", "/nothing/", 404, "not_found"),
        ("GET", "/companies/?name=%FF%FE", 400, "invalid"),
        ("GET", "/companies/?reference=%00", 400, "invalid"),
    ],
)
def test_an_odd_address_or_method_is_refused_with_a_problem(
    caller: Caller, method: str, path: str, status: int, code: str | None
) -> None:
    answer = caller.raw(method, path, b"")

    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    if code:
        assert problem(answer, status)["code"] == code


def test_a_method_that_is_refused_names_those_that_are_taken(caller: Caller, bo: Any) -> None:
    refused = caller.delete(f"/companies/{bo.uuid}/")

    assert refused.status_code == 405
    assert refused["Allow"] == "GET, PATCH, HEAD, OPTIONS"


def test_options_names_the_methods_and_head_has_no_body(caller: Caller, bo: Any) -> None:
    options = caller.call("OPTIONS", f"/companies/{bo.uuid}/")
    head = caller.call("HEAD", f"/companies/{bo.uuid}/")

    assert options.json() == {"methods": ["GET", "PATCH", "HEAD", "OPTIONS"]}
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", '"1"')


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"note": "' + b"x" * 1_048_577 + b'"}', 413, "too_large_body"),
        (json.dumps({"flags": ["a"] * 1_001}).encode(), 400, "too_many_entries"),
        (b'{"name": ' * 2_000 + b"1" + b"}" * 2_000, 400, "malformed"),
        (b'{"name": "\xc3\x28"}', 400, "malformed"),
        (b'{"name": "a\\u0000", "reference": "X"}', 400, "invalid"),
        (b'{"name~/x": 1}', 400, "invalid"),
    ],
    ids=["large", "long list", "deep", "not UTF-8", "NUL", "odd name"],
)
def test_an_odd_body_is_refused_with_a_problem(
    caller: Caller, body: bytes, status: int, code: str
) -> None:
    refused = problem(caller.raw("POST", "/companies/", body), status)

    assert refused["code"] == code
    assert not Company.objects.exists()


def test_a_pointer_escapes_the_name_that_it_points_to(caller: Caller) -> None:
    refused = caller.post("/companies/", {**NEW, "a/b~c": 1})

    assert codes(refused) == {"/a~1b~0c": "unknown_field"}


def test_a_body_that_is_no_json_is_415_and_an_answer_that_is_none_406(caller: Caller) -> None:
    form = caller.raw("POST", "/companies/", b"name=x", "application/x-www-form-urlencoded")
    page = caller.get("/companies/", Accept="text/html")

    assert problem(form, 415)["code"] == "unsupported_media_type"
    assert problem(page, 406)["code"] == "not_acceptable"


def test_a_session_changes_nothing_without_its_csrf_token(browser: Client) -> None:
    body = json.dumps(NEW)
    refused = browser.post("/api/v1/companies/", body, content_type="application/json")
    assert browser.get("/api/v1/companies/").status_code == 200

    browser.cookies["csrftoken"] = token = "t" * 32
    done = browser.post(
        "/api/v1/companies/",
        body,
        content_type="application/json",
        headers={"X-CSRFToken": token},
    )

    assert problem(refused, 403)["code"] == "csrf_failed"
    assert done.status_code == 201
    assert Company.objects.count() == 1


def test_a_token_in_the_query_is_none(caller: Caller) -> None:
    token = caller.headers["Authorization"].removeprefix("Token ")

    alone = Caller().get(f"/companies/?token={token}")
    beside = caller.get(f"/companies/?access_token={token}")

    assert problem(alone, 401)["code"] == "not_authenticated"
    assert codes(beside) == {"access_token": "unknown_parameter"}
    assert token not in beside.text


def test_a_host_that_is_not_ours_is_refused_with_a_problem(caller: Caller) -> None:
    refused = problem(caller.get("/companies/", Host="evil.example"), 400)

    assert refused["code"] == "invalid_host"
    assert refused["type"] == "/api/v1/problems/invalid_host/"


def test_a_defect_is_a_problem_too(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **options: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr("customers.api.companies.visible_companies", broken)

    refused = problem(caller.get("/companies/"), 500)

    assert refused["code"] == "internal_error"
    assert "ZeroDivision" not in str(refused)


def test_no_cache_keeps_a_refusal(caller):
    for answer in (
        caller.get(UNKNOWN),
        caller.get("/nonsense/"),
        Client().get("/api/v1/companies/"),
    ):
        assert answer.status_code >= 400
        assert answer["Cache-Control"] == "no-store"
