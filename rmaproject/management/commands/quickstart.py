"""From nothing to a returns desk that answers: database, tables, people, demo data, web server."""

from __future__ import annotations

import os
import secrets
import signal
from argparse import ArgumentParser
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from django.conf import settings
from django.core.management import BaseCommand, call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from rmaproject.database.errors import ServerError
from rmaproject.environment import make_folder, text
from rmaproject.staticfiles import collect_if_changed
from rmaproject.webserver import PortUnavailable, require_free_port, serve

ADMINISTRATOR = "admin"


class Command(BaseCommand):
    help = (
        "Set everything up and serve it. Run again it finds all in place and starts in seconds. "
        "The administrator's password is RMA_ADMIN_PASSWORD, or is made and printed once."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to serve on")
        parser.add_argument("--port", type=int, default=8000, help="port to serve on")
        parser.add_argument(
            "--data-dir",
            help="folder for database, key and files; RMA_DATA_DIR tells it to every command",
        )
        parser.add_argument("--no-demo", action="store_true", help="leave out the demo data")
        parser.add_argument("--no-serve", action="store_true", help="set up only")

    def handle(self, *args: Any, **options: Any) -> None:
        signal.signal(signal.SIGTERM, end_by_signal)
        host, port = options["host"], options["port"]
        try:
            if not options["no_serve"]:
                require_free_port(host, port)
            self.set_up(demo=not options["no_demo"])
        except (PortUnavailable, UnusableFolder) as problem:
            self.fail(str(problem))
        except OperationalError as problem:
            self.fail(database_sentence(problem))
        except KeyboardInterrupt:
            self.fail("Stopped before everything was in place; run it again to go on.", code=130)
        if options["no_serve"]:
            self.say("Ready. Start it with: uv run manage.py quickstart")
            return
        self.say(f"Ready: http://{host}:{port}/ - sign in as {ADMINISTRATOR}; Ctrl-C stops it.")
        connection.close()
        if code := serve(host, port):
            self.fail(f"The web server ended by itself (code {code}).")
        self.say("Stopped.")

    def set_up(self, *, demo: bool) -> None:
        require_writable(settings.DATA_DIR)
        self.say(
            "Database: starting" + ("" if settings.DATABASE_URL else f" in {settings.DATA_DIR}")
        )
        connection.ensure_connection()
        self.make_tables()
        self.collect()
        self.make_people()
        if demo:
            from returns.demo import make_demo

            self.say("Demo data: looking")
            make_demo(lambda line: self.say(f"  {line}"))
        from returns.setup import switch_returns_on

        on = switch_returns_on()
        self.say("Returns: switched on" if on else "Returns: left switched off")

    def make_tables(self) -> None:
        executor = MigrationExecutor(connection)
        steps = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if not steps:
            self.say("Tables: up to date")
            return
        self.say(f"Tables: {len(steps)} steps")
        call_command("migrate", interactive=False, verbosity=1)

    def collect(self) -> None:
        try:
            self.say("Static files: " + ("collected" if collect_if_changed() else "up to date"))
        except OSError as problem:
            raise UnusableFolder(
                f"Static files cannot be written to {settings.STATIC_ROOT}: {problem.strerror}."
            ) from None

    def make_people(self) -> None:
        from rmaproject.access.roles import make_admin, make_roles

        make_roles()
        given = text("RMA_ADMIN_PASSWORD")
        password = given or secrets.token_urlsafe(12)
        if not make_admin(ADMINISTRATOR, password):
            self.say(f"People: roles and administrator '{ADMINISTRATOR}' are in place")
        elif given:
            self.say(f"People: administrator '{ADMINISTRATOR}' with RMA_ADMIN_PASSWORD")
        else:
            self.say(f"People: administrator '{ADMINISTRATOR}', password {password}")
            self.say("        This password is shown only now: write it down.")

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def fail(self, sentence: str, *, code: int = 1) -> NoReturn:
        self.stderr.write(sentence)
        raise SystemExit(code)


class UnusableFolder(Exception):
    """Says in a sentence why the data folder cannot be used."""


def require_writable(folder: Path) -> None:
    try:
        make_folder(folder)
    except OSError as problem:
        raise UnusableFolder(
            f"The data folder {folder} cannot be made: {problem.strerror}."
        ) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UnusableFolder(f"The data folder {folder} is not writable.")


def database_sentence(problem: OperationalError) -> str:
    if isinstance(problem, ServerError):
        return str(problem)
    where = "DATABASE_URL" if settings.DATABASE_URL else str(settings.DATA_DIR)
    return f"The database of {where} does not answer: {problem}".strip()


def end_by_signal(number: int, frame: FrameType | None) -> NoReturn:
    """As Ctrl-C does: what was started must be stopped on the way out."""
    raise KeyboardInterrupt
