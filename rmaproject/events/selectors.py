"""What may be read of events, by whom: exactly those of the records that somebody may see."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from rmaproject.access.actors import Actor
from rmaproject.events.kinds import KINDS, Kind
from rmaproject.events.models import Event


def visible_events(actor: Actor) -> QuerySet[Event, Event]:
    """The events that this actor may read, those that have their place.

    Raises NotPermitted `not_permitted` for who may see no kind of record.
    """
    mine = [kind for kind in KINDS.values() if actor.may(kind.permission)]
    if not mine:
        for kind in KINDS.values():
            actor.require(kind.permission)
    return Event.objects.filter(in_sight(actor), position__isnull=False)


def in_sight(actor: Actor) -> Q:
    """The events that this actor may read, as a condition; nothing for who may see nothing."""
    shown = Q(pk__in=[])
    for kind in KINDS.values():
        if actor.may(kind.permission) and kind.open():
            shown |= _of(kind, actor)
    return shown


def _of(kind: Kind, actor: Actor) -> Q:
    told = Q(kind=kind.name)
    if actor.scope.everything:
        return told
    return told & Q(aggregate_id__in=kind.seen(actor).values("uuid"))
