from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand

from rmaproject.webhooks.services.sending import endpoints_waited_for, send_due
from rmaproject.webhooks.services.spreading import spread_all
from rmaproject.webhooks.waking import wake_for


class Command(BaseCommand):
    """Finds what a worker that died left behind, and what nobody was woken for."""

    help = "Bring events that wait to the webhooks that want them."

    def handle(self, *args: Any, **options: Any) -> None:
        spread_all()
        for endpoint_id in endpoints_waited_for():
            if at := send_due(endpoint_id):
                wake_for(endpoint_id, at)
