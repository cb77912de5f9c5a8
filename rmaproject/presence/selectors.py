"""Who else is at a record."""

from __future__ import annotations

from uuid import UUID

from rmaproject.access.actors import Actor
from rmaproject.presence.models import Presence
from rmaproject.presence.services import GONE
from rmaproject.shared import clock


def others_at(actor: Actor, record: UUID) -> list[Presence]:
    """Who else has the record open just now, the last that came first."""
    rows = Presence.objects.filter(record=record, seen_at__gte=clock.now() - GONE)
    others = rows.exclude(user_id=actor.user_id or 0).filter(user__is_active=True)
    return list(others.select_related("user").order_by("-pk")[:6])
