"""Forget who had which record open, once they have gone."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand

from rmaproject.presence.services import forget_gone


class Command(BaseCommand):
    help = "Forget who had which record open, once they have gone."

    def handle(self, *args: Any, **options: Any) -> None:
        gone = forget_gone()
        if options["verbosity"] > 1:
            self.stdout.write(f"{gone} rows forgotten")
