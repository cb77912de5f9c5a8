from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand

from rmaproject.notices.mailing import send_all
from rmaproject.notices.services import hear_all


class Command(BaseCommand):
    help = "Make the notices of what happened, and send the mails that are due."

    def handle(self, *args: Any, **options: Any) -> None:
        made, sent = hear_all(), send_all()
        self.stdout.write(f"Made {made} notices and sent {sent} mails.")
