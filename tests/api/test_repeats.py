"""What is kept of an answer for repeats, for how long, and what happens at the same moment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from customers.models import Company
from returns.models import Comment
from rmaproject.access.models import IdempotencyRecord
from rmaproject.management.commands import run_worker
from rmaproject.rest import writing
from tests.api.caller import Caller
from tests.factories import actor_with, ask_return, goods, sell
from tests.racing import race

NEW = {"reference": "NEW", "name": "Newcomer"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "call"),
    [
        (400, {"body": {}}),
        (401, {"nobody": True}),
        (403, {"role": "Viewer"}),
        (409, {"body": {**NEW, "reference": "BO"}}),
        (422, {"body": {**NEW, "country": "x"}}),
        (429, {"limit": True}),
        (500, {"broken": True}),
    ],
)
def test_a_refusal_is_not_kept(
    bo: Any, ada: Any, settings: Any, tmp_path: Any, monkeypatch: Any, status: int, call: Any
) -> None:
    caller = Caller() if call.get("nobody") else Caller(ada)
    if "role" in call:
        caller = Caller(actor_with(call["role"]))
    if "limit" in call:
        settings.RATE_LIMIT, settings.RATE_FILE = 1, tmp_path / "calls"
        caller.get("/companies/")
    if "broken" in call:
        monkeypatch.setattr("customers.api.companies.create_company", lambda *a, **o: 1 / 0)

    answer = caller.post("/companies/", call.get("body", NEW), Idempotency_Key="k")

    assert answer.status_code == status
    assert not IdempotencyRecord.objects.exists()
    assert Company.objects.count() == 1


@pytest.mark.django_db
def test_a_stale_or_missing_version_is_not_kept_either(ada: Any, bo: Any) -> None:
    caller, at = Caller(ada), f"/companies/{bo.uuid}/"

    refused = [
        caller.patch(at, {"phone": "1"}, Idempotency_Key="k", If_Match='"9"'),
        caller.patch(at, {"phone": "1"}, Idempotency_Key="k"),
    ]
    done = caller.patch(at, {"phone": "1"}, Idempotency_Key="k", If_Match='"1"')
    repeat = caller.patch(at, {"phone": "1"}, Idempotency_Key="k", If_Match='"1"')

    assert [answer.status_code for answer in refused] == [412, 428]
    assert (done.status_code, repeat.status_code, repeat.content) == (200, 200, done.content)
    bo.refresh_from_db()
    assert bo.version == 2


@pytest.mark.django_db
def test_a_change_and_its_kept_answer_are_one(ada: Any, monkeypatch: Any) -> None:
    def broken(*args: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(writing, "_keep", broken)

    answer = Caller(ada).post("/companies/", NEW, Idempotency_Key="k")

    assert answer.status_code == 500
    assert not Company.objects.exists()


@pytest.mark.django_db
def test_kept_answers_are_forgotten_after_a_day_at_the_earliest(ada: Any, settings: Any) -> None:
    caller = Caller(ada)
    for hours in (23, 25, 71, 73):
        caller.post("/companies/", {**NEW, "reference": str(hours)}, Idempotency_Key=str(hours))
        then = timezone.now() - timedelta(hours=hours)
        IdempotencyRecord.objects.filter(key=str(hours)).update(created_at=then)

    call_command("prune_idempotency")
    three_days = set(IdempotencyRecord.objects.values_list("key", flat=True))
    call_command("prune_idempotency", hours=1)
    one_day = set(IdempotencyRecord.objects.values_list("key", flat=True))

    assert (three_days, one_day) == ({"23", "25", "71"}, {"23"})
    assert "prune_idempotency" in {job.command for job in run_worker.jobs()}


def note_six_times(rma: Any) -> list[int]:
    """The same note, six times at the same moment under one key: the statuses."""
    user = actor_with("Manager").user
    callers = [Caller(user) for _ in range(6)]

    def job(caller: Caller) -> Any:
        path = f"/returns/{rma.uuid}/comments/"
        body = {"text": "Hello", "audience": "internal"}
        return lambda: caller.post(path, body, Idempotency_Key="k").status_code

    done, refused = race([job(caller) for caller in callers])
    assert not refused
    return sorted(done)


@pytest.mark.django_db(transaction=True)
def test_of_the_same_request_at_the_same_moment_one_is_done(roles: None, business: Any, bo: Any):
    rma = ask_return(sell(business, bo, goods("TENT", "3", "50.00")), "3", issued=True)

    statuses = note_six_times(rma)

    assert Comment.objects.count() == 1
    assert set(statuses) <= {201, 409}
    assert 201 in statuses


@pytest.mark.django_db(transaction=True)
def test_without_the_kept_answer_the_same_request_would_be_done_again(
    roles: None, business: Any, bo: Any, monkeypatch: Any
):
    monkeypatch.setattr(writing, "_replay", lambda *given: None)
    monkeypatch.setattr(writing, "_keep", lambda *given: None)
    rma = ask_return(sell(business, bo, goods("TENT", "3", "50.00")), "3", issued=True)

    statuses = note_six_times(rma)

    assert statuses == [201] * 6
    assert Comment.objects.count() == 6
