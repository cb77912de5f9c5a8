"""The notices of somebody, as far as their records may still be seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from rmaproject.access.actors import Actor
from rmaproject.access.models import User
from rmaproject.notices.models import Notice, NoticeChoice, NoticeKind, Way
from rmaproject.notices.registry import RECORDS, Shown
from rmaproject.shared.errors import DomainError

MOST_SHOWN: Final = 200
MOST_UNREAD: Final = 99


@dataclass(frozen=True)
class Told:
    """A notice with its record as its reader may see it now, and where it leads."""

    notice: Notice
    shown: Shown

    @property
    def url(self) -> str:
        return self.shown.url + str(self.notice.data.get("anchor", ""))

    @property
    def text(self) -> str:
        return sentence(self.notice, self.shown.title)


def visible_notices(actor: Actor, *, unread: bool = False) -> list[Told]:
    """The newest notices; one about what may no longer be seen is left out as if it never was."""
    if actor.user is None:
        return []
    rows = Notice.objects.filter(user=actor.user)
    if unread:
        rows = rows.filter(read_at=None)
    return readable(actor, list(rows.order_by("-pk")[:MOST_SHOWN]))


def unread_count(actor: Actor) -> int:
    """How many notices somebody has not read, of those that may still be seen; capped."""
    if actor.user is None:
        return 0
    rows = Notice.objects.filter(user=actor.user, read_at=None).order_by("-pk")
    return len(readable(actor, list(rows[: MOST_UNREAD + 1])))


def readable(actor: Actor, notices: Sequence[Notice]) -> list[Told]:
    """The notices whose records this actor may see now, one question for each kind of record."""
    wanted: dict[str, set[UUID]] = {}
    for row in notices:
        wanted.setdefault(row.record_kind, set()).add(row.record)
    shown: dict[tuple[str, UUID], Shown] = {}
    for kind, idents in wanted.items():
        for ident, record in _found(actor, kind, idents).items():
            shown[kind, ident] = record
    pairs = ((row, shown.get((row.record_kind, row.record))) for row in notices)
    return [Told(row, record) for row, record in pairs if record is not None]


def _found(actor: Actor, kind: str, idents: set[UUID]) -> dict[UUID, Shown]:
    if kind not in RECORDS:
        return {}
    try:
        return dict(RECORDS[kind](actor, idents))
    except DomainError:
        return {}  # the right is gone, or returns are switched off


def ways_of(user: User) -> dict[str, str]:
    """How somebody wants to be told of each kind of things."""
    chosen = dict(NoticeChoice.objects.filter(user=user).values_list("kind", "way"))
    return {kind: chosen.get(kind, Way.DESK) for kind in NoticeKind.values}


def sentence(notice: Notice, title: str) -> str:
    """What a notice says, in the reader's language."""
    words = {"who": notice.data.get("who", ""), "title": title}
    said = {
        NoticeKind.MENTION: _("%(who)s mentions you in a note on %(title)s."),
        NoticeKind.ASSIGNED: _("%(title)s is now yours or your team’s."),
        NoticeKind.APPROVAL: _("%(title)s waits for an approval that you can give."),
        NoticeKind.REFUND_FAILED: _("The refund %(title)s has failed."),
        NoticeKind.OVERDUE: _("%(title)s is overdue."),
        NoticeKind.JOB: _("%(title)s has finished."),
    }
    return said[NoticeKind(notice.kind)] % words
