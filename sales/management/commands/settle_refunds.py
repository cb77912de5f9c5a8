"""Find out what became of refunds whose gateway did not answer, and send what never arrived."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand

from sales.services.refunding import settle_due


class Command(BaseCommand):
    help = (
        "Ask the gateways for every refund that was sent and not answered, by the key it was sent "
        "with. Safe to run again: nothing is paid twice."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        asked = settle_due()
        if asked:
            self.stdout.write(f"Asked for {asked} refunds.")
