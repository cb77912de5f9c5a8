"""Throw away files that were uploaded and never brought in."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand

from returns.importing.runs import discard_forgotten


class Command(BaseCommand):
    help = "Throw away uploaded files that nobody brought in for a month."

    def handle(self, *args: Any, **options: Any) -> None:
        gone = discard_forgotten()
        if options["verbosity"] > 1:
            self.stdout.write(f"{gone} files thrown away")
