"""Somebody says that a record is open in front of them; nobody is stopped by it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import connection

from rmaproject.access.actors import Actor
from rmaproject.presence.models import Presence
from rmaproject.shared import clock
from rmaproject.shared.db import command

#: A row is written again only after this long, however often a page asks.
EVERY: Final = timedelta(seconds=8)
#: Who was not heard of for so long has gone.
GONE: Final = timedelta(seconds=25)
KNOWN: Final = ("view", "edit", "receive", "inspect", "credit", "decide")


@command
def come(actor: Actor, record: UUID, doing: str) -> None:
    """Say that this person has the record open; one statement, and mostly no write.

    The caller has made sure that the record is in sight.
    """
    now, table = clock.now(), connection.ops.quote_name(Presence._meta.db_table)
    told = doing if doing in KNOWN else Presence.VIEW
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (user_id, record, doing, seen_at) VALUES (%s, %s, %s, %s)"  # noqa: S608 ours
            " ON CONFLICT (record, user_id) DO UPDATE"
            " SET doing = excluded.doing, seen_at = excluded.seen_at"
            f" WHERE {table}.seen_at < %s OR {table}.doing <> excluded.doing",
            [actor.user_id, record, told, now, now - EVERY],
        )


@command
def leave(actor: Actor, record: UUID) -> None:
    """Say that this person has closed the record."""
    Presence.objects.filter(user_id=actor.user_id or 0, record=record).delete()


@command
def forget_gone() -> int:
    """Remove the rows of people who have gone; how many there were."""
    gone = Presence.objects.filter(seen_at__lt=clock.now() - 10 * GONE)
    return gone.delete()[0]
