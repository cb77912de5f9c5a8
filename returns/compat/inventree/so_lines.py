"""Lines and extra lines of sales orders at this system's addresses.

Goods are their lines; a kit is shown by the goods it comes to, each with its share of the price.
Discounts, shipping and fees are their extra lines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar, Final

from django.db.models import F, Q, QuerySet

from returns.compat.inventree.figures import number
from returns.compat.inventree.filters import by_flag, by_key, key
from returns.compat.inventree.forms import (
    DayField,
    Form,
    NumberField,
    PkField,
    QuantityField,
    TextField,
)
from returns.compat.inventree.keeping import KeepingRecords
from returns.compat.inventree.lists import refused
from returns.compat.inventree.parts import stock_of
from returns.compat.inventree.reading import Only, keep_same, renamed
from returns.compat.inventree.showing import company_in_short, part_in_short
from returns.compat.inventree.so_words import DONE, EXTRA, is_overdue, of_code, order_in_short
from returns.compat.inventree.stock import part_field
from rmaproject.access.actors import Actor
from rmaproject.shared import money
from sales.models import LineKind, OrderLine, SalesOrder
from sales.selectors import access_order, visible_orders
from sales.services.orders import add_lines, edit_line, remove_line
from sales.states import OPEN
from stock.models import PartKind
from stock.selectors import VIEW as VIEW_STOCK

EDIT: Final = "sales.edit_order"


def order_field() -> PkField:
    """A sales order among those in sight."""
    return PkField(visible_orders, model="salesorder", api_url="/api/order/so/")


def visible_sold_lines(actor: Actor) -> QuerySet[OrderLine, OrderLine]:
    """The lines of sales orders in sight, without kits, which are shown by their goods."""
    orders = visible_orders(actor)
    rows = OrderLine.objects.exclude(kind=LineKind.KIT)
    return rows if actor.scope.everything else rows.filter(order__in=orders)


class SoldForm(Form):
    """What their two kinds of lines have in common."""

    order = order_field()
    quantity = QuantityField(default=Decimal(1))
    discount = Only(0)
    reference = TextField(max_length=100)
    notes = TextField(max_length=500)
    link = TextField(max_length=2000)
    target_date = DayField()

    unkept: ClassVar = frozenset({"project_code"})


class LineForm(SoldForm):
    """Goods on an order. Their price is what the customer pays for one, VAT within it."""

    part = part_field()
    sale_price = NumberField(
        max_digits=19, decimal_places=6, min_value=Decimal(0), required=False, allow_null=True
    )
    sale_price_currency = TextField(max_length=3)

    shown: ClassVar = {
        "pk": "integer",
        "line": "string",
        "allocated": "float",
        "shipped": "float",
        "available_stock": "float",
        "available_variant_stock": "float",
        "building": "float",
        "on_order": "float",
        "overdue": "boolean",
        "part_detail": "nested object",
        "order_detail": "nested object",
        "customer_detail": "nested object",
    }


class ExtraForm(SoldForm):
    """A fee, or below zero a discount."""

    description = TextField(max_length=200)
    price = NumberField(max_digits=19, decimal_places=6, required=False, allow_null=True)
    price_currency = TextField(max_length=3)

    shown: ClassVar = {
        "pk": "integer",
        "line": "string",
        "total_price": "float",
        "order_detail": "nested object",
    }
    unkept: ClassVar = frozenset({"project_code", "context"})


class SoldLines(KeepingRecords):
    """Lines of sales orders; they go with the right to edit the order."""

    kinds: ClassVar[tuple[LineKind, ...]]
    #: Their words for the currency of the price, and for the price.
    currency: ClassVar[str]
    ours: ClassVar[Mapping[str, str]]
    rights: ClassVar = {"POST": EDIT, "PATCH": EDIT, "DELETE": EDIT}
    bulk_delete = True

    def visible(self) -> QuerySet[OrderLine, OrderLine]:
        return visible_sold_lines(self.actor).filter(kind__in=self.kinds)

    def loaded(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        return rows.select_related("part", "order__customer", "order__business")

    def create(self, values: dict[str, Any]) -> OrderLine:
        order = access_order(self.actor, values.pop("order").pk, for_action="edit")
        kept = self.taken(values)
        add_lines(order.pk, [self.told(values, order)], actor=self.actor)
        made = OrderLine.objects.filter(order=order).latest("pk")
        self.keep(order, made, kept)
        return made

    def change(self, row: OrderLine, values: dict[str, Any]) -> None:
        keep_same(values, "order", row.order_id)
        kept = self.taken(values)
        edit_line(row.order_id, row.pk, self.told(values, row.order), actor=self.actor)
        self.keep(row.order, row, kept)

    def remove(self, row: OrderLine) -> None:
        remove_line(row.order_id, row.pk, actor=self.actor)

    def told(self, values: dict[str, Any], order: SalesOrder) -> dict[str, Any]:
        """Their values as ours. Raises InputErrors for a price in another currency."""
        currency = values.pop(self.currency, "")
        if currency and currency != order.currency:
            message = f"The order is in {order.currency}."
            raise refused({self.currency: message}, "invalid_currency")
        told = renamed(values, self.ours)
        if told.get("gross_unit_price", money.ZERO) is None:
            told["gross_unit_price"] = money.ZERO
        return told


class Lines(SoldLines):
    """Goods on sales orders."""

    title = "Sales Order Line Item"
    form = LineForm
    kinds = (LineKind.GOODS,)
    currency = "sale_price_currency"
    ours: ClassVar = {"sale_price": "gross_unit_price"}
    words: ClassVar = {"gross_unit_price": "sale_price"}
    kept: ClassVar = {"reference": "", "notes": "", "link": "", "target_date": None}
    flags: ClassVar = {"part_detail": False, "order_detail": False, "customer_detail": False}
    orderings: ClassVar = {
        "pk": "pk",
        "order": "order__reference",
        "part": "part__name",
        "quantity": "quantity",
        "line": "number",
        "shipped": "shipped",
        "sale_price": "gross_unit_price",
    }
    filters: ClassVar = {
        "order": by_key("order"),
        "part": by_key("part"),
        "allocated": by_flag(Q(quantity=F("allocated") + F("shipped"))),
        "completed": by_flag(DONE),
        "order_status": lambda rows, text: rows.filter(
            order__in=SalesOrder.objects.filter(of_code(key(text)))
        ),
        "order_outstanding": by_flag(Q(order__status__in=OPEN)),
        "has_pricing": by_flag(~Q(gross_unit_price=0)),
    }

    def find(self, rows: QuerySet[Any, Any], text: str) -> QuerySet[Any, Any]:
        return rows.filter(Q(part__name__icontains=text) | Q(part__sku__icontains=text))

    def show_ours(
        self, rows: Sequence[OrderLine], flags: Mapping[str, bool]
    ) -> list[dict[str, Any]]:
        stock = stock_seen(self.actor, rows)
        return [_show_line(row, stock, flags) for row in rows]

    def told(self, values: dict[str, Any], order: SalesOrder) -> dict[str, Any]:
        part = values.get("part")
        if part is not None and part.kind == PartKind.KIT:
            raise refused({"part": "A kit is not sold here; order its parts."})
        return super().told(values, order)

    def change(self, row: OrderLine, values: dict[str, Any]) -> None:
        keep_same(values, "part", row.part_id)
        super().change(row, values)


class ExtraLines(SoldLines):
    """Discounts, shipping and fees on sales orders."""

    title = "Sales Order Extra Line"
    form = ExtraForm
    kinds = EXTRA
    currency = "price_currency"
    ours: ClassVar = {"price": "gross_unit_price", "description": "name"}
    words: ClassVar = {"gross_unit_price": "price", "name": "description"}
    kept: ClassVar = {"reference": "", "notes": "", "link": "", "target_date": None}
    flags: ClassVar = {"order_detail": False}
    orderings: ClassVar = {"pk": "pk", "line": "number", "quantity": "quantity"}
    filters: ClassVar = {
        "order": by_key("order"),
        "order_outstanding": by_flag(Q(order__status__in=OPEN)),
    }

    def find(self, rows: QuerySet[Any, Any], text: str) -> QuerySet[Any, Any]:
        return rows.filter(name__icontains=text)

    def show_ours(
        self, rows: Sequence[OrderLine], flags: Mapping[str, bool]
    ) -> list[dict[str, Any]]:
        return [_show_extra(row, flags) for row in rows]

    def create(self, values: dict[str, Any]) -> OrderLine:
        below = (values.get("price") or 0) < 0
        return super().create({**values, "kind": LineKind.DISCOUNT if below else LineKind.FEE})


def stock_seen(actor: Actor, rows: Sequence[OrderLine]) -> dict[int, float] | None:
    """How much of the lines' parts is free; None for who does not see stock."""
    if not actor.may(VIEW_STOCK):
        return None
    found = stock_of(actor, [row.part_id or 0 for row in rows])
    return {part: float(sums["there"] - sums["promised"]) for part, sums in found.items()}


