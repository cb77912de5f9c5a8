"""Close all bank details and bank files with the newest key, so that older keys can go."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, CommandError

from rmaproject.access.actors import Actor
from rmaproject.shared.errors import DomainError
from sales.services.rotating import rotate


class Command(BaseCommand):
    help = (
        "Encrypt bank details and bank files anew with the first key of RMA_FIELD_KEYS. "
        "Put the new key first, run this, then take the old keys out."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = rotate(actor=Actor(None, door="cli"))
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"Encrypted anew: {done} records.")
