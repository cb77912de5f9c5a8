"""What every resource does alike: repeats, versions, strictness, cursors and refusals."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from customers.models import Company
from rmaproject.access.models import IdempotencyRecord
from rmaproject.rest.refusals import TooLarge
from rmaproject.rest.rendering import JsonParser
from stock.models import Part
from tests.api.caller import Caller, codes
from tests.factories import PartFactory, actor_with

pytestmark = pytest.mark.django_db

NEW = {"reference": "NEW", "name": "Newcomer"}


@pytest.fixture
def caller(ada: Any) -> Caller:
    return Caller(ada)


def test_a_repeat_with_the_same_key_gets_the_first_answer(caller: Caller) -> None:
    first = caller.post("/companies/", NEW, Idempotency_Key="k-1")
    again = caller.post("/companies/", dict(reversed(NEW.items())), Idempotency_Key="k-1")
    slashless = caller.post("/companies", NEW, Idempotency_Key="k-1")

    for repeat in (again, slashless):
        assert (repeat.status_code, repeat.content) == (201, first.content)
        assert (repeat["ETag"], repeat["Location"]) == (first["ETag"], first["Location"])
        assert repeat["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert Company.objects.count() == 1


def test_a_key_belongs_to_one_request_of_one_caller(caller: Caller) -> None:
    caller.post("/companies/", NEW, Idempotency_Key="k-1")

    other = caller.post("/companies/", {**NEW, "name": "Other"}, Idempotency_Key="k-1")
    elsewhere = caller.post("/parts/", {"sku": "X", "name": "X"}, Idempotency_Key="k-1")
    stranger = Caller(actor_with("Manager")).post(
        "/companies/", {**NEW, "reference": "N2"}, Idempotency_Key="k-1"
    )

    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert elsewhere.status_code == 422
    assert stranger.status_code == 201
    assert (Company.objects.count(), Part.objects.count()) == (2, 0)


def test_a_refused_request_leaves_its_key_free(caller: Caller) -> None:
    refused = caller.post("/companies/", {**NEW, "country": "nl"}, Idempotency_Key="k-1")
    repaired = caller.post("/companies/", {**NEW, "country": "NL"}, Idempotency_Key="k-1")

    assert (refused.status_code, repaired.status_code) == (422, 201)
    assert IdempotencyRecord.objects.count() == 1


def test_while_the_first_request_runs_its_repeat_is_a_conflict(caller: Caller, ada: Any) -> None:
    other = connection.copy()
    other.set_autocommit(False)
    try:
        with other.cursor() as cursor:
            name = f"idempotency:{ada.user.pk}:k-1"
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        running = caller.post("/companies/", NEW, Idempotency_Key="k-1")
    finally:
        other.rollback()
        other.close()

    assert (running.status_code, running.json()["code"]) == (409, "request_in_progress")
    assert running["Retry-After"] == "1"
    assert not Company.objects.exists()
    assert caller.post("/companies/", NEW, Idempotency_Key="k-1").status_code == 201


@pytest.mark.parametrize("key", ["k" * 256, "", "clé"])
def test_a_key_that_is_empty_too_long_or_not_ascii_is_malformed(caller: Caller, key: str) -> None:
    refused = caller.post("/companies/", NEW, Idempotency_Key=key)

    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_idempotency_key")
    assert not Company.objects.exists()


@pytest.mark.parametrize(
    ("tag", "status"),
    [
        ('"1"', 200),
        ('W/"1"', 200),
        ('"7", "1"', 200),
        ("*", 200),
        ('"2"', 412),
        ("1", 412),
        (None, 428),
    ],
)
def test_a_change_needs_the_version_that_it_is_based_on(
    caller: Caller, bo: Any, tag: str | None, status: int
) -> None:
    headers = {} if tag is None else {"If_Match": tag}

    answer = caller.patch(f"/companies/{bo.uuid}/", {"phone": "1"}, **headers)

    assert answer.status_code == status
    bo.refresh_from_db()
    assert (bo.phone, bo.version) == (("1", 2) if status == 200 else ("", 1))
    if status != 200:
        assert answer.json()["facts"]["etag"] == '"1"'


def test_only_lists_take_parameters_and_only_known_ones(caller: Caller, bo: Any) -> None:
    at = f"/companies/{bo.uuid}/"

    answers = [
        caller.get("/companies/?colour=red"),
        caller.get(at + "?colour=red"),
        caller.patch(at + "?dry=1", {"phone": "1"}, If_Match="*"),
        caller.post("/companies/?x=1", NEW),
        caller.get(at + "history/?search=x"),
        caller.get("/locations/?search=x"),
    ]

    assert [answer.status_code for answer in answers] == [400] * 6
    assert {code for answer in answers for code in codes(answer).values()} == {"unknown_parameter"}
    bo.refresh_from_db()
    assert (bo.phone, Company.objects.count()) == ("", 1)


@pytest.mark.parametrize("limit", ["0", "201", "-1", "many", "1.5", "", "٣٠٠", "٣", "9" * 5000])
def test_a_limit_is_a_whole_number_up_to_two_hundred(caller: Caller, limit: str) -> None:
    refused = caller.get(f"/parts/?limit={limit}")

    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_parameter")


@pytest.fixture
def parts(db: None) -> list[Part]:
    """A hundred and twenty parts, seventeen of each name."""
    return [PartFactory(sku=f"S-{n * 37 % 120:03d}", name=f"Name {n % 7}") for n in range(120)]


def walk(caller: Caller, url: str | None, key: str = "sku", link: str = "next") -> list[list[str]]:
    """The pages of a list from here on, forth or back."""
    pages = []
    while url:
        answer = caller.get(url)
        assert answer.status_code == 200
        pages.append([row[key] for row in answer.json()["results"]])
        url = answer.json()[link]
    return pages


@pytest.mark.parametrize("ordering", ["created_at", "sku", "name"])
def test_every_ordering_walks_all_rows_once_forth_and_back(
    caller: Caller, parts: list[Part], ordering: str
) -> None:
    columns = {"created_at": "pk", "sku": "sku", "name": "name"}
    for sign in ("", "-"):
        wanted = [
            row.sku for row in Part.objects.order_by(f"{sign}{columns[ordering]}", f"{sign}pk")
        ]

        forth = walk(caller, f"/parts/?ordering={sign}{ordering}&limit=50")
        assert [len(page) for page in forth] == [50, 50, 20]
        assert [sku for page in forth for sku in page] == wanted

        second = caller.get(f"/parts/?ordering={sign}{ordering}&limit=50").json()["next"]
        last = caller.get(second).json()["next"]
        assert walk(caller, last, link="previous") == forth[::-1]


def test_rows_that_come_between_two_pages_move_none_of_the_others(
    caller: Caller, parts: list[Part]
) -> None:
    first = caller.get("/parts/?ordering=name&limit=50").json()
    before = [row["sku"] for row in first["results"]]
    PartFactory(sku="EARLY", name="Name 0")
    PartFactory(sku="FIRST", name="A")
    PartFactory(sku="LATE", name="Name 6")

    rest = [sku for page in walk(caller, first["next"]) for sku in page]

    assert len(before + rest) == len(set(before + rest)) == 121
    assert {part.sku for part in parts} <= {*before, *rest}
    assert "LATE" in rest
    assert "FIRST" not in rest


def test_pages_are_linked_in_body_and_header(caller: Caller) -> None:
    for number in range(3):
        PartFactory(sku=f"S-{number}")

    page = caller.get("/parts/?limit=1&ordering=sku&active=true")
    middle = caller.get(page.json()["next"])

    assert page.json()["previous"] is None
    assert "active=true" in page.json()["next"]
    assert f'<{middle.json()["next"]}>; rel="next"' in middle["Link"]
    assert f'<{middle.json()["previous"]}>; rel="prev"' in middle["Link"]
    assert caller.get(middle.json()["previous"]).json()["results"] == page.json()["results"]


def cursor_of(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "ünicode",
        "%00",
        cursor_of("text"),
        cursor_of(["sku"]),
        cursor_of(["name", "a", 1, 0]),
        cursor_of(["sku", {"a": 1}, 1, 0]),
        cursor_of(["sku", "a", "1", 0]),
        cursor_of(["sku", "a", 2**63, 0]),
        cursor_of(["sku", "a\x00", 1, 0]),
        cursor_of(["sku", "\ud800", 1, 0]),
    ],
)
def test_a_cursor_that_we_did_not_make_is_refused(caller: Caller, cursor: str) -> None:
    refused = caller.get(f"/parts/?ordering=sku&cursor={cursor}")

    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_cursor")


def deep(levels: int) -> bytes:
    return b'{"note":' * levels + b"1" + b"}" * levels


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"name": "a", "name": "b", "reference": "X"}',
        b'{"name": NaN}',
        b'{"name": "\\ud800", "reference": "X"}',
        b'{"\\udfff": 1}',
        b'{"name": ' + b"9" * 5000 + b"}",
        deep(40),
    ],
    ids=[
        "cut off",
        "not UTF-8",
        "endless list",
        "doubled key",
        "NaN",
        "half a pair",
        "half a pair as key",
        "endless number",
        "deep",
    ],
)
def test_a_body_that_cannot_be_read_is_malformed(caller: Caller, body: bytes) -> None:
    refused = caller.raw("POST", "/companies/", body)

    assert (refused.status_code, refused.json()["code"]) == (400, "malformed")
    assert not Company.objects.exists()


def test_a_body_that_is_too_long_is_read_off_for_the_next_request_on_its_connection() -> None:
    stream = io.BytesIO(b"x" * 3_000_000)

    with pytest.raises(TooLarge):
        JsonParser().parse(stream)

    assert stream.read() == b""


@pytest.mark.parametrize("body", [b"[]", b"null", b"1", b'"text"'])
def test_a_body_is_an_object(caller: Caller, body: bytes) -> None:
    refused = caller.raw("POST", "/companies/", body)

    assert refused.status_code == 400
    assert not Company.objects.exists()


def test_every_refusal_is_a_problem_with_a_code_and_the_requests_id(
    caller: Caller, bo: Any
) -> None:
    at = f"/companies/{bo.uuid}/"
    stranger = Caller(None)
    liar = Caller(None)
    liar.headers["Authorization"] = "Token rma_nonsense"
    viewer = Caller(actor_with("Viewer"))
    answers = {
        (400, "invalid"): caller.post("/companies/", {}),
        (401, "not_authenticated"): stranger.get("/companies/"),
        (403, "not_permitted"): viewer.post("/companies/", NEW),
        (404, "not_found"): caller.get("/companies/00000000-0000-0000-0000-000000000000/"),
        (405, "method_not_allowed"): caller.delete(at, If_Match="*"),
        (409, "reference_exists"): caller.post("/companies/", {**NEW, "reference": "BO"}),
        (412, "stale_version"): caller.patch(at, {"phone": "1"}, If_Match='"9"'),
        (415, "unsupported_media_type"): caller.raw("POST", "/companies/", b"<a/>", "text/xml"),
        (422, "invalid_country"): caller.post("/companies/", {**NEW, "country": "x"}),
        (428, "version_required"): caller.patch(at, {"phone": "1"}),
    }

    for (status, code), answer in answers.items():
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (status, code)
        assert answer["Content-Type"] == "application/problem+json"
        assert {"type", "title", "status", "detail", "request_id"} <= set(problem)
        assert problem["status"] == status
        assert problem["request_id"] == answer["X-Request-ID"]
    assert liar.get("/companies/").status_code == 401
    assert liar.get("/companies/")["WWW-Authenticate"] == "Token"
    assert Company.objects.count() == 1


@pytest.mark.parametrize(
    "path", ["/", "/nothing", "/nothing/", "/companies/17/", "/companies/" + "-" * 36 + "/"]
)
def test_an_address_that_leads_nowhere_is_a_problem_too(caller: Caller, path: str) -> None:
    answer = caller.get(path)

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_browser_that_posts_to_no_address_gets_a_problem_and_no_page(ada: Any) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ada.user)

    answers = [browser.post("/api/v1/nothing", {}), browser.delete("/api/v1/companies/17/")]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [
        (404, "not_found"),
        (404, "not_found"),
    ]


def test_bearer_and_slashless_paths_work_without_redirect(caller: Caller, bo: Any) -> None:
    caller.headers["Authorization"] = caller.headers["Authorization"].replace("Token", "Bearer")

    answers = [
        caller.get("/companies"),
        caller.get(f"/companies/{bo.uuid}"),
        caller.patch(f"/companies/{bo.uuid}", {"phone": "1"}, If_Match='"1"'),
        caller.post("/companies", NEW),
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 201]
    assert answers[3]["Location"].endswith("/")