def _show_line(
    row: OrderLine, stock: Mapping[int, float] | None, flags: Mapping[str, bool]
) -> dict[str, Any]:
    shown = {
        "pk": row.pk,
        "order": row.order_id,
        "line": str(row.number),
        "part": row.part_id,
        "quantity": number(row.quantity),
        "allocated": number(row.allocated + row.shipped),
        "shipped": number(row.shipped),
        "available_stock": None if stock is None else stock.get(row.part_id or 0, 0.0),
        "available_variant_stock": 0.0,
        "building": 0.0,
        "on_order": 0.0,
        "overdue": is_overdue(row.order) and row.shipped < row.quantity,
        "sale_price": number(row.gross_unit_price),
        "sale_price_currency": row.order.currency,
        "discount": 0.0,
        "project_code": None,
    }
    if flags["part_detail"]:
        shown["part_detail"] = part_in_short(row.part)
    if flags["order_detail"]:
        shown["order_detail"] = order_in_short(row.order)
    if flags["customer_detail"]:
        shown["customer_detail"] = company_in_short(row.order.customer)
    return shown


def _show_extra(row: OrderLine, flags: Mapping[str, bool]) -> dict[str, Any]:
    total = money.rounded(row.quantity * row.gross_unit_price, row.order.currency)
    shown = {
        "pk": row.pk,
        "order": row.order_id,
        "line": str(row.number),
        "description": row.name,
        "quantity": number(row.quantity),
        "price": number(row.gross_unit_price),
        "price_currency": row.order.currency,
        "total_price": number(total),
        "discount": 0.0,
        "context": None,
        "project_code": None,
    }
    return {**shown, "order_detail": order_in_short(row.order)} if flags["order_detail"] else shown
