"""What a desk in use has beside the records of the demo: programs, feeds, notices."""

from __future__ import annotations

from typing import Any

from returns.models import ReturnOrder
from returns.services import add_comment
from returns.services.calendar_feeds import create_calendar_feed
from rmaproject.access.actors import SYSTEM
from rmaproject.access.clients import create_client
from rmaproject.access.tokens import make_token
from rmaproject.webhooks.services import create_endpoint


def furnish(people: dict[str, Any]) -> None:
    """Give the administrator a token, a webhook, an application, a feed and two notices."""
    ana, claire = people["Administrator"], people["Manager"]
    make_token(ana.user, name="Shop of Heron Outdoor", actor=SYSTEM)
    create_client("Label printer", actor=SYSTEM)
    hook = {"url": "https://shop.example/returns/hook", "description": "The shop's own pages"}
    create_endpoint({**hook, "types": ["return.*"]}, actor=ana)
    create_calendar_feed(
        {"name": "Mine on the phone", "contents": ["return_order"]}, owner=ana.user, actor=ana
    )
    for row in ReturnOrder.objects.filter(status="in_progress").order_by("pk")[:2]:
        add_comment(row.pk, f"@{ana.user.username} may this one go back at once?", actor=claire)
