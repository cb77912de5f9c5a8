"""All that belongs to the demo data, found by what points to it, and removed to the last row."""

from __future__ import annotations

from typing import Final

import pgtrigger
from django.db import connection, transaction
from django.db.models import Model

from returns.demo.belonging import Belonging
from returns.models import DemoLoad
from rmaproject.access.actors import Actor
from rmaproject.access.ledger import SECURITY
from rmaproject.files.models import Attachment
from rmaproject.files.services import discard_content
from rmaproject.shared.db import after_commit, command
from rmaproject.shared.errors import Conflict, NotFound

MANAGE: Final = "access.manage_settings"
SHOWN: Final = 3


@command
def remove_demo(*, actor: Actor) -> int:
    """Remove the demo data with all that was done with it since; gives the number of rows.

    History that is never changed elsewhere goes too, in this one transaction: no chain of a
    record that stays is touched. Raises NotFound `no_demo`; Conflict `demo_in_use` with what of
    the real business depends on it; NotPermitted.
    """
    actor.require(MANAGE)
    load = DemoLoad.objects.select_for_update().first()
    if load is None:
        raise NotFound("There is no demo data here.", code="no_demo")
    belonging = Belonging(load.rows)
    _require_free(belonging)
    stored = _files_of(belonging)
    with connection.cursor() as cursor:
        _lift_triggers(cursor)
        for model, keys in belonging.rows.items():
            _delete(cursor, model, sorted(keys))
        # What is only looked at when a transaction ends is looked at while triggers are lifted.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT set_config('pgtrigger.ignore', '', true)")
    load.delete()
    for name in stored:
        after_commit(discard_content, name)
    SECURITY.info("Demo data removed by %s", actor.user or "the program")
    return sum(len(keys) for keys in belonging.rows.values())


def what_depends_on_demo() -> list[str]:
    """What of the real business stands in the way of removing the demo data."""
    load = DemoLoad.objects.first()
    return Belonging(load.rows).needed_by() if load else []


def _require_free(belonging: Belonging) -> None:
    needed = belonging.needed_by()
    if needed:
        shown = ", ".join(needed[:SHOWN]) + (", …" if len(needed) > SHOWN else "")
        message = f"Records of your own depend on the demo data: {shown}."
        raise Conflict(message, code="demo_in_use", records=needed)


def _lift_triggers(cursor: object) -> None:
    """Let the triggers of ours stay silent until the end of this transaction, here alone."""
    assert transaction.get_connection().in_atomic_block  # noqa: S101 else it would outlast us
    names = [trigger.get_pgid(model) for model, trigger in pgtrigger.registered()]
    cursor.execute(  # type: ignore[attr-defined]
        "SELECT set_config('pgtrigger.ignore', %s, true)", ["{" + ",".join(names) + "}"]
    )


def _delete(cursor: object, model: type[Model], keys: list[object]) -> None:
    meta, quote = model._meta, connection.ops.quote_name
    table, column = quote(meta.db_table), quote(str(meta.pk.column))
    statement = f"DELETE FROM {table} WHERE {column} = ANY(%s)"  # noqa: S608 names are the model's
    cursor.execute(statement, [keys])  # type: ignore[attr-defined]


def _files_of(belonging: Belonging) -> list[str]:
    keys = belonging.rows.get(Attachment, set())
    rows = Attachment.objects.filter(pk__in=keys, link="")
    return list(rows.values_list("stored", flat=True))
