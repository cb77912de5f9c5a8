"""Entries as the text of a calendar: kept texts, one query more for what was changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils.translation import get_language

from returns.calendar.rendering import LAYOUT, Entry, placed, render_event
from returns.calendar.sources import SOURCES
from returns.models import CalendarText
from returns.services.calendar_texts import keep_calendar_texts
from rmaproject.shared.errors import Busy

Key = tuple[str, UUID]


def fingerprint(entries: Iterable[Entry], *facts: str) -> str:
    """Another one as soon as an order is changed, added or gone, or one of the facts differs.

    What is read in another language is another one too.
    """
    listed = (f"{entry.kind} {entry.uuid} {entry.version} {entry.customer}" for entry in entries)
    content = "\n".join((str(LAYOUT), get_language(), settings.CALENDAR_DOMAIN, *facts, *listed))
    return hashlib.sha256(content.encode()).hexdigest()


def newest(entries: Iterable[Entry]) -> datetime | None:
    """When the entry that was changed last was changed; None of none."""
    return max((entry.updated_at for entry in entries), default=None)


def events(entries: Sequence[Entry], root: str, *, alarm: str = "") -> Iterator[str]:
    """The events of these entries; `root` is the address that the pages are below."""
    texts = _texts(entries)
    domain = settings.CALENDAR_DOMAIN
    for entry in entries:
        page = root + SOURCES[entry.kind].folder
        text = texts[entry.kind, entry.uuid]
        yield placed(text, entry, domain=domain, page=page, alarm=alarm)


def _texts(entries: Sequence[Entry]) -> dict[Key, str]:
    """The text of each entry; those that are missing or stale are rendered and kept."""
    texts = _kept(entries)
    stale = [entry for entry in entries if (entry.kind, entry.uuid) not in texts]
    fresh = {
        (entry.kind, entry.uuid): render_event(entry, SOURCES[entry.kind].words(entry))
        for entry in stale
    }
    if fresh:
        with suppress(Busy):  # another reader keeps the same texts just now
            keep_calendar_texts(_row(entry, fresh[entry.kind, entry.uuid]) for entry in stale)
    return texts | fresh


def _kept(entries: Iterable[Entry]) -> dict[Key, str]:
    """Kept texts of the very versions that are asked for, in the language of now."""
    versions = {(entry.kind, entry.uuid): entry.version for entry in entries}
    kinds, uuids = {kind for kind, _ in versions}, [uuid for _, uuid in versions]
    rows = CalendarText.objects.filter(kind__in=kinds, layout=LAYOUT, uuid__in=uuids)
    found = rows.filter(language=get_language()).values_list("kind", "uuid", "version", "text")
    return {
        (kind, uuid): text
        for kind, uuid, version, text in found
        if versions.get((kind, uuid)) == version
    }


def _row(entry: Entry, text: str) -> CalendarText:
    return CalendarText(
        kind=entry.kind,
        uuid=entry.uuid,
        version=entry.version,
        layout=LAYOUT,
        language=get_language(),
        text=text,
    )
