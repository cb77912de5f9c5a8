"""Deliveries on their way: claimed by one worker, called outside of any transaction, written down.

The next event of a record goes out only when the one before has arrived or was given up; other
records are not held up. A worker that dies leaves its claim, which ends by itself: so everything
arrives at least once.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from rmaproject.shared import clock
from rmaproject.shared.db import command
from rmaproject.webhooks.calling import Answer, call
from rmaproject.webhooks.formats import FORMATS
from rmaproject.webhooks.models import Delivery, DeliveryState, Endpoint
from rmaproject.webhooks.services.endpoints import secrets_of
from rmaproject.webhooks.services.hearing import write_down
from rmaproject.webhooks.services.spreading import readable
from rmaproject.webhooks.signing import signed

MAX_BYTES: Final = 20_000
#: How many calls one endpoint gets at a time; one that fails just now gets one.
PARALLEL: Final = 4
#: How long one job sends before it makes room for others.
TURN: Final = 5.0
SOON: Final = timedelta(seconds=1)


@dataclass(frozen=True)
class Message:
    """What is sent, and what is written down of it."""

    body: bytes
    headers: dict[str, str]
    shown: dict[str, str]


def send_due(endpoint_id: int) -> datetime | None:
    """Send what is due to an endpoint; gives when to come again, None when nothing waits."""
    if connection.in_atomic_block:
        raise RuntimeError("Nobody is called inside a transaction.")
    ends = time.monotonic() + TURN
    while time.monotonic() < ends and (delivery := claim(endpoint_id)):
        message = message_of(delivery)
        answer = Answer(error="The event is not for this webhook any more.")
        if message is not None:
            answer = call(delivery.endpoint.url, message.body, message.headers)
        shown = message.shown if message else {}
        write_down(delivery, answer, shown, wanted=message is not None)
    return next_due(endpoint_id)


@command
def claim(endpoint_id: int) -> Delivery | None:
    """The next delivery that may go to an endpoint, kept from other workers; None for none now."""
    now = clock.now()
    endpoint = Endpoint.objects.filter(pk=endpoint_id, active=True).first()
    if endpoint is None or (endpoint.paused_until and endpoint.paused_until > now):
        return None
    waiting = _waiting(endpoint_id)
    if waiting.filter(leased_until__gt=now).count() >= (1 if endpoint.failures else PARALLEL):
        return None
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    rows = _heads(waiting).filter(free, next_at__lte=now).order_by("next_at", "pk")
    delivery = rows.select_for_update(skip_locked=True, of=("self",)).first()
    if delivery is None:
        return None
    lease = now + timedelta(seconds=2 * settings.WEBHOOK_TIMEOUT + 5)
    Delivery.objects.filter(pk=delivery.pk).update(attempts=F("attempts") + 1, leased_until=lease)
    return Delivery.objects.select_related("endpoint__owner", "event").get(pk=delivery.pk)


def message_of(delivery: Delivery) -> Message | None:
    """What is sent for a delivery; None when the owner may not see the event any more."""
    endpoint, event = delivery.endpoint, delivery.event
    told: dict[str, Any] | None = _test(delivery)
    if event is not None:
        known = FORMATS.get(endpoint.format)
        told = known(event) if known and readable(endpoint, [event.pk]) else None
    if told is None:
        return None
    text = json.dumps(told, separators=(",", ":"))
    if len(text) > MAX_BYTES:
        return None
    plain = {
        "content-type": "application/json",
        "user-agent": "returns-desk-webhooks/1",
    }
    proof = signed(secrets_of(endpoint), str(delivery.message_id), clock.now(), text)
    return Message(text.encode(), {**plain, **proof}, {**plain, **proof})


def next_due(endpoint_id: int) -> datetime | None:
    """When the next delivery to an endpoint may go; None when none waits or it is switched off."""
    endpoint = Endpoint.objects.filter(pk=endpoint_id, active=True).first()
    if endpoint is None:
        return None
    heads = _heads(_waiting(endpoint_id)).values_list("next_at", "leased_until")
    times = [max(filter(None, row)) for row in heads.order_by("next_at")[:PARALLEL]]
    if not times:
        return None
    return max(filter(None, [min(times), endpoint.paused_until, clock.now() + SOON]))


def endpoints_waited_for() -> list[int]:
    """The endpoints that something waits for."""
    rows = Delivery.objects.filter(state=DeliveryState.PENDING, endpoint__active=True)
    return list(rows.order_by().values_list("endpoint", flat=True).distinct())


def _waiting(endpoint_id: int) -> QuerySet[Delivery, Delivery]:
    return Delivery.objects.filter(endpoint=endpoint_id, state=DeliveryState.PENDING)


def _heads(rows: QuerySet[Delivery, Delivery]) -> QuerySet[Delivery, Delivery]:
    """Those before which nothing of the same record waits."""
    before = Delivery.objects.filter(
        endpoint=OuterRef("endpoint"),
        aggregate_id=OuterRef("aggregate_id"),
        state=DeliveryState.PENDING,
        pk__lt=OuterRef("pk"),
    )
    return rows.filter(~Exists(before))


def _test(delivery: Delivery) -> dict[str, Any]:
    return {
        "type": delivery.type,
        "timestamp": delivery.created_at.isoformat(),
        "data": {"id": str(delivery.endpoint.uuid)},
    }
