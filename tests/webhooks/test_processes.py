"""Receiver and worker die, hang and come back: every event arrives, in order, at least once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from customers.services import create_company, edit_company
from rmaproject.access.actors import SYSTEM
from rmaproject.access.roles import make_roles
from rmaproject.events.models import Event
from rmaproject.webhooks.calling import call
from rmaproject.webhooks.services import create_endpoint
from tests.factories import actor_with
from tests.programs import ROOT, free_port, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
RECORDS, CHANGES = 5, 6


@contextmanager
def started(*command: str, **more: str) -> Iterator[Any]:
    """A program that runs until the block ends; `restart` kills it and starts it anew."""

    class Program:
        def __init__(self) -> None:
            self.start()

        def start(self) -> None:
            self.process = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env={**os.environ, **more},
                stdout=subprocess.DEVNULL,
            )

        def kill(self) -> None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

        def restart(self) -> None:
            self.kill()
            self.start()

    program = Program()
    try:
        yield program
    finally:
        program.kill()


def worker_settings() -> dict[str, str]:
    """A worker on the tests' database, for which an hour is a moment."""
    return {
        "DJANGO_SETTINGS_MODULE": "tests.webhooks.worker_settings",
        "RMA_TEST_DATABASE_NAME": str(connection.settings_dict["NAME"]),
        "RMA_WEBHOOK_ALLOW": "127.0.0.0/8",
        "RMA_WEBHOOK_TIMEOUT": "1",
        "RMA_WEBHOOK_PAUSE": "0",
        "RMA_WEBHOOK_RETRIES": ",".join(["0.1"] * 100),
    }


def taken(kept: Path) -> list[tuple[str, str, int]]:
    """What the receiver has taken: ids with record and version, in the order it came."""
    found = []
    for line in kept.read_text().splitlines() if kept.exists() else ():
        _, ident, body = line.split(" ", 2)
        data = json.loads(body)["data"]
        found.append((ident, data["id"], data["version"]))
    return found


def make_changes(companies: list[Any]) -> None:
    """Changes that are committed, and between them some that are not."""
    for number in range(CHANGES):
        for company in companies:
            edit_company(company.pk, {"name": f"Name {number}"}, actor=SYSTEM)
            with transaction.atomic():
                edit_company(company.pk, {"name": f"Never {number}"}, actor=SYSTEM)
                transaction.set_rollback(True)


def test_every_event_arrives_in_order_whoever_dies(tmp_path, local):
    make_roles()
    port, kept = free_port(), tmp_path / "taken"
    receiver = [str(Path(__file__).with_name("receiving.py")), str(port), str(kept)]
    values = {"url": f"http://127.0.0.1:{port}/hook", "types": ["company.*"]}
    create_endpoint(values, actor=actor_with("Integrator", username="iris"))
    names = [f"C{number}" for number in range(RECORDS)]

    with (
        started(*receiver, "1") as there,
        started("manage.py", "run_worker", **worker_settings()) as worker,
    ):
        companies = [
            create_company({"reference": name, "name": name}, actor=SYSTEM) for name in names
        ]
        make_changes(companies)
        for _ in range(2):
            count = len(taken(kept))
            wait_for(lambda seen=count: len(taken(kept)) > seen + 3, seconds=20)
            worker.restart()
            there.restart()
        expected = {str(ident) for ident in Event.objects.values_list("uuid", flat=True)}
        arrived = wait_for(lambda: {row[0] for row in taken(kept)} >= expected, seconds=60)

    came = taken(kept)
    assert arrived, f"{len(expected - {row[0] for row in came})} of {len(expected)} never came"
    assert len(expected) == RECORDS * (CHANGES + 1)
    assert {row[0] for row in came} == expected, "something came that was rolled back"
    for company in companies:
        versions = [row[2] for row in came if row[1] == str(company.uuid)]
        assert versions == sorted(versions), "a later event overtook an earlier one"


def test_telling_without_the_outbox_loses_what_the_receiver_did_not_take(tmp_path, local, settings):
    """The negative control: the same receiver, called once after each commit."""
    port, kept = free_port(), tmp_path / "taken"
    receiver = [str(Path(__file__).with_name("receiving.py")), str(port), str(kept), "1"]
    settings.WEBHOOK_TIMEOUT = 1

    with started(*receiver):
        wait_for(lambda: call(f"http://127.0.0.1:{port}/", b'{"data":{}}', {}).status, seconds=10)
        kept.unlink(missing_ok=True)
        for number in range(20):
            told = json.dumps({"data": {"id": "x", "version": number}}).encode()
            call(f"http://127.0.0.1:{port}/hook", told, {"webhook-id": str(number)})

    assert len({row[0] for row in taken(kept)}) < 20
