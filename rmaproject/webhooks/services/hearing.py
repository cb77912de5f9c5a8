"""What came of a call, written down: arrived, tried again later, or given up."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from django.conf import settings
from django.core.mail import send_mail

from rmaproject.access.actors import Actor
from rmaproject.shared import clock
from rmaproject.shared.db import after_commit, command
from rmaproject.webhooks.calling import Answer
from rmaproject.webhooks.models import Attempt, Delivery, DeliveryState, Endpoint
from rmaproject.webhooks.services.endpoints import disable

S = DeliveryState
GONE: Final = 410
#: Too much for the other side just now: everything that goes there waits.
SLOW: Final = frozenset({429, 502, 503, 504})
LONGEST_PAUSE: Final = timedelta(minutes=5)
#: No longer than this is a Retry-After obeyed.
LONGEST_WISH: Final = timedelta(hours=24)
#: By which share of itself a wait is made longer by chance, so that not all come back at once.
JITTER: Final = 0.1

#: The program itself, when it writes down what another system answered.
WEBHOOK: Final = Actor(None, door="webhook")


@command
def write_down(
    delivery: Delivery, answer: Answer, sent: dict[str, str], *, wanted: bool = True
) -> None:
    """Keep what came of an attempt and decide what follows; not `wanted`, nobody was called."""
    now = clock.now()
    endpoint = Endpoint.objects.select_for_update(of=("self",)).get(pk=delivery.endpoint_id)
    row = Delivery.objects.select_for_update().get(pk=delivery.pk)
    _log(row, answer, sent, now)
    if row.state != S.PENDING:
        return
    if answer.arrived:
        _finish(row, S.DELIVERED, now)
        _paused(endpoint, 0, None)
    elif not wanted:
        _finish(row, S.CANCELLED, now)
    elif answer.status == GONE:
        _finish(row, S.FAILED, now)
        disable(endpoint, "gone", actor=WEBHOOK)
        _tell_owner(endpoint, row, answer)
    else:
        _failed(endpoint, row, answer, now)


def _failed(endpoint: Endpoint, row: Delivery, answer: Answer, now: datetime) -> None:
    wish = asked_to_wait(answer, now)
    if answer.status in SLOW or answer.status is None:
        pause = min(settings.WEBHOOK_PAUSE * 2 ** min(endpoint.failures, 10), LONGEST_PAUSE)
        _paused(endpoint, endpoint.failures + 1, now + max(pause, wish))
    waits = settings.WEBHOOK_RETRIES
    if row.event_id is not None and row.attempts <= len(waits):
        wait = timedelta(seconds=waits[row.attempts - 1] * (1 + random.random() * JITTER))  # noqa: S311
        row.next_at, row.leased_until = now + max(wait, wish), None
        row.save(update_fields=["next_at", "leased_until"])
        return
    _finish(row, S.FAILED, now)
    if row.event_id is not None:
        _give_up(endpoint, row, answer)


def _give_up(endpoint: Endpoint, row: Delivery, answer: Answer) -> None:
    """Somebody must look; an endpoint that took nothing else meanwhile is switched off."""
    first = row.log.order_by("pk").values_list("at", flat=True).first() or row.created_at
    arrived = Delivery.objects.filter(endpoint=endpoint, state=S.DELIVERED, finished_at__gte=first)
    if not arrived.exists():
        disable(endpoint, "failing", actor=WEBHOOK)
    _tell_owner(endpoint, row, answer)


def asked_to_wait(answer: Answer, now: datetime) -> timedelta:
    """How long the other side asks to be left alone; nothing when it does not say so."""
    headers = {name.lower(): value for name, value in answer.headers.items()}
    told = headers.get("retry-after", "").strip()
    if told.isascii() and told.isdecimal():
        seconds = int(told[:9])
        return min(timedelta(seconds=seconds), LONGEST_WISH)
    try:
        wish = parsedate_to_datetime(told) - now
    except (ValueError, TypeError):
        return timedelta()
    return min(max(wish, timedelta()), LONGEST_WISH)


def _log(row: Delivery, answer: Answer, sent: dict[str, str], now: datetime) -> None:
    Attempt.objects.create(
        delivery=row,
        at=now,
        milliseconds=answer.milliseconds,
        request_headers=sent,
        status=answer.status,
        response_headers=answer.headers,
        response_body=answer.body,
        error=answer.error,
    )


def _finish(row: Delivery, state: DeliveryState, now: datetime) -> None:
    row.state, row.finished_at, row.leased_until = state, now, None
    row.save(update_fields=["state", "finished_at", "leased_until"])


def _paused(endpoint: Endpoint, failures: int, until: datetime | None) -> None:
    if (endpoint.failures, endpoint.paused_until) == (failures, until):
        return
    endpoint.failures, endpoint.paused_until = failures, until
    endpoint.save(update_fields=["failures", "paused_until"])


def _tell_owner(endpoint: Endpoint, row: Delivery, answer: Answer) -> None:
    if not endpoint.owner.email:
        return
    why = f"It answered {answer.status}." if answer.status else answer.error
    off = (
        "The webhook is switched off. When the other side is well again, enable it and replay "
        "what it missed."
        if not endpoint.active
        else "The webhook stays on: other events arrive. Replay this one when it can be taken."
    )
    text = (
        f"An event could not be delivered to {endpoint.url}\n\n"
        f"Webhook: {endpoint.description or endpoint.uuid}\nEvent: {row.type} {row.message_id}\n"
        f"Attempts: {row.attempts}\n{why}\n\n{off}\n"
    )
    subject = "Webhook switched off" if not endpoint.active else "A webhook event was given up"
    after_commit(send_mail, subject, text, None, [endpoint.owner.email])
