"""Counts up to a cap: nobody reads the last digits of a large queue, and they cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

MOST_COUNTED: Final = 1000


def counted(found: QuerySet[Any, Any], *, most: int = MOST_COUNTED) -> str:
    """How many there are, counted up to a cap: "17", "1000+"."""
    return told(found.order_by()[: most + 1].count(), most)


def counted_together(
    several: Sequence[QuerySet[Any, Any]], *, most: int = MOST_COUNTED
) -> list[str]:
    """How many there are in each, up to a cap, with one query for all of them."""
    pieces: list[str] = []
    values: list[Any] = []
    for found in several:
        try:
            sql, given = found.order_by().values("pk")[: most + 1].query.sql_with_params()
        except EmptyResultSet:
            pieces.append("SELECT 0")
            continue
        pieces.append(f"SELECT count(*) FROM ({sql}) rows")  # noqa: S608 (Django's own SQL)
        values += given
    if not pieces:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"({piece})" for piece in pieces), values)
        row = cursor.fetchone()
    return [told(number, most) for number in row]


def told(number: int, most: int) -> str:
    """A count as it is shown."""
    return f"{most}+" if number > most else str(number)
