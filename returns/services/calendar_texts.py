"""Keeping rendered calendar events, so that each is rendered once for each change of its order."""

from __future__ import annotations

from collections.abc import Iterable

from returns.models import CalendarText
from rmaproject.shared.db import command

AT_ONCE = 1_000


@command
def keep_calendar_texts(texts: Iterable[CalendarText]) -> None:
    """Keep these texts, each in place of the one its order had. Raises Busy `busy`.

    Written in the order of their ids: two feeds that render the same orders never deadlock.
    """
    CalendarText.objects.bulk_create(
        sorted(texts, key=lambda text: (text.kind, text.uuid, text.language)),
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["kind", "uuid", "language"],
        update_fields=["version", "layout", "text"],
    )
