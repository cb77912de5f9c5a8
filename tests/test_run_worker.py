from __future__ import annotations

import pytest
from django.db import connections

from rmaproject.management.commands import run_worker
from rmaproject.management.commands.run_worker import Job, only_one, run_when_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def called(monkeypatch):
    names: list[str] = []
    monkeypatch.setattr(run_worker, "call_command", names.append)
    return names


def test_a_job_runs_at_once_and_then_waits_its_time(called):
    job = Job("clearsessions", every=3600)

    assert run_when_due(job)
    assert run_when_due(job)

    assert called == ["clearsessions"]


def test_a_failing_job_is_told_and_does_not_spin():
    job = Job("no_such_command", every=3600)

    first, second = run_when_due(job), run_when_due(job)

    assert (first, second) == (False, True)


def test_two_workers_do_not_do_one_job_twice(called):
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext('job:clearsessions'))")

        with only_one("clearsessions") as mine:
            assert not mine
        assert run_when_due(Job("clearsessions", every=3600))
    finally:
        other.close()

    assert called == []


def test_the_worker_ends_after_one_round_when_asked(called):
    run_worker.Command().handle(once=True)

    assert called == [job.command for job in run_worker.jobs()]
