"""How fast the start page is over many returns; all that it needs is made and taken back."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rmaproject.access.models import User
from sales.models import Business

PAGES: Final = ("/", "/counts/", "/charts/", "/reports/")
PARTS: Final = ("/counts/", "/charts/")
TABLES: Final = (
    "customers_company", "stock_part", "sales_account", "sales_salesorder", "sales_orderline",
    "returns_returnorder", "returns_returnline", "returns_receipt", "returns_receiptline",
    "returns_inspection", "sales_creditnote", "sales_creditline", "returns_linecredit",
    "sales_refund",
)  # fmt: skip
#: What stands in a column that a row must have and that nobody tells.
PLAIN: Final = {
    "character varying": "''",
    "text": "''",
    "boolean": "false",
    "uuid": "gen_random_uuid()",
    "timestamp with time zone": "now()",
    "date": "current_date",
    "jsonb": "'{}'",
    "interval": "interval '0'",
    "ARRAY": "'{}'",
}
#: Row n of a return: 94 of 100 are complete, one is cancelled, the others wait for something.
STATUS: Final = """CASE WHEN n % 100 < 94 THEN 'complete' WHEN n % 100 = 94 THEN 'cancelled'
 WHEN n % 100 = 95 THEN 'pending' WHEN n % 1000 = 96 THEN 'awaiting_approval'
 WHEN n % 1000 = 197 THEN 'on_hold' ELSE 'in_progress' END"""
LINES: Final = 3


class Command(BaseCommand):
    help = (
        "Make returns with three lines each, with sales, receipts and refunds, in a transaction,"
        " ask for the pages of figures, print how long they take, and take everything back."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--user", required=True, help="whose pages are asked for")
        parser.add_argument("--returns", type=int, default=100_000)
        parser.add_argument("--times", type=int, default=40)

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["user"], is_active=True).first()
        business = Business.objects.order_by("pk").first()
        if user is None or business is None:
            raise CommandError("An active user of this name and a business are needed.")
        with transaction.atomic():
            started = time.perf_counter()
            fill_all(business.pk, options["returns"])
            self.stdout.write(f"Rows made in {time.perf_counter() - started:.0f} s")
            client = Client(SERVER_NAME="localhost")
            client.force_login(user)
            for page in PAGES:
                self._measure(client, page, options["times"])
            transaction.set_rollback(True)

    def _measure(self, client: Client, page: str, times: int) -> None:
        taken = []
        for _ in range(times):
            started = time.perf_counter()
            status = _ask(client, page)
            taken.append((time.perf_counter() - started) * 1000)
            if status != 200:
                raise CommandError(f"{page} answered {status}.")
        with CaptureQueriesContext(connection) as asked:
            _ask(client, page)
        taken.sort()
        half, most = taken[len(taken) // 2], taken[int(len(taken) * 0.95)]
        told = f"{page}: {len(asked)} statements, median {half:.0f} ms, p95 {most:.0f} ms"
        self.stdout.write(told)
        if self.verbosity_of(asked):
            self.stdout.write(self.verbosity_of(asked))

    def verbosity_of(self, asked: Any) -> str:
        """The slowest statements, where RMA_DEBUG lets Django time them."""
        rows = sorted(asked, key=lambda row: -float(row["time"]))[:4]
        return "\n".join(f"    {row['time']} s {row['sql'][:110]}" for row in rows)


def _ask(client: Client, page: str) -> int:
    """The status of the answer; charts and counts are parts that a script asks for."""
    headers = {"HX-Request": "true"} if page in PARTS else {}
    return client.get(page, headers=headers).status_code


def fill_all(business: int, count: int) -> None:
    """So many returns over a year, a tenth of all sold goods' orders more than that."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        base = {table: _highest(cursor, table) for table in TABLES}
        for table, rows, columns in _plan(business, count, base):
            _fill(cursor, table, rows, columns)
        for table in TABLES:
            cursor.execute(f"ANALYZE {table}")


def _highest(cursor: Any, table: str) -> int:
    cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")  # noqa: S608
    return int(cursor.fetchone()[0])


def _fill(cursor: Any, table: str, rows: int, columns: dict[str, str]) -> None:
    """Insert rows 1 to `rows`; columns are texts of SQL about the row's number n."""
    cursor.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s"
        " AND is_nullable = 'NO' AND is_generated = 'NEVER' AND column_default IS NULL"
        " AND is_identity = 'NO'",
        [table],
    )
    told = {name: PLAIN.get(kind, "0") for name, kind in cursor.fetchall()} | columns
    names, values = ", ".join(told), ", ".join(told.values())
    chosen = f"SELECT {values} FROM generate_series(1, {rows}) n"  # noqa: S608
    cursor.execute(f"INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE {chosen}")


