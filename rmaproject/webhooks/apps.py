from __future__ import annotations

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Events brought to other systems: who wants which, and what became of each delivery."""

    name = "rmaproject.webhooks"
    label = "webhooks"

    def ready(self) -> None:
        from rmaproject.events.outbox import WAKERS
        from rmaproject.webhooks.waking import wake

        WAKERS.append(wake)
