"""Sales orders in this system's words: their codes, and what a record shows of its parts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Exists, F, Max, OuterRef, Q

from returns.compat.inventree.companies import brief_company
from returns.compat.inventree.figures import day_of, number
from returns.compat.inventree.owners import owner_key
from rmaproject.shared import clock
from sales.models import LineKind, OrderLine, SalesOrder, Shipment
from sales.selectors import OrderSums, sums_of
from sales.states import OPEN, OrderStatus

#: Every status of ours as one of their codes.
STATUS_OUT: Final[dict[str, int]] = {
    OrderStatus.PENDING: 10,
    OrderStatus.IN_PROGRESS: 15,
    OrderStatus.ON_HOLD: 25,
    OrderStatus.COMPLETE: 30,
    OrderStatus.CANCELLED: 40,
}
#: An order in progress of which all goods have left.
SHIPPED: Final = 20
#: Their codes with name, label and colour.
CODES: Final = {
    10: ("PENDING", "Pending", "secondary"),
    15: ("IN_PROGRESS", "In Progress", "primary"),
    20: ("SHIPPED", "Shipped", "success"),
    25: ("ON_HOLD", "On Hold", "warning"),
    30: ("COMPLETE", "Complete", "success"),
    40: ("CANCELLED", "Cancelled", "danger"),
    50: ("LOST", "Lost", "warning"),
    60: ("RETURNED", "Returned", "warning"),
}
#: Lines that are extra lines there.
EXTRA: Final = (LineKind.DISCOUNT, LineKind.SHIPPING, LineKind.FEE)
DONE: Final = Q(shipped=F("quantity"))


@dataclass(frozen=True)
class Told:
    """What a sales order shows of its lines and shipments."""

    sums: OrderSums = OrderSums()
    lines: int = 0
    allocated: int = 0
    done: int = 0
    parcels: int = 0
    left: int = 0
    left_on: date | None = None


def told_of(orders: Iterable[SalesOrder]) -> dict[int, Told]:
    """What each of these orders shows of its lines and shipments; three queries."""
    orders = list(orders)
    keys = [order.pk for order in orders]
    goods = OrderLine.objects.filter(order__in=keys, kind=LineKind.GOODS).order_by()
    full = Q(quantity=F("shipped") + F("allocated"))
    lines = goods.values("order").annotate(
        lines=Count("pk"), allocated=Count("pk", filter=full), done=Count("pk", filter=DONE)
    )
    shipments = Shipment.objects.filter(order__in=keys).order_by().values("order")
    parcels = shipments.annotate(
        parcels=Count("pk"), left=Count("shipped_on"), left_on=Max("shipped_on")
    )
    found: dict[int, dict[str, Any]] = {key: {} for key in keys}
    for row in (*lines, *parcels):
        found[row.pop("order")].update(row)
    sums = sums_of(orders)
    return {key: Told(sums=sums.get(key, OrderSums()), **values) for key, values in found.items()}


def status_of(order: SalesOrder, told: Told) -> int:
    """The order's code: ours, or shipped when all its goods have left."""
    gone = told.lines > 0 and told.done == told.lines
    if order.status == OrderStatus.IN_PROGRESS and gone:
        return SHIPPED
    return STATUS_OUT[order.status]


def of_code(code: int) -> Q:
    """The orders that show this code."""
    if code in (SHIPPED, STATUS_OUT[OrderStatus.IN_PROGRESS]):
        goods = OrderLine.objects.filter(order=OuterRef("pk"), kind=LineKind.GOODS)
        gone = Q(Exists(goods)) & ~Q(Exists(goods.exclude(DONE)))
        asked = gone if code == SHIPPED else ~gone
        return Q(status=OrderStatus.IN_PROGRESS) & asked
    return Q(status__in=[status for status, shown in STATUS_OUT.items() if shown == code])


def overdue() -> Q:
    """The open orders whose day has passed."""
    return Q(status__in=OPEN, target_date__lt=clock.now().date())


def show_order(row: SalesOrder, told: Told) -> dict[str, Any]:
    """A sales order as they show it."""
    status = status_of(row, told)
    responsible = row.responsible_user or row.responsible_group
    gone = status in (SHIPPED, STATUS_OUT[OrderStatus.COMPLETE])
    return {
        "pk": row.pk,
        "reference": row.reference,
        "description": row.note,
        "business": row.business.code,
        "customer": row.customer_id,
        "customer_reference": row.customer_reference,
        "status": status,
        "status_text": CODES[status][1],
        "status_custom_key": None,
        "creation_date": day_of(row.ordered_on),
        "created_by": row.created_by_id,
        "issue_date": day_of(row.issued_at),
        "start_date": None,
        "target_date": day_of(row.target_date),
        "shipment_date": day_of(told.left_on) if gone else None,
        "updated_at": row.updated_at,
        "overdue": _overdue(row),
        "responsible": owner_key(responsible) if responsible else None,
        "contact": None,
        "address": None,
        "project_code": None,
        "project_code_label": None,
        "link": "",
        "notes": "",
        "order_currency": row.currency,
        "total_price": number(told.sums.total or Decimal(0)),
        "line_items": told.lines,
        "completed_lines": told.done,
        "allocated_lines": told.allocated,
        "shipments_count": told.parcels,
        "completed_shipments_count": told.left,
        "barcode_hash": "",
    }


def brief_order(row: SalesOrder) -> dict[str, Any]:
    """A sales order beside a record that names it."""
    return {
        "pk": row.pk,
        "reference": row.reference,
        "description": row.note,
        "customer": row.customer_id,
        "customer_detail": brief_company(row.customer),
        "customer_reference": row.customer_reference,
        "target_date": day_of(row.target_date),
    }


def _overdue(row: SalesOrder) -> bool:
    late = row.target_date is not None and row.target_date < clock.now().date()
    return late and row.status in OPEN
