"""What a code may mean in the books: at the dock's door, and inside the count of one return."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import F, Q

from returns.models import Parcel, ReturnLine, ReturnOrder
from returns.services.counts.codes import Code
from returns.states import Status
from sales.models import OrderLine, SalesOrder
from stock.gtin import with_number
from stock.models import Location, Part, StockItem

#: How many answers a chooser offers; each can be picked by one digit.
MOST: Final = 9
#: Returns whose goods may arrive.
RECEIVING: Final = (Status.IN_PROGRESS, Status.ON_HOLD)


@dataclass(frozen=True)
class Meaning:
    """One thing that a code may mean: a `unit`, `part`, `location`, `parcel` or `return`."""

    kind: str
    record: Any

    @property
    def key(self) -> str:
        """How a chooser names it."""
        return f"{self.kind}:{self.record.uuid}"

    @property
    def label(self) -> str:
        """What it is called."""
        if self.kind == "unit":
            return f"{self.record.part.name} {self.record.serial}"
        if self.kind == "parcel":
            return f"{self.record.carrier} {self.record.tracking_number}".strip()
        return str(self.record.reference if self.kind == "return" else self.record)


def meanings_of(order: ReturnOrder, code: Code) -> list[Meaning]:
    """Everything that a code may mean while a return is counted; those of its own first."""
    if code.sscc:
        return [Meaning("parcel", row) for row in _parcels(order, code)]
    if code.serial:
        return [Meaning("unit", row) for row in _units(code)[:1]] or _parts(code)
    found = [Meaning("parcel", row) for row in _parcels(order, code)]
    found += [Meaning("unit", row) for row in _units(code)]
    found += _parts(code)
    places = Location.objects.filter(active=True, code__iexact=code.text)
    found += [Meaning("location", row) for row in places[:1]]
    own = ReturnOrder.objects.filter(
        business=order.business_id, reference__iexact=code.text, discarded_at=None
    )
    return [*found, *(Meaning("return", row) for row in own[:1])][:MOST]


def find_returns(seen: Any, code: Code) -> list[ReturnOrder]:
    """The returns in sight that may be received and that a code at the door points to.

    By their own number, a tracking number, the sales order, a number of the customer, or goods
    that they still expect; the surest way that finds any decides.
    """
    open_ones = seen.filter(status__in=RECEIVING)
    for way in _ways(code):
        rows = open_ones.filter(way).with_parties().order_by("-pk").distinct()
        if found := list(rows[:MOST]):
            return found
    return []


def find_sale(seen: Any, code: Code) -> tuple[SalesOrder | None, StockItem | None]:
    """The sale in sight that a parcel without a return came from, and the unit that told so."""
    order = seen.filter(reference__iexact=code.text).order_by("-pk").first()
    if order is not None:
        return order, None
    for unit in _units(code):
        sold = OrderLine.objects.filter(unit_sales__stock_item=unit, unit_sales__until=None)
        order = seen.filter(pk__in=sold.values("order")).first()
        if order is not None:
            return order, unit
    return None, None


def _ways(code: Code) -> list[Q]:
    """Ways from a code to returns, the surest first; each reads an index."""
    parcels = Parcel.objects.filter(_tracking(code), void=False)
    by_parcel = Q(pk__in=parcels.values("return_order"))
    if code.sscc:
        return [by_parcel]
    text = code.text
    sales = SalesOrder.objects.filter(Q(reference__iexact=text) | Q(customer_reference=text))
    awaited = ReturnLine.objects.filter(
        void=False, unexpected=False, quantity__gt=F("received") + F("released")
    )
    of_sale = awaited.filter(order_line__order__in=sales.values("pk"))
    units = StockItem.objects.filter(serial__iexact=code.serial or text)
    held = Q(stock_item__in=units.values("pk"))
    sold = Q(
        stock_item=None,
        order_line__in=OrderLine.objects.filter(
            unit_sales__stock_item__in=units.values("pk"), unit_sales__until=None
        ).values("pk"),
    )
    parts = _part_rows(code)
    return [
        Q(reference__iexact=text),
        by_parcel,
        Q(customer_reference__iexact=text),
        Q(pk__in=of_sale.values("return_order")),
        Q(pk__in=awaited.filter(held | sold).values("return_order")),
        Q(pk__in=awaited.filter(part__in=parts.values("pk")).values("return_order")),
    ]


def _tracking(code: Code) -> Q:
    number = code.sscc or code.text
    return Q(tracking_number__iexact=number) | Q(tracking_number__iexact=f"00{number}")


def _parcels(order: ReturnOrder, code: Code) -> list[Parcel]:
    return list(order.parcels.filter(_tracking(code), void=False)[:MOST])


def _units(code: Code) -> list[StockItem]:
    rows = StockItem.objects.filter(serial__iexact=code.serial or code.text)
    if code.serial and code.skus:
        rows = rows.filter(part__in=_part_rows(code).values("pk"))
    return list(rows.select_related("part").order_by("pk")[:MOST])


def _parts(code: Code) -> list[Meaning]:
    return [Meaning("part", row) for row in _part_rows(code)[:1]]


def _part_rows(code: Code) -> Any:
    named = Q(pk=None)
    for sku in code.skus:
        named |= Q(sku__iexact=sku)
    named |= Q(pk__in=with_number(Part.objects.all(), code.skus).values("pk"))
    return Part.objects.filter(named, active=True).order_by("pk")
