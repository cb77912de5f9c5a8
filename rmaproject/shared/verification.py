"""What a check of the books says: which record is broken, what it shows, what it should show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from rmaproject.shared.money import plain

#: Rows fetched at once, so that memory stays the same however many there are.
CHUNK = 2000


@dataclass(frozen=True)
class Broken:
    """One record that does not stand as the rows behind it say."""

    record: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.record} is {self.found}, should be {self.expected}"


@dataclass(frozen=True)
class Check:
    """One rule over all rows of a table; `broken` yields what breaks it, a row at a time."""

    name: str
    table: str
    broken: Callable[[], Iterator[Broken]]

    def count(self) -> int:
        """How many records the check looks at."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {self.table}")  # noqa: S608
            return int(cursor.fetchone()[0])


def sql_check(name: str, table: str, query: str) -> Check:
    """A check by one query, whose rows are record, found and expected of what is broken."""
    return Check(name, table, lambda: _rows(query))


def sum_checks(name: str, table: str, label: str, counters: dict[str, str]) -> list[Check]:
    """A check for each counter of a table against the sum that its SQL gives.

    `label` names a row `t` in words; a counter's SQL may refer to that row.
    """
    return [
        sql_check(
            f"{name}: {column}",
            table,
            f"SELECT {label} || ': {column}', t.{column}, s.total"  # noqa: S608
            f" FROM {table} t CROSS JOIN LATERAL ({query}) s(total)"
            f" WHERE t.{column} <> s.total",
        )
        for column, query in counters.items()
    ]


def _rows(query: str) -> Iterator[Broken]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(query)
        while rows := cursor.fetchmany(CHUNK):
            for record, found, expected in rows:
                yield Broken(str(record), _shown(found), _shown(expected))


def _shown(value: object) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    return "nothing" if value is None else str(value)
