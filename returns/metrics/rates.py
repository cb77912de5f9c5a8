"""What comes back of what is sold: by reason, part, category and customer.

Two rates that never stand for each other: of units, and of orders.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, Sum, Value
from django.db.models.functions import Coalesce

from returns.metrics.sight import Period, Rows, Sight
from returns.metrics.sql import together
from returns.models import Receipt, ReceiptLine
from rmaproject.shared import money
from sales.models import LineKind, OrderLine

#: How many parts and customers are told, those first of which most came back.
MOST: Final = 20


@dataclass(frozen=True)
class Rate:
    """Units that came back and orders they belong to, of those sold.

    `sold_units` and `sold_orders` are None for who may not see sales. `code` is empty for what has
    none: a return without a reason, a part without a category.
    """

    code: str
    name: str
    units: Decimal
    orders: int
    sold_units: Decimal | None = None
    sold_orders: int | None = None

    @property
    def unit_rate(self) -> Decimal | None:
        """Units that came back, in percent of units sold; None where nothing was sold."""
        return _percent(self.units, self.sold_units)

    @property
    def order_rate(self) -> Decimal | None:
        """Orders of which something came back, in percent of orders; None where none is known."""
        return _percent(Decimal(self.orders), self.sold_orders)


@dataclass(frozen=True)
class Dimension:
    """A way to split: where code and name stand, seen from a receipt line and from a sold line.

    Without `sold` each is compared with all that was sold: reasons are no property of a sale.
    """

    key: str
    code: Any
    name: Any
    sold: str = ""


_REASON = ("line__reason", "line__return_order__reason")
DIMENSIONS: Final = {
    row.key: row
    for row in (
        Dimension(
            "reason",
            Coalesce(*(F(f"{path}__code") for path in _REASON)),
            Coalesce(*(F(f"{path}__name") for path in _REASON)),
        ),
        Dimension("part", F("line__part__sku"), F("line__part__name"), "part__sku"),
        Dimension(
            "category",
            F("line__part__category__code"),
            F("line__part__category__name"),
            "part__category__code",
        ),
        Dimension(
            "customer",
            F("line__return_order__customer__reference"),
            F("line__return_order__customer__name"),
            "order__customer__reference",
        ),
    )
}


@dataclass(frozen=True)
class Sold:
    """Units and orders that were sold; None for who may not see sales."""

    units: Decimal | None = None
    orders: int | None = None


def rates(sight: Sight, period: Period, *dimensions: str) -> tuple[dict[str, list[Rate]], Sold]:
    """The rates of these splits, most units first, and all that was sold; two statements."""
    returned = [_returned_by(sight, period, DIMENSIONS[key]) for key in dimensions]
    found: dict[str, list[Rate]] = {key: [] for key in dimensions}
    for key, code, name, units, orders in together(returned):
        found[key].append(Rate(code or "", name or "", units, orders))
    for rows in found.values():
        rows.sort(key=lambda row: (-row.units, row.code))
    if not sight.sales:
        return found, Sold()
    sold = _sold_by(sight, period, found)
    whole = sold.get(("", ""), NOTHING)
    return {
        key: [
            _of(row, whole if not DIMENSIONS[key].sold else sold.get((key, row.code), NOTHING))
            for row in rows
        ]
        for key, rows in found.items()
    }, whole


def _returned_by(sight: Sight, period: Period, split: Dimension) -> Rows:
    """What came back as (split, code, name, units, orders); the first of many."""
    rows = _returned(sight, period).annotate(
        split=Value(split.key, CharField()), code=split.code, name=split.name
    )
    grouped = rows.order_by().values("split", "code", "name").annotate(**_COUNTED)
    most = grouped.order_by("-units", "code")
    listed = most.values_list("split", "code", "name", "units", "orders")
    return listed[:MOST] if split.sold else listed


def _sold_by(
    sight: Sight, period: Period, found: dict[str, list[Rate]]
) -> dict[tuple[str, str], Sold]:
    """All that was sold under ("", ""), and that of each code that came back; one statement."""
    asked = [_summed(_sold(sight, period), "", Value("", CharField()))]
    for key, rows in found.items():
        path, codes = DIMENSIONS[key].sold, [row.code for row in rows]
        if path and codes:
            wanted = Q(**{f"{path}__in": [code for code in codes if code]})
            if "" in codes:
                wanted |= Q(**{f"{path}__isnull": True})
            asked.append(_summed(_sold(sight, period).filter(wanted), key, F(path)))
    return {
        (key, code or ""): Sold(units or money.ZERO, orders)
        for key, code, units, orders in together(asked)
    }


def _summed(rows: Rows, key: str, code: Any) -> Rows:
    named = rows.order_by().annotate(split=Value(key, CharField()), code=code)
    summed = named.values("split", "code").annotate(
        units=Sum("shipped"), orders=Count("order", distinct=True)
    )
    return summed.values_list("split", "code", "units", "orders")


_COUNTED: Final[dict[str, Any]] = {
    "units": Sum("quantity"),
    "orders": Count("line__order_line__order", distinct=True),
}
NOTHING: Final = Sold(money.ZERO, 0)
#: Asked so, the planner knows that nearly every receipt stands.
STANDING: Final = ~Exists(Receipt.objects.filter(reverses=OuterRef("receipt")))


def _returned(sight: Sight, period: Period) -> Rows:
    """Goods on receipts dated within the period that stand; what nobody announced is left out."""
    rows = ReceiptLine.objects.filter(
        STANDING,
        receipt__received_on__gte=period.first,
        receipt__received_on__lte=period.last,
        receipt__reverses=None,
        line__unexpected=False,
        line__return_order__in=sight.returns().values("pk"),
    )
    return sight.of_category(rows, "line__part")


def _sold(sight: Sight, period: Period) -> Rows:
    orders = sight.orders().filter(ordered_on__gte=period.first, ordered_on__lte=period.last)
    rows = OrderLine.objects.filter(
        kind=LineKind.GOODS, shipped__gt=0, order__in=orders.values("pk")
    )
    return sight.of_category(rows, "part")


def _of(row: Rate, sold: Sold) -> Rate:
    return Rate(row.code, row.name, row.units, row.orders, sold.units, sold.orders)


def _percent(part: Decimal, whole: Decimal | int | None) -> Decimal | None:
    if not whole:
        return None
    return (100 * part / Decimal(whole)).quantize(Decimal("0.01"))
