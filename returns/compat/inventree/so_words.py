"""Sales orders in this system's words: their codes, and what a record shows of its parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count, Exists, F, Max, OuterRef, Q

from returns.compat.inventree.codes import Code, label_of
from returns.compat.inventree.figures import day_of, number
from returns.compat.inventree.owners import owner_key
from returns.compat.inventree.showing import company_in_short
from returns.compat.inventree.showing_returns import description_of, notes_of
from returns.compat.inventree.views_users import show_owner, show_user
from rmaproject.shared import clock
from sales.models import LineKind, OrderLine, SalesOrder, Shipment
from sales.selectors import OrderSums, sums_of
from sales.states import OPEN, OrderStatus

ORDER_CODES: Final = (
    Code(10, "PENDING", "Pending"),
    Code(15, "IN_PROGRESS", "In Progress", "primary"),
    Code(20, "SHIPPED", "Shipped", "success"),
    Code(25, "ON_HOLD", "On Hold", "warning"),
    Code(30, "COMPLETE", "Complete", "success"),
    Code(40, "CANCELLED", "Cancelled", "danger"),
    Code(50, "LOST", "Lost", "warning"),
    Code(60, "RETURNED", "Returned", "warning"),
)
#: Every status of ours as one of their codes.
ORDER_STATUS: Final[Mapping[str, int]] = {
    OrderStatus.PENDING: 10,
    OrderStatus.IN_PROGRESS: 15,
    OrderStatus.ON_HOLD: 25,
    OrderStatus.COMPLETE: 30,
    OrderStatus.CANCELLED: 40,
}
#: An order in progress of which all goods have left.
SHIPPED: Final = 20
#: Lines that are extra lines there.
EXTRA: Final = (LineKind.DISCOUNT, LineKind.SHIPPING, LineKind.FEE)
#: Goods of which all have left.
DONE: Final = Q(shipped=F("quantity"))


@dataclass(frozen=True)
class Told:
    """What a sales order shows of its lines and shipments."""

    sums: OrderSums
    lines: int = 0
    allocated: int = 0
    done: int = 0
    parcels: int = 0
    left: int = 0
    left_on: date | None = None


def told_of(orders: Iterable[SalesOrder]) -> dict[int, Told]:
    """What each of these orders shows of its lines and shipments; three queries."""
    orders = list(orders)
    found: dict[int, dict[str, Any]] = {order.pk: {} for order in orders}
    goods = OrderLine.objects.filter(order__in=found, kind=LineKind.GOODS).order_by()
    full = Q(quantity=F("shipped") + F("allocated"))
    lines = goods.values("order").annotate(
        lines=Count("pk"), allocated=Count("pk", filter=full), done=Count("pk", filter=DONE)
    )
    shipments = Shipment.objects.filter(order__in=found).order_by().values("order")
    parcels = shipments.annotate(
        parcels=Count("pk"), left=Count("shipped_on"), left_on=Max("shipped_on")
    )
    for row in (*lines, *parcels):
        values: dict[str, Any] = {**row}
        found[values.pop("order")].update(values)
    sums = sums_of(orders)
    return {key: Told(sums=sums.get(key, OrderSums()), **values) for key, values in found.items()}


def status_of(order: SalesOrder, told: Told) -> int:
    """The order's code: ours, or shipped when all its goods have left."""
    gone = told.lines > 0 and told.done == told.lines
    if order.status == OrderStatus.IN_PROGRESS and gone:
        return SHIPPED
    return ORDER_STATUS[order.status]


def of_code(code: int) -> Q:
    """The orders that show this code."""
    if code in (SHIPPED, ORDER_STATUS[OrderStatus.IN_PROGRESS]):
        goods = OrderLine.objects.filter(order=OuterRef("pk"), kind=LineKind.GOODS)
        gone = Q(Exists(goods)) & ~Q(Exists(goods.exclude(DONE)))
        asked = gone if code == SHIPPED else ~gone
        return Q(status=OrderStatus.IN_PROGRESS) & asked
    return Q(status__in=[status for status, shown in ORDER_STATUS.items() if shown == code])


def is_overdue(row: SalesOrder) -> bool:
    """Whether an open order's day has passed where its business is."""
    if row.target_date is None or row.status not in OPEN:
        return False
    return row.target_date < clock.today(row.business)


def show_order(row: SalesOrder, told: Told, flags: Mapping[str, bool]) -> dict[str, Any]:
    """A sales order as they show it, loaded with its parties."""
    owner = row.responsible_user or row.responsible_group
    shown = {
        "pk": row.pk,
        "reference": row.reference,
        "business": row.business.code,
        "customer": row.customer_id,
        "customer_reference": row.customer_reference,
        "description": description_of(row.note),
        "notes": notes_of(row.note),
        **_state(row, told),
        "created_by": show_user(row.created_by) if row.created_by else None,
        "responsible": owner_key(owner) if owner else None,
        "project_code": None,
        "order_currency": row.currency,
        "total_price": number(told.sums.total) or 0.0,
        "line_items": told.lines,
        "completed_lines": told.done,
        "allocated_lines": told.allocated,
        "shipments_count": told.parcels,
        "completed_shipments_count": told.left,
    }
    if flags["customer_detail"]:
        shown["customer_detail"] = company_in_short(row.customer)
    if flags["responsible_detail"]:
        shown["responsible_detail"] = show_owner(owner) if owner else None
    return shown


def _state(row: SalesOrder, told: Told) -> dict[str, Any]:
    code = status_of(row, told)
    gone = code in (SHIPPED, ORDER_STATUS[OrderStatus.COMPLETE])
    return {
        "status": code,
        "status_text": label_of(ORDER_CODES, code),
        "status_custom_key": None,
        "overdue": is_overdue(row),
        "creation_date": day_of(row.ordered_on),
        "start_date": None,
        "target_date": day_of(row.target_date),
        "issue_date": day_of(row.issued_at),
        "shipment_date": day_of(told.left_on) if gone else None,
        "updated_at": row.updated_at.isoformat(),
    }


def order_in_short(row: SalesOrder) -> dict[str, Any]:
    """A sales order beside a record that names it."""
    return {
        "pk": row.pk,
        "reference": row.reference,
        "customer": row.customer_id,
        "customer_reference": row.customer_reference,
        "description": description_of(row.note),
        "target_date": day_of(row.target_date),
    }
