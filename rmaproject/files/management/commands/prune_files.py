"""Delete files that were left behind by what was rolled back."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand

from rmaproject.files.orphans import remove_orphans


class Command(BaseCommand):
    help = "Delete stored files of a day and older that belong to nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        gone = remove_orphans()
        if options["verbosity"] > 1:
            self.stdout.write(f"{gone} files deleted")
