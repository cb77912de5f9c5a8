"""A parcel that no return is known for: a return of its shipment, or a blind one, to be counted."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from customers.models import Company
from returns.models import ReturnOrder
from returns.services._advance import advance, lock_for
from returns.services.counts.keeping import open_count
from returns.services.editing import add_parcel
from returns.services.inputs import LineInput
from returns.services.requesting import request_return
from returns.services.status import issue_return
from returns.states import Status
from rmaproject.access.actors import Actor
from rmaproject.shared import clock
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict
from sales.models import Business, SalesOrder
from stock.models import StockItem


@command
def count_shipment(
    sale: SalesOrder,
    *,
    actor: Actor,
    unit: StockItem | None = None,
    parcel: dict[str, Any] | None = None,
) -> ReturnOrder:
    """Make a return of all that can still come back of a sale, or of one unit, and open its count.

    What is not in the parcel stays expected and can be released. Where the rules ask for
    approval first, the return waits for it and nothing is counted yet.
    Raises Conflict `nothing_left`; else as `request_return` and `issue_return`.
    """
    lines = [LineInput(stock_item=unit)] if unit is not None else _left_of(sale)
    if not lines:
        raise Conflict(_("Nothing of the order is left to come back."), code="nothing_left")
    made = request_return(business=sale.business, customer=sale.customer, lines=lines, actor=actor)
    order = issue_return(made.pk, actor=actor)
    came = add_parcel(order.pk, parcel or {}, actor=actor)
    if ReturnOrder.objects.get(pk=order.pk).status == Status.IN_PROGRESS:
        open_count(order.pk, actor=actor, parcel=came)
    return ReturnOrder.objects.get(pk=order.pk)


@command
def count_blind(
    business: Business,
    *,
    actor: Actor,
    customer: Company | None = None,
    parcel: dict[str, Any] | None = None,
) -> ReturnOrder:
    """Make a return of which nothing is known, and open its count: all in it is unexpected.

    Nobody's approval is asked: the goods are here. Raises RuleViolation `customer_missing`,
    `not_a_customer`.
    """
    made = request_return(business=business, customer=customer, actor=actor)
    order = advance(lock_for(made.pk, "issue"), "issue", actor=actor, issued_at=clock.now())
    came = add_parcel(order.pk, parcel or {}, actor=actor)
    open_count(order.pk, actor=actor, parcel=came)
    return ReturnOrder.objects.get(pk=order.pk)


def _left_of(sale: SalesOrder) -> list[LineInput]:
    rows = sale.lines.filter(shipped__gt=F("claimed"), kind="goods").order_by("number")
    return [LineInput(row.shipped - row.claimed, order_line=row) for row in rows]
