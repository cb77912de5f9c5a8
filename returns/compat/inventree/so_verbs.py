"""What is done with a sales order at this system's addresses."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import URLPattern, path
from rest_framework import serializers
from rest_framework.request import Request

from returns.compat.inventree.forms import Form, PkField, QuantityField
from returns.compat.inventree.lists import refused
from returns.compat.inventree.reading import PostOnly, body_of, not_of_order
from returns.compat.inventree.resources import Answered
from returns.compat.inventree.sales_orders import SalesOrders
from returns.compat.inventree.shipments import Ship, visible_shipments
from returns.compat.inventree.so_words import ORDER_CODES
from returns.compat.inventree.stock import serials_in
from returns.compat.inventree.stock_actions import item_field
from returns.compat.inventree.views_codes import KNOWN, codes_view
from rmaproject.access.actors import Actor
from rmaproject.rest.writing import Answer
from sales.models import LineKind, OrderLine, SalesOrder, Shipment
from sales.selectors import access_order, permission_for, visible_orders
from sales.services.orders import (
    cancel_order,
    complete_order,
    hold_order,
    issue_order,
    resume_order,
)
from sales.services.shipping import AllocationInput, allocate
from sales.states import OrderStatus
from stock.selectors import visible_items


def visible_goods(actor: Actor) -> QuerySet[OrderLine, OrderLine]:
    """The lines of goods of orders in sight."""
    return OrderLine.objects.filter(kind=LineKind.GOODS, order__in=visible_orders(actor))


def line_field() -> PkField:
    """A line of goods among those in sight."""
    return PkField(visible_goods, model="salesorderlineitem", api_url="/api/order/so-line/")


def shipment_field() -> PkField:
    """A shipment among those in sight."""
    return PkField(
        visible_shipments,
        model="salesordershipment",
        api_url="/api/order/so/shipment/",
        required=False,
        allow_null=True,
    )


class EntryForm(Form):
    """So much of a stock item for a line."""

    line_item = line_field()
    stock_item = item_field()
    quantity = QuantityField()


class AllocateForm(Form):
    items = EntryForm(many=True, allow_empty=False)
    shipment = shipment_field()


class SerialsForm(Form):
    line_item = line_field()
    quantity = QuantityField()
    serial_numbers = serializers.CharField(max_length=10_000)
    shipment = shipment_field()


class CompleteForm(Form):
    accept_incomplete = serializers.BooleanField(default=False)


class Nothing(Form):
    """A verb that needs no values."""


class OrderVerb(PostOnly, SalesOrders):
    """One verb on an order; who may not do it is refused before anything is read."""

    verb: ClassVar[str]
    body: ClassVar[type[Form]] = Nothing

    def post(self, request: Request, pk: int | None = None) -> Answered:
        """Do it, or say why not; answers the order."""
        order = access_order(self.actor, self.record(pk or 0).pk, for_action=self.verb)
        values = body_of(self, self.body)

        def act() -> Answer:
            return Answer(self.run(order, values) or self.written(order), 201)

        return self.act(act)

    def run(self, order: SalesOrder, values: dict[str, Any]) -> Any:
        raise NotImplementedError


class Issue(OrderVerb):
    """Confirm a pending order; take a held one up again."""

    verb = "view"

    def run(self, order: SalesOrder, values: dict[str, Any]) -> None:
        if order.status == OrderStatus.ON_HOLD:
            self.actor.require(permission_for("resume"))
            if resume_order(order.pk, actor=self.actor).status != OrderStatus.PENDING:
                return
        self.actor.require(permission_for("issue"))
        issue_order(order.pk, actor=self.actor)


class Hold(OrderVerb):
    """Stop work on an order."""

    verb = "hold"

    def run(self, order: SalesOrder, values: dict[str, Any]) -> None:
        hold_order(order.pk, actor=self.actor)


class Cancel(OrderVerb):
    """Call an order off of which nothing has left."""

    verb = "cancel"

    def run(self, order: SalesOrder, values: dict[str, Any]) -> None:
        cancel_order(order.pk, actor=self.actor)


class Complete(OrderVerb):
    """Close an order whose goods have all left."""

    verb = "complete"
    body = CompleteForm

    def run(self, order: SalesOrder, values: dict[str, Any]) -> None:
        complete_order(order.pk, actor=self.actor, **values)


class Allocate(OrderVerb):
    """Promise stock to lines in a shipment."""

    verb = "allocate"
    body = AllocateForm

    def run(self, order: SalesOrder, values: dict[str, Any]) -> Any:
        parcel = shipment_of(order, values.get("shipment"))
        for place, entry in enumerate(values["items"]):
            require_line(order, entry["line_item"], f"items/{place}/line_item")
        wanted = [
            AllocationInput(entry["line_item"].pk, entry["stock_item"].pk, entry["quantity"])
            for entry in values["items"]
        ]
        allocate(order.pk, parcel.pk, wanted, actor=self.actor)
        return self.request.data


class AllocateSerials(OrderVerb):
    """Promise units by their serial numbers, such as `7, 9-12`."""

    verb = "allocate"
    body = SerialsForm

    def run(self, order: SalesOrder, values: dict[str, Any]) -> Any:
        parcel, line = shipment_of(order, values.get("shipment")), values["line_item"]
        require_line(order, line, "line_item")
        serials = serials_in(values["serial_numbers"])
        if len(serials) != values["quantity"]:
            message = f"Number of unique serial numbers ({len(serials)}) must match quantity."
            raise refused({"serial_numbers": message})
        items = visible_items(self.actor).filter(part=line.part, serial__in=serials)
        keys = {item.serial: item.pk for item in items}
        if missing := [serial for serial in serials if serial not in keys]:
            message = f"No match found for the following serial numbers: {', '.join(missing)}"
            raise refused({"serial_numbers": message})
        wanted = [AllocationInput(line.pk, keys[serial]) for serial in serials]
        allocate(order.pk, parcel.pk, wanted, actor=self.actor)
        return self.request.data


def require_line(order: SalesOrder, line: OrderLine, name: str) -> None:
    """Refuse a line of another order. Raises InputErrors."""
    if line.order_id != order.pk:
        raise not_of_order(name)


def shipment_of(order: SalesOrder, given: Shipment | None) -> Shipment:
    """The shipment that was named, else the only one that has not left. Raises InputErrors."""
    if given is not None:
        if given.order_id != order.pk:
            raise not_of_order("shipment")
        return given
    pending = list(order.shipments.filter(shipped_on=None)[:2])
    if len(pending) != 1:
        raise refused({"shipment": "Name the shipment; the order has none or several pending."})
    return pending[0]


KNOWN["SalesOrderStatus"] = ORDER_CODES

verb_urls: list[URLPattern] = [
    path("api/order/so/status/", codes_view("SalesOrderStatus")),
    path("api/order/so/<int:pk>/issue/", Issue.as_view()),
    path("api/order/so/<int:pk>/hold/", Hold.as_view()),
    path("api/order/so/<int:pk>/cancel/", Cancel.as_view()),
    path("api/order/so/<int:pk>/complete/", Complete.as_view()),
    path("api/order/so/<int:pk>/allocate/", Allocate.as_view()),
    path("api/order/so/<int:pk>/allocate-serials/", AllocateSerials.as_view()),
    path("api/order/so/shipment/<int:pk>/ship/", Ship.as_view()),
]
