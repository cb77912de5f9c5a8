"""From events to deliveries: each to the endpoints that want it and whose owner may see it."""

from __future__ import annotations

from typing import Final

from rmaproject.access.actors import Actor
from rmaproject.events.kinds import matches
from rmaproject.events.models import Event
from rmaproject.events.outbox import number_all
from rmaproject.events.selectors import in_sight
from rmaproject.shared.db import command
from rmaproject.webhooks.formats import FORMATS
from rmaproject.webhooks.models import Delivery, Endpoint, Progress

BATCH: Final = 500


def spread_all() -> set[int]:
    """Make deliveries of everything told so far; gives the endpoints that something waits for."""
    number_all()
    found: set[int] = set()
    while True:
        endpoints, seen = spread()
        found |= endpoints
        if seen < BATCH:
            return found


@command
def spread() -> tuple[set[int], int]:
    """One batch of events; gives the endpoints with something new, and how many events it was.

    One caller at a time, so that deliveries get their keys in the order of the events.
    """
    Progress.objects.get_or_create(pk=1)
    progress = Progress.objects.select_for_update().get(pk=1)
    rows = Event.objects.filter(position__gt=progress.position).order_by("position")
    events = list(rows[:BATCH])
    if not events:
        return set(), 0
    made: list[Delivery] = []
    for endpoint in Endpoint.objects.filter(active=True).select_related("owner"):
        made += [_delivery(endpoint, event) for event in _wanted(endpoint, events)]
    made.sort(key=lambda row: row.event.position if row.event and row.event.position else 0)
    Delivery.objects.bulk_create(made)
    progress.position = events[-1].position or 0
    progress.save(update_fields=["position"])
    return {row.endpoint_id for row in made}, len(events)


def wants(endpoint: Endpoint, event: Event) -> bool:
    """Whether an endpoint asked for such events, in words that it understands."""
    business = event.data.get("business")
    if endpoint.businesses and business is not None and business not in endpoint.businesses:
        return False
    if not any(matches(pattern, event.type) for pattern in endpoint.types):
        return False
    return FORMATS[endpoint.format](event) is not None if endpoint.format in FORMATS else False


def on_behalf_of(endpoint: Endpoint) -> Actor:
    """Who an endpoint reads for: its owner, by the rights it was made with."""
    scopes = None if endpoint.scopes is None else frozenset(endpoint.scopes)
    return Actor(endpoint.owner, door="webhook", scopes=scopes)


def readable(endpoint: Endpoint, keys: list[int]) -> set[int]:
    """Those of the events that the endpoint's owner may see at this moment."""
    rows = Event.objects.filter(in_sight(on_behalf_of(endpoint)), pk__in=keys)
    return set(rows.values_list("pk", flat=True))


def _wanted(endpoint: Endpoint, events: list[Event]) -> list[Event]:
    told = [event for event in events if event.at >= endpoint.created_at and wants(endpoint, event)]
    if not told:
        return []
    seen = readable(endpoint, [event.pk for event in told])
    return [event for event in told if event.pk in seen]


def _delivery(endpoint: Endpoint, event: Event, *, replayed: bool = False) -> Delivery:
    return Delivery(
        endpoint=endpoint,
        event=event,
        message_id=event.uuid,
        type=event.type,
        aggregate_id=event.aggregate_id,
        replayed=replayed,
    )


def again(endpoint: Endpoint, events: list[Event]) -> list[Delivery]:
    """Deliveries of events that were told before, under their first ids."""
    rows = [_delivery(endpoint, event, replayed=True) for event in events]
    Delivery.objects.bulk_create(rows)
    return rows
