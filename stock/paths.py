"""Where a location lies: the codes of the places around it, outermost first."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from stock.models import Location

_PATHS = """
    WITH RECURSIVE up(id, parent_id, path) AS (
        SELECT id, parent_id, code::text FROM {table} WHERE id = ANY(%s)
        UNION ALL
        SELECT up.id, l.parent_id, l.code || ' / ' || up.path
        FROM up JOIN {table} l ON l.id = up.parent_id)
    SELECT id, path FROM up WHERE parent_id IS NULL
"""


def location_paths(keys: Iterable[int]) -> dict[int, str]:
    """The path of each of these locations, such as `WH / A / 12`; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_PATHS.format(table=Location._meta.db_table), [sorted(set(keys))])
        return dict(cursor.fetchall())


_WITHIN = """
    WITH RECURSIVE down(id) AS (
        SELECT %s::bigint
        UNION
        SELECT l.id FROM {table} l JOIN down ON l.parent_id = down.id)
    SELECT id FROM down
"""


def keys_within(key: int) -> list[int]:
    """The keys of a location and of all that lie inside of it; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_WITHIN.format(table=Location._meta.db_table), [key])
        return [found for (found,) in cursor.fetchall()]
