"""Everything that the page of one return shows, read in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest

from returns.counting import notes_of
from returns.models import Comment, LineCredit, ReturnLine, ReturnOrder
from returns.selectors import access_return
from returns.states import VERBS
from rmaproject.access.actors import Actor
from rmaproject.audit.models import AuditEntry
from rmaproject.shared.transitions import require_legal
from rmaproject.web.staff import StaffRequest
from sales.models import CreditNote

#: How much of a long history one page shows, newest first.
MOST_ENTRIES = 40
NOTES = ("comment",)


@dataclass(frozen=True)
class HistoryWish:
    """Which part of a return's history somebody wants to see.

    `show` is "", "notes" or "changes"; `older` is the number of the entry that was seen last.
    """

    show: str = ""
    by: str = ""
    door: str = ""
    older: int = 0

    @classmethod
    def of(cls, request: HttpRequest) -> HistoryWish:
        """The wish that the address of a page names; what cannot be read is not asked for."""
        given = request.GET
        older, by = given.get("older", ""), given.get("by", "")
        return cls(
            show=given.get("show", "") if given.get("show") in ("notes", "changes") else "",
            by=by if by == "none" or (by.isascii() and by.isdigit() and len(by) < 10) else "",
            door=given.get("door", "")[:20],
            older=int(older) if older.isascii() and older.isdigit() and len(older) < 9 else 0,
        )


@dataclass(frozen=True)
class Dossier:
    """A return with all its papers; credit notes only for those who may see them."""

    order: ReturnOrder
    lines: list[ReturnLine]
    notes: list[CreditNote]
    paid: list[LineCredit]
    comments: list[Comment]
    entries: list[AuditEntry]
    #: The number of the last entry shown, where there are older ones.
    older: int = 0

    @property
    def currency(self) -> str:
        """The currency of the first sold line, else the business's own."""
        sold = [line.order_line for line in self.lines if line.order_line is not None]
        return str(sold[0].order.currency if sold else self.order.business.currency)


def opened(request: StaffRequest, ident: UUID, verb: str) -> Dossier:
    """The return with its papers for the form of a verb.

    Raises as `access_return`; Conflict `illegal_transition` when the form would lead nowhere.
    What was posted goes to the service, which decides under the lock.
    """
    papers = dossier(request.actor, ident, for_action=verb)
    if request.method != "POST":
        require_legal(VERBS, verb, papers.order.status)
    return papers


def dossier(
    actor: Actor, ident: UUID, *, for_action: str = "view", wish: HistoryWish | None = None
) -> Dossier:
    """The return with its papers and a page of its history. Raises as `access_return`."""
    order = access_return(actor, ident, for_action=for_action)
    loaded = (
        ReturnOrder.objects.with_parties()
        .with_lines()
        .with_custom()
        .with_parcels()
        .get(pk=order.pk)
    )
    shown = actor.may("sales.view_creditnote")
    entries = _entries(loaded, wish or HistoryWish())
    told, more = entries[:MOST_ENTRIES], len(entries) > MOST_ENTRIES
    return Dossier(
        order=loaded,
        lines=list(loaded.lines.all()),
        notes=_notes(loaded) if shown else [],
        paid=_paid(loaded) if shown else [],
        comments=_comments(loaded, told),
        entries=told,
        older=told[-1].n if more else 0,
    )


def _notes(order: ReturnOrder) -> list[CreditNote]:
    own = list(notes_of(order))
    rows = CreditNote.objects.filter(Q(pk__in=own) | Q(reverses__in=own))
    return list(rows.select_related("order", "reverses", "reversed_by").order_by("pk"))


def _paid(order: ReturnOrder) -> list[LineCredit]:
    rows = LineCredit.objects.filter(line__return_order=order, credit_line__live=True)
    return list(rows.select_related("credit_line"))


def _comments(order: ReturnOrder, entries: list[AuditEntry]) -> list[Comment]:
    """The notes that these entries are about."""
    keys = [entry.facts["comment"] for entry in entries if "comment" in entry.facts]
    return list(order.comments.filter(uuid__in=keys))


def _entries(order: ReturnOrder, wish: HistoryWish) -> list[AuditEntry]:
    """One more than a page shows, so that it is known whether there are older ones."""
    rows = AuditEntry.objects.filter(aggregate_id=order.uuid).select_related("actor")
    if wish.show == "notes":
        rows = rows.filter(verb__in=NOTES)
    elif wish.show == "changes":
        rows = rows.exclude(verb__in=NOTES)
    if wish.by:
        rows = rows.filter(actor=None if wish.by == "none" else int(wish.by))
    if wish.door:
        rows = rows.filter(door=wish.door)
    if wish.older:
        rows = rows.filter(n__lt=wish.older)
    return list(rows.order_by("-n")[: MOST_ENTRIES + 1])


def voices(order: ReturnOrder) -> list[AuditEntry]:
    """One entry for each person and door that ever changed the return."""
    rows = AuditEntry.objects.filter(aggregate_id=order.uuid).select_related("actor")
    return list(rows.order_by("actor_id", "door").distinct("actor_id", "door"))
