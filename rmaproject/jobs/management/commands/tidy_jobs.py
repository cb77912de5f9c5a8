from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand

from rmaproject.jobs.services import tidy


class Command(BaseCommand):
    help = "Go on with jobs whose worker went away; remove their files once they are old."

    def handle(self, *args: Any, **options: Any) -> None:
        tidy()
