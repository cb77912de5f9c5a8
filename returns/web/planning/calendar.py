"""The calendar of returns by target date, and a return moved to another day."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from returns.models import CalendarKind, ReturnOrder
from returns.selectors import access_return, permission_for
from returns.services import edit_return
from returns.states import CLOSED, VERBS, Status
from returns.web.crumbs import crumbs
from returns.web.planning.shared import narrowed, sign_of
from rmaproject.access.actors import Actor
from rmaproject.shared.transitions import legal_verbs
from rmaproject.web.planning.calendars import Entry, calendar_page
from rmaproject.web.planning.due import moved_to_another_day
from rmaproject.web.planning.switching import subscription, ways
from rmaproject.web.staff import StaffRequest, staff


@staff
def calendar(request: StaffRequest) -> HttpResponse:
    """The returns that have a target date, on their days; moved by dragging or by a date box."""
    rows, filters = narrowed(request, by_queue=True)
    may_move = request.actor.may(permission_for("edit"))
    today = timezone.localdate()

    def entry_of(order: ReturnOrder) -> Entry:
        return _entry(order, today, may_move=may_move)

    words = {
        "heading": _("Returns"),
        "caption": _("Returns by target date"),
        "filters": filters.context(),
        "switch": ways(request, "returns", "calendar"),
        "subscribe_url": subscription(request, CalendarKind.RETURN_ORDER),
    }
    return calendar_page(request, rows.with_parties(), CLOSED, entry_of, words)


def _entry(order: ReturnOrder, today: date, *, may_move: bool) -> Entry:
    assert order.target_date is not None  # noqa: S101
    return Entry(
        uuid=order.uuid,
        version=order.version,
        day=order.target_date,
        reference=order.reference,
        customer=order.customer.name,
        sign=sign_of(order),
        state=_state(order, order.target_date, today),
        url=reverse("returns:detail", args=[order.uuid]),
        move_url=reverse("returns:due", args=[order.uuid]),
        movable=may_move and "edit" in legal_verbs(VERBS, order.status),
    )


def _state(order: ReturnOrder, day: date, today: date) -> str:
    if order.status in CLOSED:
        return "done"
    if day < today:
        return "late"
    return "ask" if order.status == Status.AWAITING_APPROVAL else ""


@staff
def due(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Give a return another target date, and nothing else; at the version that was seen."""
    order = access_return(request.actor, ident, for_action="edit")
    here = reverse("returns:detail", args=[order.uuid])
    return moved_to_another_day(request, order, _edited, here=here, crumbs=crumbs(order))


def _edited(order: ReturnOrder, day: date | None, actor: Actor) -> ReturnOrder:
    return edit_return(order.pk, {"target_date": day}, actor=actor)
