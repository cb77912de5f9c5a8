from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand

from rmaproject.webhooks.services.pruning import prune


class Command(BaseCommand):
    help = "Remove events and the log of their deliveries that are kept no longer."

    def handle(self, *args: Any, **options: Any) -> None:
        events, deliveries = prune()
        self.stdout.write(f"Removed {events} events and {deliveries} deliveries.")
