from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from returns.verification import checks as returns_checks
from rmaproject.audit.verification import checks as audit_checks
from rmaproject.shared.verification import Check
from sales.verification import checks as sales_checks
from stock.verification import checks as stock_checks


class Command(BaseCommand):
    help = "Check audit chains, counters, stock and ledger; name every broken record."

    def handle(self, *args: Any, **options: Any) -> None:
        with one_moment():
            broken = sum(self._run(check) for check in all_checks())
        if broken:
            raise CommandError(f"{broken} broken.")
        self.stdout.write("All well.")

    def _run(self, check: Check) -> int:
        found = 0
        for record in check.broken():
            found += 1
            self.stdout.write(f"BROKEN {record}")
        state = f"{found} broken" if found else "well"
        self.stdout.write(f"{check.name}: {check.count()} records, {state}")
        return found


def all_checks() -> list[Check]:
    """Every check there is, the audit chains first."""
    return [*audit_checks(), *stock_checks(), *sales_checks(), *returns_checks()]


@contextmanager
def one_moment() -> Iterator[None]:
    """Read all tables as of one moment, so that people at work look like no damage."""
    inside = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if not inside:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SET LOCAL statement_timeout = 0")
        yield
