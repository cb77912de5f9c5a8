from __future__ import annotations

import logging
import time

import pytest
from django.core.management import CommandError
from django.db import connections
from procrastinate.contrib.django import procrastinate_app
from procrastinate.contrib.django.models import ProcrastinateJob

from rmaproject.management.commands import run_worker
from rmaproject.management.commands.run_worker import (
    DAY,
    HOUR,
    MINUTE,
    Job,
    defer_if_missed,
    only_one,
    run_alone,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def called(monkeypatch):
    names: list[str] = []
    monkeypatch.setattr(run_worker, "call_command", names.append)
    return names


@pytest.fixture
def daily(monkeypatch):
    """A daily job that the worker knows."""
    known = Job("clearsessions", every=DAY)
    real = procrastinate_app.current_app
    monkeypatch.setattr(real.periodic_registry, "periodic_tasks", {})
    monkeypatch.setattr(real, "tasks", {})
    run_worker.register([known])
    return known


def waiting() -> list[str]:
    return list(ProcrastinateJob.objects.filter(status="todo").values_list("task_name", flat=True))


def test_jobs_run_every_day_hour_or_minute_each_at_its_own():
    crons = [Job("verify", every).cron for every in (DAY, HOUR, MINUTE)]

    assert crons == ["7 3 * * *", "7 * * * *", "* * * * *"]
    assert Job("clearsessions", DAY).cron != crons[0]


def test_a_daily_job_that_never_ran_is_not_left_for_the_night(daily):
    defer_if_missed(daily)
    defer_if_missed(daily)

    assert waiting() == ["periodic.clearsessions"]


def test_a_job_that_had_its_turn_waits_for_the_next(daily):
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)"
            " VALUES (%s, '', %s)",
            [daily.name, int(time.time()) - 60],
        )

    defer_if_missed(daily)

    assert waiting() == []


def test_a_failing_job_is_told_and_the_others_run_all_the_same(monkeypatch, caplog):
    names: list[str] = []

    def call(name: str) -> None:
        names.append(name)
        if name == "verify":
            raise CommandError("1 broken")

    monkeypatch.setattr(run_worker, "call_command", call)

    with caplog.at_level(logging.ERROR), pytest.raises(CommandError, match="Failed: verify"):
        run_worker.Command().handle(once=True)

    assert names == [job.command for job in run_worker.jobs()]
    assert "The periodic job verify failed." in caplog.text


def test_two_workers_do_not_do_one_job_twice(called):
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext('job:clearsessions'))")

        with only_one("clearsessions") as mine:
            assert not mine
        run_alone(Job("clearsessions", every=HOUR))
    finally:
        other.close()

    assert called == []


def test_the_worker_ends_after_one_round_when_asked(called):
    run_worker.Command().handle(once=True)

    assert called == [job.command for job in run_worker.jobs()]
