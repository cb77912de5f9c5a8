"""Look at, keep, name or stop the server that this program starts by itself."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from rmaproject.database.cluster import NAME
from rmaproject.database.errors import ServerError
from rmaproject.database.server import Server


class Command(BaseCommand):
    help = "The built-in server: status, start (and keep it up), stop; url and bin for pg_dump."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", choices=["status", "start", "stop", "url", "bin"])

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.DATABASE_URL:
            if options["verb"] != "url":
                raise CommandError("DATABASE_URL names the database; its server is not ours.")
            self.stdout.write(settings.DATABASE_URL)
            return
        server = Server.at(settings.DATA_DIR)
        try:
            getattr(self, options["verb"])(server)
        except ServerError as problem:
            raise CommandError(str(problem)) from None

    def status(self, server: Server) -> None:
        state = "running" if server.running() else "stopped"
        self.stdout.write(f"{state}: PostgreSQL {server.found.version}, {server.home}")

    def start(self, server: Server) -> None:
        server.keep()
        server.use()
        self.stdout.write("running until `manage.py database stop`")

    def stop(self, server: Server) -> None:
        server.stop()
        self.stdout.write("stopped")

    def url(self, server: Server) -> None:
        """No secret in it: the server knows its user by the operating system's word."""
        self.stdout.write(f"postgresql://{NAME}@{quote(str(server.socket_dir), safe='')}/{NAME}")

    def bin(self, server: Server) -> None:
        """The programs that fit this server: an older pg_dump refuses it."""
        self.stdout.write(str(server.found.folder))
