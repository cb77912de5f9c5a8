"""Everything that the page of one return shows, read in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

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
MOST_ENTRIES = 200


@dataclass(frozen=True)
class Dossier:
    """A return with all its papers; credit notes only for those who may see them."""

    order: ReturnOrder
    lines: list[ReturnLine]
    notes: list[CreditNote]
    paid: list[LineCredit]
    comments: list[Comment]
    entries: list[AuditEntry]

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


def dossier(actor: Actor, ident: UUID, *, for_action: str = "view") -> Dossier:
    """The return with its papers. Raises as `access_return`."""
    order = access_return(actor, ident, for_action=for_action)
    loaded = (
        ReturnOrder.objects.with_parties()
        .with_lines()
        .with_custom()
        .with_parcels()
        .get(pk=order.pk)
    )
    shown = actor.may("sales.view_creditnote")
    return Dossier(
        order=loaded,
        lines=list(loaded.lines.all()),
        notes=_notes(loaded) if shown else [],
        paid=_paid(loaded) if shown else [],
        comments=list(loaded.comments.select_related("author").order_by("-pk")[:MOST_ENTRIES]),
        entries=_entries(loaded),
    )


def _notes(order: ReturnOrder) -> list[CreditNote]:
    own = list(notes_of(order))
    rows = CreditNote.objects.filter(Q(pk__in=own) | Q(reverses__in=own))
    return list(rows.select_related("order", "reverses", "reversed_by").order_by("pk"))


def _paid(order: ReturnOrder) -> list[LineCredit]:
    rows = LineCredit.objects.filter(line__return_order=order, credit_line__live=True)
    return list(rows.select_related("credit_line"))


def _entries(order: ReturnOrder) -> list[AuditEntry]:
    rows = AuditEntry.objects.filter(aggregate_id=order.uuid).select_related("actor")
    return list(rows.order_by("-n")[:MOST_ENTRIES])
