"""How fast the list of returns answers when there are very many; leaves nothing behind."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.test import Client

from returns.models import ReturnOrder
from rmaproject.access.models import User

#: Copies of one return with other references, days and states, as a year would leave them.
COPIES: Final = """
    INSERT INTO returns_returnorder ({columns})
    SELECT {values} FROM returns_returnorder, generate_series(1, %s) n WHERE id = %s
"""
VARIED: Final = {
    "uuid": "gen_random_uuid()",
    "reference": "'BENCH-' || n",
    "status": "(ARRAY['pending', 'in_progress', 'in_progress', 'complete'])[1 + n %% 4]",
    "closed_at": "CASE WHEN n %% 4 = 3 THEN now() END",
    "held_from": "''",
    "discarded_at": "NULL",
    "target_date": "current_date - 180 + n %% 365",
    "updated_at": "now() - n * interval '5 minutes'",
}
ASKED: Final = (
    "/returns/",
    "/returns/?queue=all",
    "/returns/?queue=all&sort=target_date",
    "/returns/?queue=all&sort=-updated_at&cols=customer,updated_at",
    "/returns/?queue=all&sort=customer",
    "/returns/?queue=all&sort=-credit",
    "/returns/?queue=overdue",
    "/returns/?q=bench-4711",
)


class Command(BaseCommand):
    help = "Copy a return many times, ask for lists of them, print times, and take all of it back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--user", required=True, help="who looks at the lists")
        parser.add_argument("--rows", type=int, default=100_000)
        parser.add_argument("--times", type=int, default=20)

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["user"], is_active=True).first()
        first = ReturnOrder.objects.order_by("pk").first()
        if user is None or first is None:
            raise CommandError("The user and at least one return must be there.")
        with transaction.atomic():
            _copy(first, options["rows"])
            client = Client(SERVER_NAME="localhost")
            client.force_login(user)
            for path in ASKED:
                self._measure(client, path, options["times"])
            transaction.set_rollback(True)

    def _measure(self, client: Client, path: str, times: int) -> None:
        taken = []
        for _ in range(times):
            began = time.perf_counter()
            status = client.get(path).status_code
            taken.append((time.perf_counter() - began) * 1000)
            if status != 200:
                raise CommandError(f"{path} answered {status}.")
        taken.sort()
        p50, p95 = taken[len(taken) // 2], taken[int(len(taken) * 0.95) - 1]
        self.stdout.write(f"{p50:7.0f} ms, p95 {p95:7.0f} ms  {path}")


def _copy(row: ReturnOrder, number: int) -> None:
    columns = [
        field.column
        for field in row._meta.local_concrete_fields
        if field.column and field.column != "id"
    ]
    values = [VARIED.get(name, name) for name in columns]
    with connection.cursor() as cursor:
        sql = COPIES.format(columns=", ".join(columns), values=", ".join(values))
        cursor.execute(sql, [number, row.pk])
        cursor.execute("ANALYZE returns_returnorder")
