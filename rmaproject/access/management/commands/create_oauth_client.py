from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError

from rmaproject.access.actors import SYSTEM
from rmaproject.access.clients import create_client
from rmaproject.shared.errors import DomainError


class Command(BaseCommand):
    help = "Make an OAuth2 application and print its id and secret as one line of JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")
        parser.add_argument(
            "--redirect-uri",
            action="append",
            default=[],
            help="where people are sent back to after they let it in; may be repeated",
        )
        parser.add_argument(
            "--public", action="store_true", help="one that cannot keep a secret; it only asks"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = create_client(
                options["name"],
                actor=SYSTEM,
                redirect_uris=options["redirect_uri"],
                public=options["public"],
            )
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        except (ProgrammingError, Group.DoesNotExist) as error:
            message = "This is not set up; run quickstart, or set RMA_DATA_DIR to its folder."
            raise CommandError(message) from error
        told = {"client_id": made.row.client_id, "client_secret": made.secret or None}
        self.stdout.write(json.dumps(told))
