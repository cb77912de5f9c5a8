"""Run jobs until told to stop: those that wait in the database, and the periodic ones in time.

The queue is procrastinate's. Its periodic jobs are put into it once for every turn, however many
workers there are; what failed is told in the log and has its next turn at its time.
"""

from __future__ import annotations

import logging
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from zlib import crc32

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import DatabaseError, connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinatePeriodicDefer
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException

log = logging.getLogger(__name__)
DAY: Final = 86400.0
HOUR: Final = 3600.0
MINUTE: Final = 60.0
#: How long a worker waits for a database that went away.
PATIENCE: Final = 5.0
#: How long running jobs may take to end when the worker is told to.
LAST_WORDS: Final = 25.0


@dataclass(frozen=True)
class Job:
    """A management command and how often it runs: every minute, hour or day, in seconds."""

    command: str
    every: float

    @property
    def name(self) -> str:
        return f"periodic.{self.command}"

    @property
    def cron(self) -> str:
        """When it runs; each job at its own minute, so that not all come at once."""
        minute = crc32(self.command.encode()) % 60
        if self.every >= DAY:
            return f"{minute} 3 * * *"
        return f"{minute} * * * *" if self.every >= HOUR else "* * * * *"


def jobs() -> list[Job]:
    """New periodic work joins here; each must be safe to run again."""
    return [
        Job("clearsessions", every=DAY),
        Job("cleartokens", every=DAY),
        Job("verify", every=DAY),
        Job("prune_events", every=DAY),
        Job("prune_imports", every=DAY),
        Job("prune_files", every=DAY),
        Job("expire_returns", every=HOUR),
        Job("prune_idempotency", every=HOUR),
        Job("prune_presence", every=HOUR),
        Job("settle_refunds", every=MINUTE),
        Job("tidy_jobs", every=MINUTE),
        Job("send_webhooks", every=MINUTE),
        Job("send_notices", every=MINUTE),
    ]


class Command(BaseCommand):
    help = "Run jobs, and the periodic ones in time, until SIGTERM or Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="run every periodic job now, then end"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            failed = [job.command for job in jobs() if not run_now(job)]
            if failed:
                raise CommandError(f"Failed: {', '.join(failed)}")
            return
        register(jobs())
        while not work():
            time.sleep(PATIENCE)


def work() -> bool:
    """Run jobs until told to stop; False when the database went away before."""
    try:
        for job in jobs():
            defer_if_missed(job)
        connection.close()
        # The connector for workers asks the engine for its parameters: that starts the server.
        with app.replace_connector(app.connector.get_worker_connector()) as working:  # type: ignore[attr-defined]
            working.run_worker(
                concurrency=settings.WORKER_THREADS,
                fetch_job_polling_interval=1.0,
                shutdown_graceful_timeout=LAST_WORDS,
                delete_jobs="successful",
            )
    except (ConnectorException, DatabaseError, OSError):
        log.exception("The worker lost its database and tries again.")
        return False
    return True


def register(todo: list[Job]) -> None:
    """Let the worker know the periodic jobs."""
    for job in todo:
        if job.name not in app.tasks:
            task = app.task(name=job.name, queueing_lock=job.name)(_runner(job))
            app.periodic(cron=job.cron)(task)


def _runner(job: Job) -> Callable[..., None]:
    def run(timestamp: int = 0) -> None:
        run_alone(job)

    return run


def defer_if_missed(job: Job) -> None:
    """A machine that sleeps at night still gets its daily jobs: when the worker starts."""
    turns = ProcrastinatePeriodicDefer.objects.filter(task_name=job.name)
    last = turns.order_by("-defer_timestamp").values_list("defer_timestamp", flat=True).first()
    if last is None or last + job.every < time.time():
        try:
            with transaction.atomic():
                app.tasks[job.name].defer(timestamp=0)
        except AlreadyEnqueued:
            return  # Another worker was quicker.


def run_now(job: Job) -> bool:
    """False when it failed, which the log tells."""
    try:
        run_alone(job)
    except (CommandError, DatabaseError):
        log.exception("The periodic job %s failed.", job.command)
        return False
    return True


def run_alone(job: Job) -> None:
    """Run a job unless another worker is at it."""
    with only_one(job.command) as mine:
        if mine:
            call_command(job.command)


@contextmanager
def only_one(name: str) -> Iterator[bool]:
    """False when another worker is at it; Postgres forgets the lock of a worker that died."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [f"job:{name}"])
        mine = bool(cursor.fetchone()[0])
        try:
            yield mine
        finally:
            if mine:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [f"job:{name}"])
