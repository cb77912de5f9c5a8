"""The only writers of webhooks."""

from __future__ import annotations

from rmaproject.webhooks.services.endpoints import (
    create_endpoint,
    delete_endpoint,
    edit_endpoint,
    enable_endpoint,
    reseal_secrets,
    rotate_secret,
)
from rmaproject.webhooks.services.replaying import replay_delivery, replay_events, send_test

__all__ = [
    "create_endpoint",
    "delete_endpoint",
    "edit_endpoint",
    "enable_endpoint",
    "replay_delivery",
    "replay_events",
    "reseal_secrets",
    "rotate_secret",
    "send_test",
]
