"""What may be read of webhooks, by whom."""

from __future__ import annotations

from typing import Final

from django.db.models import QuerySet

from rmaproject.access.actors import Actor
from rmaproject.webhooks.models import Endpoint

MANAGE: Final = "webhooks.manage_webhooks"
EVERYBODYS: Final = "access.manage_settings"


def visible_endpoints(actor: Actor) -> QuerySet[Endpoint, Endpoint]:
    """The webhooks of an actor; who keeps the settings sees everybody's. Raises NotPermitted."""
    actor.require(MANAGE)
    rows = Endpoint.objects.filter(discarded_at=None)
    return rows if actor.may(EVERYBODYS) else rows.filter(owner=actor.user_id)
