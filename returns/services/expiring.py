"""Returns whose deadline has passed: called off when nothing came, else the rest is released."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import QuerySet

from returns.counting import still_expected
from returns.locks import lines_of
from returns.models import ReturnLine, ReturnOrder
from returns.services.releasing import release_return
from returns.services.status import cancel_return
from returns.states import OPEN, Goods, Status
from returns.switch import returns_are_on
from rmaproject.access.actors import Actor
from rmaproject.shared import clock
from rmaproject.shared.db import command
from sales.models import Business

CLOCK = Actor(None, door="clock")
REASON = "expired"


def expire_returns(*, of: Business | None = None) -> dict[str, int]:
    """Expire every return past its deadline, each in a transaction of its own; `of` one business.

    Safe to repeat and to run twice at once: who is at work on a return is not waited for, the
    next run finds it. Gives how many were cancelled, released and left alone.
    """
    done = {"cancelled": 0, "released": 0, "left": 0}
    if returns_are_on():
        for key in _overdue([of] if of else Business.objects.order_by("pk")):
            done[expire_return(key)] += 1
    return done


def expire_business(business: Business) -> dict[str, int]:
    """Expire the returns of one business, by its clock."""
    return expire_returns(of=business)


def _overdue(businesses: Iterable[Business]) -> Iterator[int]:
    """Open returns whose last day lies before today where their business is."""
    for business in businesses:
        rows = ReturnOrder.objects.filter(
            business=business, deadline__lt=clock.today(business), status__in=OPEN, closed_at=None
        ).exclude(status__in=(Status.IN_PROGRESS, Status.ON_HOLD), goods=Goods.RECEIVED)
        yield from list(rows.order_by("pk").values_list("pk", flat=True))


@command
def expire_return(return_id: int) -> str:
    """What became of one return past its deadline: `cancelled`, `released` or `left`."""
    order = _lock_if_free(return_id)
    if order is None:
        return "left"
    lines = lines_of(order)
    if any(line.replaced for line in lines):
        return "left"
    if not _begun(order, lines):
        cancel_return(order.pk, actor=CLOCK, reason=REASON)
        return "cancelled"
    if order.status in (Status.IN_PROGRESS, Status.ON_HOLD) and any(map(still_expected, lines)):
        release_return(order.pk, actor=CLOCK, reason=REASON)
        return "released"
    return "left"


def _lock_if_free(return_id: int) -> ReturnOrder | None:
    """The return, unless somebody works on it or it was mended meanwhile."""
    rows: QuerySet[ReturnOrder, ReturnOrder] = ReturnOrder.objects.select_related("business")
    rows = rows.select_for_update(of=("self",), skip_locked=True)
    order = rows.filter(pk=return_id, status__in=OPEN).first()
    if order is None or order.deadline is None or order.deadline >= clock.today(order.business):
        return None
    return order


def _begun(order: ReturnOrder, lines: list[ReturnLine]) -> bool:
    """Whether goods came or something was decided in the customer's favour."""
    decided = any(line.received or line.credited or line.waived for line in lines if not line.void)
    return decided or order.extra_lines.filter(credited=True).exists()
