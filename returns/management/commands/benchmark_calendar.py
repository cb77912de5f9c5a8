"""How a running server bears calendar programs that all ask at once, on the hour."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import urllib3
from django.core.management.base import BaseCommand, CommandError

from returns.models import CalendarKind
from returns.services.calendar_feeds import (
    create_calendar_feed,
    revoke_calendar_feed,
    secret_path,
)
from rmaproject.access.actors import SYSTEM
from rmaproject.access.models import User

#: So many fetches of one feed, twice, stay below what one feed may be asked in a minute.
FETCHES_OF_A_FEED: Final = 25
MOST_CLIENTS: Final = 2_000
AT_ONCE: Final = 8


@dataclass(frozen=True)
class Fetch:
    """One answer: its status, how long it took, and its tag."""

    status: int
    seconds: float
    tag: str


class Command(BaseCommand):
    help = (
        "Make feeds of a user, let many clients fetch them from a running server, first without "
        "and then with what they got, and revoke the feeds. Prints answers by status and times."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("server", help="like http://127.0.0.1:8000")
        parser.add_argument("--user", required=True, help="whose orders are listed")
        parser.add_argument("--clients", type=int, default=500)

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["user"], is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active user {options['user']}.")
        clients = options["clients"]
        if not 1 <= clients <= MOST_CLIENTS:
            raise CommandError(f"Between 1 and {MOST_CLIENTS} clients can ask.")
        values = {"name": "Benchmark", "contents": CalendarKind.values}
        made = [
            create_calendar_feed(values, owner=user, actor=SYSTEM)
            for _ in range(-(-clients // FETCHES_OF_A_FEED))
        ]
        try:
            addresses = [options["server"] + secret_path(*pair) for pair in made]
            self._storm([addresses[number % len(addresses)] for number in range(clients)])
        finally:
            for feed, _ in made:
                revoke_calendar_feed(feed.pk, actor=SYSTEM)

    def _storm(self, addresses: list[str]) -> None:
        pool = urllib3.PoolManager(maxsize=AT_ONCE, retries=False)

        def fetch(asked: tuple[str, str]) -> Fetch:
            address, tag = asked
            started = time.perf_counter()
            headers = {"If-None-Match": tag} if tag else {}
            answer = pool.request("GET", address, headers=headers, timeout=30)
            return Fetch(
                answer.status, time.perf_counter() - started, answer.headers.get("ETag", "")
            )

        with ThreadPoolExecutor(AT_ONCE) as threads:
            first = list(threads.map(fetch, [(address, "") for address in addresses]))
            tags = [found.tag for found in first]
            again = list(threads.map(fetch, zip(addresses, tags, strict=True)))
        self._tell("First fetch", first)
        self._tell("Asked again", again)

    def _tell(self, title: str, found: list[Fetch]) -> None:
        statuses = Counter(fetch.status for fetch in found)
        times = sorted(fetch.seconds * 1_000 for fetch in found)
        told = ", ".join(f"{count} x {status}" for status, count in sorted(statuses.items()))
        half, most = times[len(times) // 2], times[int(len(times) * 0.95)]
        self.stdout.write(f"{title}: {told}; median {half:.0f} ms, p95 {most:.0f} ms")
