from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError

from rmaproject.access.models import User
from rmaproject.access.tokens import create_token
from rmaproject.shared import clock
from rmaproject.shared.errors import DomainError


class Command(BaseCommand):
    help = "Make an API token for a user and print it, and nothing else."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="", help="what the token is for")
        parser.add_argument(
            "--scope",
            action="append",
            help="read, write, returns, sales, stock, customers or a permission; may be repeated",
        )
        parser.add_argument("--days", type=int, help="for how long it opens anything")
        parser.add_argument(
            "--address",
            action="append",
            default=[],
            help="an address or network it may be used from; may be repeated",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        days = options["days"]
        if days is not None and not 0 < days <= 36500:
            raise CommandError("--days is a number of days from 1 to 36500.")
        try:
            token = create_token(
                _user(options["username"]),
                name=options["name"],
                scopes=options["scope"],
                expires_at=clock.now() + timedelta(days=days) if days else None,
                addresses=options["address"],
            )
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(token)


def _user(username: str) -> User:
    try:
        user = User.objects.filter(username=username, is_active=True).first()
    except ProgrammingError as error:
        message = "There are no tables here; run quickstart, or set RMA_DATA_DIR to its folder."
        raise CommandError(message) from error
    if user is None:
        raise CommandError(f"There is no active user {username!r}.")
    return user
