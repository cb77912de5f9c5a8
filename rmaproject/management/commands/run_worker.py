"""Run the periodic jobs until told to stop; several workers share them without doing one twice."""

from __future__ import annotations

import logging
import signal
import threading
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any, Final

from django.core.management import BaseCommand, CommandError, call_command
from django.db import DatabaseError, connection

log = logging.getLogger(__name__)
HOUR: Final = 3600.0
MINUTE: Final = 60.0
LOOK_EVERY: Final = 60.0


@dataclass
class Job:
    """A management command and how long to wait, in seconds, before it runs again."""

    command: str
    every: float
    due: float = 0.0


def jobs() -> list[Job]:
    """New periodic work joins here; each must be safe to run again."""
    return [
        Job("clearsessions", every=24 * HOUR),
        Job("cleartokens", every=24 * HOUR),
        Job("verify", every=24 * HOUR),
        Job("expire_returns", every=HOUR),
        Job("prune_idempotency", every=HOUR),
        Job("settle_refunds", every=MINUTE),
    ]


class Command(BaseCommand):
    help = "Run the periodic jobs until SIGTERM or Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="run every job now, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        stopping = threading.Event()

        def stop(number: int, frame: FrameType | None) -> None:
            stopping.set()

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        todo = jobs()
        while not stopping.is_set():
            failed = [job.command for job in todo if not run_when_due(job)]
            if options["once"]:
                if failed:
                    raise CommandError(f"Failed: {', '.join(failed)}")
                return
            connection.close()
            stopping.wait(LOOK_EVERY)


def run_when_due(job: Job) -> bool:
    """False when it failed; the next turn comes at its time, for a failing job must not spin."""
    now = time.monotonic()
    if job.due > now:
        return True
    job.due = now + job.every
    try:
        with only_one(job.command) as mine:
            if mine:
                call_command(job.command)
    except (CommandError, DatabaseError):
        log.exception("The periodic job %s failed.", job.command)
        return False
    return True


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
