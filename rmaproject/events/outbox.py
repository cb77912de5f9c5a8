"""Events are written in the transaction of what they tell: none is lost, none is made up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db import connection

from rmaproject.access.actors import Actor
from rmaproject.events.kinds import KINDS, Kind
from rmaproject.events.models import Event
from rmaproject.shared import requestid
from rmaproject.shared.db import command

#: Called when events were written, still inside the transaction; must be cheap.
WAKERS: Final[list[Callable[[], None]]] = []

#: History that is brought in from elsewhere is no news to those who hold it already.
SILENT_DOORS: Final = frozenset({"import"})

#: How many events get their place in one go.
BATCH: Final = 1000

_NUMBER: Final = """
    UPDATE events_event SET position = numbered.position
    FROM (
        SELECT id, nextval(pg_get_serial_sequence('events_event', 'id')) AS position
        FROM (SELECT id FROM events_event WHERE position IS NULL ORDER BY id LIMIT %s) waiting
    ) numbered
    WHERE events_event.id = numbered.id
"""


class Told(NamedTuple):
    """A change: the record as it is now, its verb, what was written, and when."""

    root: Any
    verb: str
    written: dict[str, Any]
    at: datetime


def tell(changes: Iterable[Told], *, actor: Actor) -> None:
    """Put the changes of records that others want to know of into the outbox; one statement."""
    if actor.door in SILENT_DOORS:
        return
    events = [
        _event(kind, change)
        for change in changes
        if (kind := KINDS.get(change.root._meta.label_lower))
    ]
    if not events:
        return
    Event.objects.bulk_create(events)
    for wake in WAKERS:
        wake()


@command
def number() -> int:
    """Give every committed event its place; gives how many got one.

    One caller at a time: so places come into sight in their order, and nobody who reads on from
    the last one that he saw misses an event, however late it was committed. Events of one record
    keep the order of its versions: the second is only written once the first is committed.
    """
    if not Event.objects.filter(position=None).exists():
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('events:number', 0))")
        cursor.execute(_NUMBER, [BATCH])
        return int(cursor.rowcount)


def number_all() -> None:
    """Give every event that is committed now its place."""
    while number() == BATCH:
        pass


def _event(kind: Kind, change: Told) -> Event:
    root = change.root
    verb = kind.told_as(root, change.verb, change.written)
    return Event(
        type=f"{kind.name}.{verb}",
        kind=kind.name,
        aggregate_id=root.uuid,
        version=root.version,
        at=change.at,
        request_id=requestid.current(),
        data={"id": str(root.uuid), "version": root.version, **kind.tell(root)},
    )