def _plan(business: int, count: int, base: dict[str, int]) -> list[tuple[str, int, dict[str, str]]]:
    """The tables in order, how many rows of each, and what stands in them."""
    lines, orders = count * LINES, count * 3 // 2

    def of(table: str, number: str) -> str:
        return f"{base[table]} + {number}"

    company = of("customers_company", "1 + n % 2000")
    line_return = of("returns_returnorder", f"1 + (n - 1) / {LINES}")
    own = f"(n - 1) / {LINES}"
    day = f"current_date - ((n * 7919) % {count}) * 365 / {count}"
    returned_day = f"current_date - (({own} + 1) * 7919 % {count}) * 365 / {count}"
    party = {"business_id": str(business), "customer_id": company}
    money = {"currency": "'EUR'", "account_id": of("sales_account", "1")}
    return [
        ("customers_company", 2000, {"id": company.replace("1 + n % 2000", "n"),
            "reference": "'BENCH-' || n", "name": "'Customer ' || n"}),
        ("stock_part", 500, {"id": of("stock_part", "n"), "sku": "'BENCH-' || n",
            "name": "'Part ' || n", "kind": "'simple'"}),
        ("sales_account", 1, {"id": of("sales_account", "1"), "business_id": str(business),
            "company_id": of("customers_company", "1"), "currency": "'EUR'"}),
        ("sales_salesorder", orders, {**party, "id": of("sales_salesorder", "n"),
            "reference": "'BENCH-' || n", "status": "'complete'", "completed_at": "now()",
            "currency": "'EUR'", "ordered_on": f"{day} - 5"}),
        ("sales_orderline", orders * LINES, {"id": of("sales_orderline", "n"),
            "order_id": of("sales_salesorder", f"1 + {own}"), "number": "1 + n % 3",
            "kind": "'goods'", "part_id": of("stock_part", "1 + n % 500"), "quantity": "2",
            "shipped": "2", "claimed": "1", "gross_unit_price": "25", "vat_type": "'NORMAL'"}),
        ("returns_returnorder", count, {**party, "id": of("returns_returnorder", "n"),
            "reference": "'BENCH-' || n", "status": STATUS, "requested_on": day,
            "held_from": "CASE WHEN n % 1000 = 197 THEN 'in_progress' ELSE '' END",
            "status_reason": "'For the benchmark'", "target_date": f"{day} + 21",
            "closed_at": f"CASE WHEN n % 100 <= 94 THEN ({day} + n % 20)::timestamptz END",
            "created_at": f"({day})::timestamptz", "issued_at": f"({day})::timestamptz",
            "updated_at": f"({day} + n % 20)::timestamptz",
            "goods": "CASE WHEN n % 100 < 97 THEN 'received' ELSE 'expected' END",
            "money": "CASE WHEN n % 100 IN (92, 93) THEN 'due' WHEN n % 100 < 94 THEN"
            " 'refunded' ELSE 'none' END"}),
        ("returns_returnline", lines, {"id": of("returns_returnline", "n"),
            "return_order_id": line_return, "number": "1 + n % 3",
            "order_line_id": of("sales_orderline", "n"),
            "part_id": of("stock_part", "1 + n % 500"), "quantity": "1", "outcome": "'refund'",
            "reason_id": "(SELECT min(id) FROM returns_reason) + n % 3",
            "received": f"CASE WHEN (1 + {own}) % 100 < 97 THEN 1 ELSE 0 END",
            "accepted": f"CASE WHEN (1 + {own}) % 100 < 96 THEN 1 ELSE 0 END"}),
        ("returns_receipt", count, {"id": of("returns_receipt", "n"),
            "return_order_id": of("returns_returnorder", "n"), "number": "1",
            "received_on": f"{day} + n % 7", "at": f"({day} + n % 7)::timestamptz"}),
        ("returns_receiptline", lines, {"id": of("returns_receiptline", "n"),
            "receipt_id": of("returns_receipt", f"1 + {own}"),
            "line_id": of("returns_returnline", "n"), "quantity": "1",
            "condition": "'good'"}),
        ("returns_inspection", lines, {"id": of("returns_inspection", "n"),
            "return_order_id": line_return, "line_id": of("returns_returnline", "n"),
            "receipt_line_id": of("returns_receiptline", "n"), "verdict": "'accepted'",
            "share": "100", "quantity": "1", "at": f"({returned_day} + 9)::timestamptz"}),
        ("sales_creditnote", count, {**party, **money, "id": of("sales_creditnote", "n"),
            "reference": "'BENCH-' || n", "credited_on": f"{day} + 10",
            "net": "75", "gross": "75", "created_at": f"({day} + 10)::timestamptz",
            "refunded": "CASE WHEN n % 100 IN (92, 93) THEN 0 ELSE 75 END"}),
        ("sales_creditline", lines, {"id": of("sales_creditline", "n"),
            "credit_note_id": of("sales_creditnote", f"1 + {own}"), "number": "1 + n % 3",
            "kind": "'goods'", "part_id": of("stock_part", "1 + n % 500"), "quantity": "1",
            "net": "25", "gross": "25", "vat_type": "'NORMAL'", "live": "true"}),
        ("returns_linecredit", lines, {"id": of("returns_linecredit", "n"),
            "line_id": of("returns_returnline", "n"),
            "credit_line_id": of("sales_creditline", "n"), "quantity": "1"}),
        ("sales_refund", count, {**party, **money, "id": of("sales_refund", "n"),
            "reference": "'BENCH-' || n", "credit_note_id": of("sales_creditnote", "n"),
            "amount": "75", "via": "'manual'", "key": "'BENCH-' || n",
            "state": "CASE WHEN n % 100 IN (92, 93) THEN 'ready' ELSE 'done' END",
            "sent_at": f"({day} + 12)::timestamptz",
            "settled_at": "CASE WHEN n % 100 NOT IN (92, 93) THEN"
            f" ({day} + 12)::timestamptz END"}),
    ]  # fmt: skip
