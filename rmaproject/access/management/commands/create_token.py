from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError

from rmaproject.access.models import User
from rmaproject.access.tokens import create_token


class Command(BaseCommand):
    help = "Make an API token for a user and print it, and nothing else."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="", help="what the token is for")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user = User.objects.filter(username=options["username"], is_active=True).first()
        except ProgrammingError as error:
            message = "There are no tables here; run quickstart, or set RMA_DATA_DIR to its folder."
            raise CommandError(message) from error
        if user is None:
            raise CommandError(f"There is no active user {options['username']!r}.")
        self.stdout.write(create_token(user, name=options["name"]))
