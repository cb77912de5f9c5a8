"""History that goes for good: whole records with their whole trails, in one transaction.

For what should never have been here: the demo data, an import that was a mistake. Who calls this
has made sure that nothing which stays points to what goes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import islice
from typing import Any, Final

import pgtrigger
from django.db import connection, transaction
from django.db.models import Model

AT_ONCE: Final = 20_000


def erase(rows: Mapping[type[Model], Collection[Any]]) -> int:
    """Delete these rows, by their keys, past all triggers; gives how many they were.

    Foreign keys are looked at before this returns: an IntegrityError leaves everything as it was.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        _lift_triggers(cursor)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")  # rows go in any order
        gone = sum(_delete(cursor, model, sorted(keys)) for model, keys in rows.items())
        # What is only looked at when a transaction ends is looked at while triggers are lifted.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT set_config('pgtrigger.ignore', '', true)")
    return gone


def _lift_triggers(cursor: Any) -> None:
    """Let the triggers of ours stay silent until the end of this transaction, here alone."""
    names = [trigger.get_pgid(model) for model, trigger in pgtrigger.registered()]
    cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", ["{" + ",".join(names) + "}"])


def _delete(cursor: Any, model: type[Model], keys: list[Any]) -> int:
    meta, quote = model._meta, connection.ops.quote_name
    table, column = quote(meta.db_table), quote(str(meta.pk.column))
    statement = f"DELETE FROM {table} WHERE {column} = ANY(%s)"  # noqa: S608 names are the model's
    gone, rest = 0, iter(keys)
    while some := list(islice(rest, AT_ONCE)):
        cursor.execute(statement, [some])
        gone += cursor.rowcount
    return gone
