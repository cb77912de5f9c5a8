"""What the calendar and the board of returns share: which returns, and how each is called."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from customers.models import Company
from returns.models import ReturnOrder
from returns.queues import QUEUES
from returns.selectors import visible_returns
from returns.states import Status
from returns.web.lists.listing import may_see_credit
from rmaproject.shared import clock
from rmaproject.web.lists import Filters, searched
from rmaproject.web.signs import SIGNS, Sign
from rmaproject.web.staff import StaffRequest
from sales.web.planning import of_parties

Found = Any  # a ReturnQuerySet


def narrowed(request: StaffRequest, *, by_queue: bool) -> tuple[Found, Filters]:
    """The returns that the address asks for, by the filters of the list.

    Raises NotPermitted, `returns_disabled`; Malformed `invalid_filter`.
    """
    rows = visible_returns(request.actor)
    filters = Filters(request, placeholder=_("Reference or customer"))
    if by_queue:
        rows = _queued(request, filters, rows)
    rows = of_parties(request, filters, rows)
    return _matching(rows, searched(request)), filters


def _queued(request: StaffRequest, filters: Filters, rows: Found) -> Found:
    offered = [row for row in QUEUES.values() if may_see_credit(request.actor) or not row.money]
    queues: list[tuple[object, str]] = [(row.key, str(row.label)) for row in offered]
    chosen = filters.choice("queue", _("Queue"), queues) or "open"
    found = QUEUES[chosen].narrow(rows, clock.now())
    if chosen == "open" and searched(request, "done"):
        return rows.filter(Q(pk__in=found.order_by().values("pk")) | Q(status=Status.COMPLETE))
    return found


def _matching(rows: Found, text: str) -> Found:
    if not text:
        return rows
    named = Company.objects.filter(Q(name__icontains=text) | Q(reference__icontains=text))
    return rows.filter(Q(reference__icontains=text) | Q(customer__in=named.order_by().values("pk")))


def sign_of(order: ReturnOrder) -> Sign:
    """How a return stands in one sign: by its goods while it is in progress, else by its status."""
    if order.status == Status.IN_PROGRESS:
        return SIGNS["goods"][order.goods]
    return SIGNS["authorisation"][order.status]
