"""Expire returns whose deadline has passed; safe to repeat."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand

from returns.services.expiring import expire_returns


class Command(BaseCommand):
    help = "Cancel returns past their deadline of which nothing came, release the rest of others."

    def handle(self, *args: Any, **options: Any) -> None:
        done = expire_returns()
        told = ", ".join(f"{count} {what}" for what, count in done.items())
        self.stdout.write(f"Returns past their deadline: {told}.")
