from __future__ import annotations

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """What other systems are told: one event a change, written in the transaction of the change."""

    name = "rmaproject.events"
    label = "events"
