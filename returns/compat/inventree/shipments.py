"""Shipments of sales orders and what is allocated to them, at this system's addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from django.db.models import Count, Q, QuerySet
from rest_framework.request import Request

from returns.compat.inventree.figures import day_of, number
from returns.compat.inventree.filters import by_day, by_flag, by_key, by_text, key
from returns.compat.inventree.forms import DayField, Form, PkField, QuantityField, TextField
from returns.compat.inventree.keeping import KeepingRecords
from returns.compat.inventree.reading import PostOnly, body_of, keep_same, not_of_order
from returns.compat.inventree.resources import Answered, Records
from returns.compat.inventree.showing import company_in_short, item_in_short, part_in_short
from returns.compat.inventree.so_lines import order_field
from returns.compat.inventree.so_words import of_code, order_in_short
from returns.compat.inventree.stock_words import brief_location
from rmaproject.access.actors import Actor
from rmaproject.rest.writing import Answer
from sales.models import Allocation, SalesOrder, Shipment
from sales.selectors import access_order, permission_for, visible_orders
from sales.services.orders import issue_order
from sales.services.parcels import change_allocation, edit_shipment, remove_shipment
from sales.services.shipping import add_shipment, deallocate, record_delivery, ship
from sales.states import OPEN, OrderStatus

ALLOCATE: Final = permission_for("allocate")
SHIP: Final = permission_for("ship")


def visible_shipments(actor: Actor) -> QuerySet[Shipment, Shipment]:
    """The shipments of orders in sight."""
    orders = visible_orders(actor)
    rows = Shipment.objects.all()
    return rows if actor.scope.everything else rows.filter(order__in=orders)


class ShipmentForm(Form):
    """A parcel; numbered 1, 2, 3 without a reference."""

    order = order_field()
    reference = TextField(max_length=64)
    tracking_number = TextField(max_length=100)
    delivery_date = DayField()
    invoice_number = TextField(max_length=100)
    link = TextField(max_length=2000)
    notes = TextField(max_length=50_000)

    shown: ClassVar = {
        "pk": "integer",
        "allocated_items": "integer",
        "order_detail": "nested object",
        "customer_detail": "nested object",
        "barcode_hash": "string",
    }
    fixed: ClassVar = {"shipment_date": "date"}
    unkept: ClassVar = frozenset({"checked_by", "shipment_address"})


class Shipments(KeepingRecords):
    """Parcels to customers: pending until they have a day of shipping."""

    title = "Sales Order Shipment"
    form = ShipmentForm
    kept: ClassVar = {"invoice_number": "", "link": "", "notes": ""}
    words: ClassVar = {"delivered_on": "delivery_date"}
    flags: ClassVar = {"order_detail": False, "customer_detail": False}
    rights: ClassVar = {"POST": ALLOCATE, "PATCH": SHIP, "DELETE": ALLOCATE}
    orderings: ClassVar = {
        "pk": "pk",
        "reference": "reference",
        "shipment_date": "shipped_on",
        "delivery_date": "delivered_on",
        "order": "order__reference",
    }
    filters: ClassVar = {
        "order": by_key("order"),
        "reference": by_text("reference"),
        "tracking_number": by_text("tracking_number"),
        "shipped": by_flag(Q(shipped_on__isnull=False)),
        "delivered": by_flag(Q(delivered_on__isnull=False)),
        "checked": by_flag(Q(pk__in=())),
        "order_outstanding": by_flag(Q(order__status__in=OPEN)),
        "order_status": lambda rows, text: rows.filter(
            order__in=SalesOrder.objects.filter(of_code(key(text)))
        ),
    }

    def visible(self) -> QuerySet[Shipment, Shipment]:
        return visible_shipments(self.actor)

    def loaded(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        return rows.select_related("order__customer")

    def find(self, rows: QuerySet[Any, Any], text: str) -> QuerySet[Any, Any]:
        asked = Q(reference__icontains=text) | Q(tracking_number__icontains=text)
        return rows.filter(asked | Q(order__reference__icontains=text))

    def show_ours(
        self, rows: Sequence[Shipment], flags: Mapping[str, bool]
    ) -> list[dict[str, Any]]:
        inside = Allocation.objects.filter(shipment__in=[row.pk for row in rows]).order_by()
        counts = dict(inside.values_list("shipment").annotate(Count("pk")))
        return [_show_shipment(row, counts.get(row.pk, 0), flags) for row in rows]

    def create(self, values: dict[str, Any]) -> Shipment:
        order = access_order(self.actor, values.pop("order").pk, for_action="allocate")
        kept = self.taken(values)
        values["delivered_on"] = values.pop("delivery_date", None)
        if values["delivered_on"] is None:
            del values["delivered_on"]
        made = add_shipment(order.pk, actor=self.actor, **values)
        self.keep(order, made, kept)
        return made

    def change(self, row: Shipment, values: dict[str, Any]) -> None:
        keep_same(values, "order", row.order_id)
        kept = self.taken(values)
        delivered = values.pop("delivery_date", row.delivered_on)
        if not values.get("reference", row.reference):
            del values["reference"]
        if any(getattr(row, name) != value for name, value in values.items()):
            edit_shipment(row.order_id, row.pk, values, actor=self.actor)
        if delivered != row.delivered_on:
            record_delivery(row.order_id, row.pk, delivered, actor=self.actor)
        self.keep(row.order, row, kept)

    def remove(self, row: Shipment) -> None:
        remove_shipment(row.order_id, row.pk, actor=self.actor)


class ShipForm(Form):
    """How a parcel leaves: today unless a day is given."""

    shipment_date = DayField()
    delivery_date = DayField()
    tracking_number = TextField(max_length=100)
    invoice_number = TextField(max_length=100)
    link = TextField(max_length=2000)


class Ship(PostOnly, Shipments):
    """Let a shipment leave; a pending order is issued by that, as goods leave for it."""

    def post(self, request: Request, pk: int | None = None) -> Answered:
        """Ship it, once. An order on hold, closed or cancelled ships nothing."""
        row = self.record(pk or 0)
        order = access_order(self.actor, row.order_id, for_action="ship")
        values = body_of(self, ShipForm)

        def act() -> Answer:
            if order.status == OrderStatus.PENDING:
                self.actor.require(permission_for("issue"))
                issue_order(order.pk, actor=self.actor)
            self._ship(row, values)
            return Answer(self.written(row))

        return self.act(act)

    def _ship(self, row: Shipment, values: dict[str, Any]) -> None:
        kept = {name: value for name, value in self.taken(values).items() if value}
        ship(
            row.order_id,
            row.pk,
            shipped_on=values.get("shipment_date"),
            tracking_number=values.get("tracking_number", ""),
            actor=self.actor,
        )
        if values.get("delivery_date"):
            record_delivery(row.order_id, row.pk, values["delivery_date"], actor=self.actor)
        self.keep(row.order, row, kept)


class AllocationForm(Form):
    """What of an allocation can be changed while it has not left."""

    quantity = QuantityField(required=False)
    shipment = PkField(
        visible_shipments,
        model="salesordershipment",
        api_url="/api/order/so/shipment/",
        required=False,
    )

    shown: ClassVar = dict.fromkeys(
        (
            "pk line item order part serial location item_detail part_detail order_detail "
            "shipment_detail location_detail customer_detail"
        ).split(),
        "field",
    )


class Allocations(Records):
    """Which stock goes or went with which shipment; made by the verbs of their order."""

    title = "Sales Order Allocation"
    form = AllocationForm
    flags: ClassVar = {
        "item_detail": False,
        "part_detail": False,
        "order_detail": False,
        "location_detail": False,
        "customer_detail": False,
        "shipment_detail": False,
    }
    rights: ClassVar = {"PATCH": ALLOCATE, "DELETE": ALLOCATE}
    bulk_delete = True
    words: ClassVar = {"shipped_on": "shipment_date"}
    orderings: ClassVar = {
        "pk": "pk",
        "quantity": "quantity",
        "part": "order_line__part__name",
        "serial": "stock_item__serial",
        "location": "stock_item__location__code",
        "order": "shipment__order__reference",
        "shipment_date": "shipment__shipped_on",
    }
    filters: ClassVar = {
        "order": by_key("shipment__order"),
        "shipment": by_key("shipment"),
        "line": by_key("order_line"),
        "item": by_key("stock_item"),
        "part": by_key("order_line__part"),
        "location": by_key("stock_item__location"),
        "outstanding": by_flag(Q(shipment__shipped_on=None)),
        "assigned_to_shipment": by_flag(Q(shipment__isnull=False)),
        "shipped_before": by_day("shipment__shipped_on", "lt"),
        "shipped_after": by_day("shipment__shipped_on", "gt"),
    }

    def visible(self) -> QuerySet[Allocation, Allocation]:
        orders = visible_orders(self.actor)
        rows = Allocation.objects.all()
        return rows if self.actor.scope.everything else rows.filter(shipment__order__in=orders)

    def loaded(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        stock = ("stock_item__location", "stock_item__batch")
        return rows.select_related("order_line__part", "shipment__order__customer", *stock)

    def show(self, row: Allocation, flags: Mapping[str, bool]) -> dict[str, Any]:
        return _show_allocation(row, flags)

    def change(self, row: Allocation, values: dict[str, Any]) -> None:
        parcel = values.get("shipment", row.shipment)
        if parcel.order_id != row.shipment.order_id:
            raise not_of_order("shipment")
        change_allocation(
            row.shipment.order_id,
            row.pk,
            quantity=values.get("quantity"),
            shipment_id=parcel.pk,
            actor=self.actor,
        )

    def remove(self, row: Allocation) -> None:
        deallocate(row.shipment.order_id, row.pk, actor=self.actor)


def _show_shipment(row: Shipment, inside: int, flags: Mapping[str, bool]) -> dict[str, Any]:
    shown = {
        "pk": row.pk,
        "order": row.order_id,
        "reference": row.reference,
        "tracking_number": row.tracking_number,
        "shipment_date": day_of(row.shipped_on),
        "delivery_date": day_of(row.delivered_on),
        "shipment_address": None,
        "checked_by": None,
        "allocated_items": inside,
    }
    if flags["order_detail"]:
        shown["order_detail"] = order_in_short(row.order)
    if flags["customer_detail"]:
        shown["customer_detail"] = company_in_short(row.order.customer)
    return shown


def _show_allocation(row: Allocation, flags: Mapping[str, bool]) -> dict[str, Any]:
    item, order = row.stock_item, row.shipment.order
    shown = {
        "pk": row.pk,
        "line": row.order_line_id,
        "item": row.stock_item_id,
        "quantity": number(row.quantity),
        "shipment": row.shipment_id,
        "order": order.pk,
        "part": row.order_line.part_id,
        "serial": item.serial if item else None,
        "location": item.location_id if item else None,
    }
    place = item.location if item else None
    details = {
        "item_detail": lambda: item_in_short(item),
        "part_detail": lambda: part_in_short(row.order_line.part),
        "order_detail": lambda: order_in_short(order),
        "location_detail": lambda: brief_location(place) if place else None,
        "customer_detail": lambda: company_in_short(order.customer),
        "shipment_detail": lambda: _show_shipment(
            row.shipment, 1, {"order_detail": False, "customer_detail": False}
        ),
    }
    return shown | {name: detail() for name, detail in details.items() if flags[name]}
