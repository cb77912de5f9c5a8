"""Credits to book, one return after the other: the queue beside what would be booked."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from returns.models import ReturnOrder
from returns.queues import QUEUES
from returns.selectors import access_return, visible_returns
from returns.services.previewing import Preview, preview_return, shown
from returns.web.asking.previews import preview_context
from returns.web.money.crediting import book_shown, note_row
from rmaproject.access.actors import Actor
from rmaproject.shared import clock
from rmaproject.web.lists import counted
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.versions import at_version
from sales.refund_queues import around, next_in
from sales.web.books import finance_head
from sales.web.refund_queue import AFTER, BEFORE, leading_tabs, work_tabs

Row = dict[str, Any]
KEY: Final = "credit"
BOOK: Final = "returns.credit_return"
#: What somebody needs to book credits from the queue: the amounts are seen on the way.
NEEDED: Final = (BOOK, "returns.view_return", "sales.view_creditnote")


def waiting(actor: Actor) -> Any:
    """The returns whose credit waits to be booked, as the queue of the list has them."""
    for right in NEEDED:
        actor.require(right)
    return QUEUES[KEY].narrow(visible_returns(actor), clock.now())


def credit_tab(actor: Actor) -> Row | None:
    """The tab among those of refunds, for who may book credits."""
    if not all(map(actor.may, NEEDED)):
        return None
    label, url = QUEUES[KEY].label, reverse("credits:queue")
    return {"key": KEY, "label": label, "url": url, "count": counted(waiting(actor))}


@staff
def first(request: StaffRequest) -> HttpResponse:
    """The return that waits the longest, or the word that none does."""
    found = waiting(request.actor).order_by("pk").first()
    if found is not None:
        return redirect("credits:credit", found.uuid)
    text = _("Returns come here when goods were decided and their credit is owed.")
    empty = {"icon": "refund", "title": _("No credit waits to be booked"), "text": text}
    return page(request, "refunds/credit.html", {**_around(request.actor), "empty": empty})


@staff
def credit(request: StaffRequest, ident: UUID) -> HttpResponse:
    """What would be booked for a return of the queue; by POST it is, and the next one follows."""
    actor, rows = request.actor, waiting(request.actor)
    order = access_return(actor, ident, for_action="credit")
    if request.method == "POST":
        notes = at_version(request, order, lambda: book_shown(request, order))
        numbers = ", ".join(note.reference for note in notes)
        said = _("%(return)s: booked as %(numbers)s.")
        messages.success(request, said % {"return": order.reference, "numbers": numbers})
        after = next_in(rows, order.pk)
        return redirect("credits:credit", after.uuid) if after else redirect("credits:queue")
    seen = preview_return(order.pk, "credit", actor=actor)
    found = around(rows.select_related("customer"), order.pk, before=BEFORE, after=AFTER)
    context = {
        **_around(actor),
        "return_order": _header(order),
        "version": order.version,
        "neighbours": [_neighbour(row, order) for row in found],
        "many_url": reverse("views:plan", args=["returns"]),
        **_foreseen(seen),
    }
    return page(request, "refunds/credit.html", context)


def _around(actor: Actor) -> Row:
    may_see = actor.may("sales.view_refund")
    tabs = work_tabs(actor, KEY) if may_see else leading_tabs(actor)
    return {
        "tabs": [{**tab, "current": tab.get("key") == KEY} for tab in tabs],
        **(finance_head(actor) if may_see else {}),
        "list_url": f"{reverse('returns:list')}?queue={KEY}",
    }


def _foreseen(seen: Preview) -> Row:
    if seen.refusal is not None:
        title = _("This cannot be booked as it stands.")
        return {"banner": {"tone": "bad", "title": title, "text": seen.refusal.message}}
    notes = [note_row(preview) for preview in seen.notes]
    return {"notes": notes, "preview": preview_context(shown(seen))}


def _header(order: ReturnOrder) -> Row:
    return {
        "reference": order.reference,
        "customer": order.customer.name,
        "customer_url": reverse("customers:detail", args=[order.customer.uuid]),
        "url": reverse("returns:detail", args=[order.uuid]),
    }


def _neighbour(row: ReturnOrder, current: ReturnOrder) -> Row:
    return {
        "uuid": row.uuid,
        "url": reverse("credits:credit", args=[row.uuid]),
        "reference": row.reference,
        "customer": row.customer.name,
        "due": row.target_date,
        "at": row.updated_at,
        "current": row.pk == current.pk,
    }
