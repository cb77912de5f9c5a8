"""No reader who reads on from the last event he saw misses one, however late it was committed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event as Signal
from threading import Thread

import pytest
from django.db import connection, transaction

from customers.services import create_company, edit_company
from rmaproject.access.actors import SYSTEM
from rmaproject.events.models import Event
from rmaproject.events.outbox import number_all

pytestmark = pytest.mark.django_db(transaction=True)
WAIT = 20.0


@contextmanager
def slow_change(reference: str) -> Iterator[None]:
    """Somebody adds a company, and commits only when the block ends."""
    written, go_on = Signal(), Signal()

    def work() -> None:
        try:
            with transaction.atomic():
                create_company({"reference": reference, "name": reference}, actor=SYSTEM)
                written.set()
                go_on.wait(WAIT)
        finally:
            connection.close()

    thread = Thread(target=work)
    thread.start()
    assert written.wait(WAIT)
    try:
        yield
    finally:
        go_on.set()
        thread.join(WAIT)


def references(rows: list[Event]) -> list[str]:
    return [row.data["reference"] for row in rows]


def read_after(position: int) -> list[Event]:
    number_all()
    return list(Event.objects.filter(position__gt=position).order_by("position"))


def test_an_event_that_is_committed_late_is_read_later_and_not_lost():
    with slow_change("SLOW"):
        create_company({"reference": "QUICK", "name": "Quick"}, actor=SYSTEM)
        first = read_after(0)

    second = read_after(first[-1].position)

    assert references(first) == ["QUICK"]
    assert references(second) == ["SLOW"]


def test_reading_by_keys_alone_would_lose_it():
    """The negative control: the slow one drew its key first."""
    with slow_change("SLOW"):
        create_company({"reference": "QUICK", "name": "Quick"}, actor=SYSTEM)
        first = list(Event.objects.order_by("pk"))

    second = list(Event.objects.filter(pk__gt=first[-1].pk))

    assert references(first) == ["QUICK"]
    assert references(second) == []
    assert Event.objects.count() == 2


def test_events_of_one_record_stand_in_the_order_of_its_versions_beside_others_that_last():
    bo = create_company({"reference": "BO", "name": "Bo"}, actor=SYSTEM)
    with slow_change("SLOW"):
        for name in ("Bob", "Bobby", "Robert"):
            edit_company(bo.pk, {"name": name}, actor=SYSTEM)
        early = read_after(0)
    late = read_after(early[-1].position)

    assert [row.version for row in early] == [1, 2, 3, 4]
    assert references(late) == ["SLOW"]
