"""Told once more: one delivery, or all events of a span of time; and a test without any event."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.events.models import Event
from rmaproject.events.outbox import number_all
from rmaproject.shared.db import after_commit, command
from rmaproject.shared.errors import Conflict, RuleViolation
from rmaproject.webhooks.models import Delivery, DeliveryState, Endpoint
from rmaproject.webhooks.services.endpoints import lock_endpoint
from rmaproject.webhooks.services.spreading import again, readable, wants
from rmaproject.webhooks.waking import wake_for

TEST: Final = "webhook.test"
MOST: Final = 10_000


@command
def send_test(endpoint_id: int, *, actor: Actor) -> Delivery:
    """Send a test once, without retries; the log of the delivery tells what came back.

    Raises Conflict `webhook_disabled`.
    """
    endpoint = _active(endpoint_id)
    delivery = Delivery.objects.create(
        endpoint=endpoint, type=TEST, aggregate_id=endpoint.uuid, replayed=True
    )
    after_commit(wake_for, endpoint.pk)
    return delivery


@command
def replay_delivery(delivery_id: int, *, actor: Actor) -> Delivery:
    """Tell an event once more under its first id; the receiver knows it by that.

    Raises Conflict `webhook_disabled`, `still_on_its_way`.
    """
    known = Delivery.objects.select_related("event").get(pk=delivery_id)
    endpoint = _active(known.endpoint_id)
    if known.event is None:
        return send_test(endpoint.pk, actor=actor)
    if known.state == DeliveryState.PENDING:
        message = _("The delivery is still on its way.")
        raise Conflict(message, code="still_on_its_way")
    (delivery,) = again(endpoint, [known.event])
    trail.change(endpoint, "replay", actor=actor, events=1)
    after_commit(wake_for, endpoint.pk)
    return delivery


@command
def replay_events(
    endpoint_id: int, since: datetime, until: datetime, *, actor: Actor
) -> tuple[Endpoint, int]:
    """Tell all events of a span of time once more that the webhook wants; gives how many.

    Raises Conflict `webhook_disabled`; RuleViolation `invalid_span`, `too_many_events`.
    """
    if since >= until:
        raise RuleViolation(
            _("The span ends before it begins."), code="invalid_span", pointer="/to"
        )
    endpoint = _active(endpoint_id)
    number_all()
    rows = Event.objects.filter(at__gte=since, at__lt=until, position__isnull=False)
    events = list(rows.order_by("position")[: MOST + 1])
    if len(events) > MOST:
        message = _("There are more than %(most)s events; replay them in shorter spans.") % {
            "most": MOST
        }
        raise RuleViolation(message, code="too_many_events", limit=MOST)
    told = [event for event in events if wants(endpoint, event)]
    seen = readable(endpoint, [event.pk for event in told])
    made = again(endpoint, [event for event in told if event.pk in seen])
    trail.change(endpoint, "replay", actor=actor, events=len(made), since=since, until=until)
    after_commit(wake_for, endpoint.pk)
    return endpoint, len(made)


def _active(endpoint_id: int) -> Endpoint:
    endpoint = lock_endpoint(endpoint_id)
    if not endpoint.active:
        message = _("The webhook is switched off; enable it first.")
        raise Conflict(message, code="webhook_disabled", reason=endpoint.disabled_reason)
    return endpoint
