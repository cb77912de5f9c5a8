"""How often somebody may call: whom it counts, what the answers say, what happens above it."""

from __future__ import annotations

import multiprocessing
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from customers.models import Company
from rmaproject.access.tokens import create_token
from rmaproject.rest import limits
from tests.api.caller import Caller, problem
from tests.factories import actor_with

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _three_a_day(settings: Any, tmp_path: Path) -> None:
    settings.RATE_LIMIT, settings.RATE_PERIOD = 3, 86_400
    settings.RATE_FILE = tmp_path / "calls.sqlite3"


def left(answer: Any) -> int:
    found = re.fullmatch(r'"default";r=(\d+);t=\d+', answer["RateLimit"])
    assert found
    return int(found[1])


def test_every_answer_says_how_much_is_left(ada: Any, bo: Any) -> None:
    caller = Caller(ada)

    answers = [
        caller.get("/companies/"),
        caller.get(f"/companies/{bo.uuid}/", If_None_Match='"1"'),
        caller.post("/companies/", {}),
    ]

    assert [answer.status_code for answer in answers] == [200, 304, 400]
    assert [left(answer) for answer in answers] == [2, 1, 0]
    assert {answer["RateLimit-Policy"] for answer in answers} == {'"default";q=3;w=86400'}


def test_above_the_limit_nothing_is_done_until_the_next_period(ada: Any) -> None:
    caller = Caller(ada)
    for _ in range(3):
        caller.get("/companies/")

    refused = caller.post("/companies/", {"reference": "NEW", "name": "New"})

    assert problem(refused, 429)["code"] == "quota_exceeded"
    assert left(refused) == 0
    assert 0 < int(refused["Retry-After"]) <= 86_400
    assert not Company.objects.exists()


def test_each_token_and_each_session_counts_for_itself(ada: Any) -> None:
    one, other = Caller(ada), Caller(ada)
    for _ in range(4):
        assert left(one.get("/companies/")) >= 0
    browser = Client()
    browser.force_login(ada.user)

    assert one.get("/companies/").status_code == 429
    assert left(other.get("/companies/")) == 2
    assert left(browser.get("/api/v1/companies/")) == 2


def test_nobody_counts_by_address_even_with_a_new_wrong_token_each_time(ada: Any) -> None:
    answers = []
    for number in range(4):
        stranger = Caller()
        stranger.headers["Authorization"] = f"Token rma_{number}"
        answers.append(stranger.get("/companies/"))
    elsewhere = Client(REMOTE_ADDR="192.0.2.7").get("/api/v1/nothing")

    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
    assert (elsewhere.status_code, left(elsewhere)) == (404, 2)
    assert Caller(ada).get("/companies/").status_code == 200


@pytest.mark.parametrize(("trusted", "status"), [(True, 401), (False, 429)])
def test_an_address_is_believed_only_from_our_own_proxy(
    settings: Any, trusted: bool, status: int
) -> None:
    settings.BEHIND_PROXY = trusted
    for number in range(3):
        Caller().get("/companies/", X_Forwarded_For=f"198.51.100.1, 192.0.2.{number}")

    last = Caller().get("/companies/", X_Forwarded_For="198.51.100.1, 192.0.2.9")

    assert last.status_code == status


def test_health_and_pages_are_not_counted(ada: Any) -> None:
    for _ in range(4):
        answer = Client().get("/healthz")

    assert answer.status_code == 200
    assert "RateLimit" not in answer
    assert "RateLimit" not in Client().get("/login/")


def test_no_limit_is_no_header(settings: Any, ada: Any) -> None:
    settings.RATE_LIMIT = 0

    answer = Caller(ada).get("/companies/")

    assert answer.status_code == 200
    assert "RateLimit" not in answer


def test_a_file_that_cannot_be_written_stops_nobody(
    settings: Any, ada: Any, tmp_path: Path
) -> None:
    settings.RATE_FILE = tmp_path / "calls.sqlite3" / "below a file"
    (tmp_path / "calls.sqlite3").write_text("no folder")

    assert Caller(ada).get("/companies/").status_code == 200


def count(path: str, times: int) -> None:
    from django.conf import settings

    settings.RATE_FILE, settings.RATE_LIMIT, settings.RATE_PERIOD = Path(path), 1_000, 86_400
    for _ in range(times):
        limits.take("token:x")


def test_processes_count_together_and_lose_no_call(settings: Any) -> None:
    settings.RATE_LIMIT = 1_000
    spawn = multiprocessing.get_context("fork")
    workers = [spawn.Process(target=count, args=(str(settings.RATE_FILE), 50)) for _ in range(4)]

    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)

    standing = limits.take("token:x")
    assert standing is not None
    assert standing.used == 201


def test_a_new_period_begins_anew(settings: Any, monkeypatch: Any) -> None:
    settings.RATE_PERIOD = 60
    monkeypatch.setattr(limits.time, "time", lambda: 1_000_000.0)
    old = [limits.take("a"), limits.take("a")]
    monkeypatch.setattr(limits.time, "time", lambda: 1_000_060.0)
    new = limits.take("a")

    assert [standing and standing.used for standing in [*old, new]] == [1, 2, 1]
    assert old[0] is not None
    assert (old[0].left, old[0].reset) == (2, 21)


def test_a_token_is_not_kept_in_the_file(settings: Any) -> None:
    token = create_token(actor_with().user)
    caller = Caller()
    caller.headers["Authorization"] = f"Bearer {token}"
    caller.get("/companies/")

    kept = b"".join(path.read_bytes() for path in settings.RATE_FILE.parent.iterdir())

    assert b"token:" in kept
    assert token.encode() not in kept
