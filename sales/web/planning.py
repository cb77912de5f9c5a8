"""The calendar of sales orders by target date, and what it shares with boards."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.selectors import visible_companies
from rmaproject.access.actors import Actor
from rmaproject.shared.transitions import legal_verbs
from rmaproject.web.lists import Filters, searched
from rmaproject.web.planning.calendars import Entry, calendar_page
from rmaproject.web.planning.due import moved_to_another_day
from rmaproject.web.planning.owning import owned_by, us_and_owners
from rmaproject.web.planning.switching import subscription, ways
from rmaproject.web.signs import SIGNS
from rmaproject.web.staff import StaffRequest, staff
from sales.models import SalesOrder
from sales.selectors import (
    access_order,
    permission_for,
    search_orders,
    visible_businesses,
    visible_orders,
)
from sales.services.orders import edit_order
from sales.states import OPEN, ORDER_VERBS, OrderStatus
from sales.web.crumbs import crumbs

CLOSED = (OrderStatus.COMPLETE, OrderStatus.CANCELLED)


@staff
def calendar(request: StaffRequest) -> HttpResponse:
    """The sales orders that have a target date, on their days."""
    rows, filters = narrowed(request, by_status=True)
    may_move = request.actor.may(permission_for("edit"))
    today = timezone.localdate()

    def entry_of(order: SalesOrder) -> Entry:
        return _entry(order, today, may_move=may_move)

    words = {
        "heading": _("Sales orders"),
        "caption": _("Sales orders by target date"),
        "filters": filters.context(),
        "switch": ways(request, "sales", "calendar"),
        "subscribe_url": subscription(request, "sales_order"),
    }
    return calendar_page(request, rows.with_parties(), CLOSED, entry_of, words)


@staff
def due(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Give a sales order another target date, and nothing else."""
    order = access_order(request.actor, ident, for_action="edit")
    here = reverse("sales:detail", args=[order.uuid])
    return moved_to_another_day(request, order, _edited, here=here, crumbs=crumbs(order))


def narrowed(request: StaffRequest, *, by_status: bool) -> tuple[Any, Filters]:
    """The sales orders that the address asks for. Raises Malformed `invalid_filter`."""
    rows: Any = visible_orders(request.actor)
    filters = Filters(request, placeholder=_("Number, customer, tracking number"))
    if by_status:
        rows = _in_state(request, filters, rows)
    rows = of_parties(request, filters, rows)
    text = searched(request)
    return (search_orders(rows, text) if text else rows), filters


def of_parties(request: StaffRequest, filters: Filters, rows: Any) -> Any:
    """The rows of the business, the owner and the customer that the address names.

    Raises Malformed `invalid_filter`.
    """
    actor = request.actor
    businesses = visible_businesses(actor).order_by("code").values_list("uuid", "name")
    if business := filters.choice("business", _("Business"), list(businesses)):
        rows = rows.filter(business__uuid=business)
    if owner := filters.choice("responsible", _("Owner"), us_and_owners()):
        rows = rows.filter(owned_by(owner, request.user))
    if customer := filters.record("customer", _("Customer"), lambda: visible_companies(actor)):
        rows = rows.filter(customer=customer)
    return rows


def _in_state(request: StaffRequest, filters: Filters, rows: Any) -> Any:
    if status := filters.choice("status", _("Status"), list(OrderStatus.choices)):
        return rows.filter(status=status)
    done = [OrderStatus.COMPLETE] if searched(request, "done") else []
    return rows.filter(status__in=[*OPEN, *done])


def _edited(order: SalesOrder, day: date | None, actor: Actor) -> SalesOrder:
    return edit_order(order.pk, {"target_date": day}, actor=actor)


def _entry(order: SalesOrder, today: date, *, may_move: bool) -> Entry:
    day = order.target_date or today
    ended = order.status in CLOSED
    return Entry(
        uuid=order.uuid,
        version=order.version,
        day=day,
        reference=order.reference,
        customer=order.customer.name,
        sign=SIGNS["order"][order.status],
        state="done" if ended else "late" if day < today else "",
        url=reverse("sales:detail", args=[order.uuid]),
        move_url=reverse("sales:due", args=[order.uuid]),
        movable=may_move and "edit" in legal_verbs(ORDER_VERBS, order.status),
    )
