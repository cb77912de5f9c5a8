"""Notices written, read and chosen; each is told to a person once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from rmaproject.access.models import User
from rmaproject.events.models import Event
from rmaproject.events.outbox import number_all
from rmaproject.notices.models import Heard, Notice, NoticeChoice, NoticeKind, Way
from rmaproject.notices.registry import HEARERS, SWEEPS, Draft
from rmaproject.shared import clock
from rmaproject.shared.db import command
from rmaproject.shared.errors import Malformed

BATCH: Final = 500
SWEPT_EVERY: Final = timedelta(hours=1)
#: Somebody named in a text: @ and a user name that does not go on.
_MENTION: Final = re.compile(r"(?<![\w@.])@([\w.+-]{1,150})")
MOST_MENTIONED: Final = 50


@command
def notify(drafts: Iterable[Draft]) -> int:
    """Tell people, each in the way they chose, each thing once; gives how many were asked to be.

    May be called again with the same drafts: their keys are known.
    """
    wanted = list(drafts)
    ways = _ways_of({row.user_id for row in wanted})
    now = clock.now()
    rows = [
        Notice(
            user_id=row.user_id,
            kind=row.kind,
            record_kind=row.record_kind,
            record=row.record,
            key=row.key,
            data=row.data,
            way=ways.get((row.user_id, row.kind), Way.DESK),
            made_at=now,
        )
        for row in wanted
    ]
    told = [row for row in rows if row.way != Way.OFF]
    Notice.objects.bulk_create(told, ignore_conflicts=True)
    return len(told)


def mentioned(text: str) -> list[User]:
    """The active people whom a text names as @username, whatever stands behind the name."""
    names = {name.casefold() for name in _MENTION.findall(text)}
    names |= {name.rstrip(".-+_") for name in names}
    if not names:
        return []
    found = User.objects.filter(is_active=True, username__iregex=_any_of(names))
    return list(found.order_by("pk")[:MOST_MENTIONED])


def _any_of(names: Iterable[str]) -> str:
    return f"^({'|'.join(re.escape(name) for name in sorted(names)[: 2 * MOST_MENTIONED])})$"


@command
def read_notices(user: User, idents: Iterable[UUID] | None = None) -> int:
    """Mark notices of somebody as read, all of them without `idents`; gives how many were new."""
    rows = Notice.objects.filter(user=user, read_at=None)
    if idents is not None:
        rows = rows.filter(uuid__in=list(idents))
    return rows.update(read_at=clock.now())


@command
def choose_ways(user: User, ways: Mapping[str, str]) -> None:
    """Choose how somebody is told of which kind of things from now on.

    Raises Malformed `invalid_choice`.
    """
    for kind, way in ways.items():
        if kind not in NoticeKind.values or way not in Way.values:
            raise Malformed(
                _("There is no such choice."), code="invalid_choice", pointer=f"/{kind}"
            )
        NoticeChoice.objects.update_or_create(user=user, kind=kind, defaults={"way": way})


def hear_all() -> int:
    """Make the notices of every event told so far, and of what is overdue; gives how many."""
    number_all()
    made = 0
    while True:
        told, seen = _hear()
        made += told
        if seen < BATCH:
            return made + _sweep(clock.now())


@command
def _hear() -> tuple[int, int]:
    """One batch of events, one caller at a time; gives the notices made and the events seen."""
    Heard.objects.get_or_create(pk=1, defaults={"position": _newest()})
    heard = Heard.objects.select_for_update().get(pk=1)
    rows = Event.objects.filter(position__gt=heard.position).order_by("position")
    events = list(rows[:BATCH])
    if not events:
        return 0, 0
    drafts = [
        draft for event in events if event.kind in HEARERS for draft in HEARERS[event.kind](event)
    ]
    told = notify(drafts)
    heard.position = events[-1].position or heard.position
    heard.save(update_fields=["position"])
    return told, len(events)


def _newest() -> int:
    """Where listening begins: what happened before is no news."""
    last = Event.objects.filter(position__isnull=False).order_by("-position").first()
    return last.position or 0 if last else 0


@command
def _sweep(now: datetime) -> int:
    heard = Heard.objects.select_for_update().get(pk=1)
    if heard.swept_at is not None and now - heard.swept_at < SWEPT_EVERY:
        return 0
    told = sum(notify(sweep(now)) for sweep in SWEEPS)
    heard.swept_at = now
    heard.save(update_fields=["swept_at"])
    return told


def _ways_of(users: set[int]) -> dict[tuple[int, str], str]:
    rows = NoticeChoice.objects.filter(user__in=users)
    return {(row.user_id, row.kind): row.way for row in rows}
