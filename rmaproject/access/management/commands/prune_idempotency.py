"""Forget the answers that were kept for repeats, once they are old."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand
from django.db import connection

from rmaproject.access.models import IdempotencyRecord
from rmaproject.shared import clock

#: Rows deleted by one statement, so that none holds many locks for long.
AT_ONCE = 5_000
OLD = (
    "DELETE FROM {table} WHERE id IN"
    " (SELECT id FROM {table} WHERE created_at < %s ORDER BY created_at LIMIT %s)"
)


class Command(BaseCommand):
    help = "Forget kept answers to requests with an Idempotency-Key, after at least a day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--hours", type=int, default=settings.IDEMPOTENCY_HOURS)

    def handle(self, *args: Any, **options: Any) -> None:
        before = clock.now() - timedelta(hours=max(options["hours"], 24))
        statement = OLD.format(table=IdempotencyRecord._meta.db_table)
        forgotten = 0
        while True:
            with connection.cursor() as cursor:
                cursor.execute(statement, [before, AT_ONCE])
                forgotten += cursor.rowcount
                if cursor.rowcount < AT_ONCE:
                    break
        if options["verbosity"] > 1:
            self.stdout.write(f"{forgotten} answers forgotten")
