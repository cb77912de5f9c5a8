"""Lines, shipments and allocations of sales orders; `version` and If-Match are the order's."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import F, Prefetch, QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from rmaproject.rest.filters import RecordFilter, documented
from rmaproject.rest.inputs import read
from rmaproject.rest.views import Resource
from sales.api.order_inputs import DeliveryInput, LineChangeInput, OrderLineInput, ShipmentInput
from sales.api.order_shapes import (
    AllocationOutput,
    LineOutput,
    ShipmentOutput,
    show_allocation,
    show_line,
    show_shipment,
)
from sales.models import Allocation, OrderLine, SalesOrder, Shipment, UnitSale
from sales.selectors import access_order, visible_orders
from sales.services.orders import add_lines, edit_line, remove_line
from sales.services.shipping import add_shipment, record_delivery


class OrderLineOutput(LineOutput):
    version = serializers.IntegerField(help_text="The order's version.")


class OrderShipmentOutput(ShipmentOutput):
    version = serializers.IntegerField(help_text="The order's version.")


class OrderAllocationOutput(AllocationOutput):
    version = serializers.IntegerField(help_text="The order's version.")
    sales_order = serializers.UUIDField()
    shipment = serializers.UUIDField()
    shipped_on = serializers.DateField(allow_null=True)


class OfOrderResource(Resource):
    """Parts of the order that the path names."""

    changed_column = "order__updated_at"

    def order(self, verb: str = "view") -> SalesOrder:
        """The order, for something that the caller may do. Raises NotFound, NotPermitted."""
        return access_order(self.actor, self.kwargs["order"], for_action=verb)


@documented(OrderLineOutput)
class OrderLineViewSet(OfOrderResource):
    """Lines of one sales order. `version`, ETag and If-Match are the order's."""

    serializer_class = OrderLineOutput
    orderings = {"number": "number"}
    default_ordering = "number"

    def visible(self) -> QuerySet[OrderLine, OrderLine]:
        return OrderLine.objects.filter(order=self.order())

    def loaded(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        units = UnitSale.objects.select_related("stock_item").order_by("pk")
        rows = rows.select_related("part", "order").annotate(version=F("order__version"))
        family = Prefetch("order__lines", OrderLine.objects.order_by("number"))
        return rows.prefetch_related(Prefetch("unit_sales", units), family)

    def show(self, row: OrderLine) -> dict[str, Any]:
        return {**show_line(row), "version": row.version}  # type: ignore[attr-defined]

    @extend_schema(request=OrderLineInput, responses={201: OrderLineOutput})
    def create(self, request: Request, order: str) -> Response | HttpResponse:
        """Add a line to an open order."""
        root = self.order("edit")
        values = read(OrderLineInput, request)

        def run() -> OrderLine:
            add_lines(root.pk, [values], actor=self.actor)
            return OrderLine.objects.filter(order=root, parent=None).latest("pk")

        return self.write(run, root=root, optional=True, status=201)

    @extend_schema(request=LineChangeInput, responses=OrderLineOutput)
    def partial_update(self, request: Request, order: str, uuid: str) -> Response | HttpResponse:
        """Change a line that was not invoiced. Needs the order's version as If-Match."""
        root, line = self.order("edit"), self.record(uuid)
        values = read(LineChangeInput, request, partial=True)

        def run() -> OrderLine:
            edit_line(root.pk, line.pk, values, actor=self.actor)
            return line

        return self.write(run, root=root)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, order: str, uuid: str) -> Response | HttpResponse:
        """Take out a line of which nothing was allocated, shipped or invoiced. Needs If-Match."""
        root, line = self.order("edit"), self.record(uuid)

        def run() -> None:
            remove_line(root.pk, line.pk, actor=self.actor)

        return self.write(run, root=root)


class SoldLines(OrderLineViewSet):
    """The lines of all orders in sight; for `expand`, at no address of its own."""

    def visible(self) -> QuerySet[OrderLine, OrderLine]:
        return OrderLine.objects.filter(order__in=visible_orders(self.actor))


@documented(OrderShipmentOutput)
class ShipmentViewSet(OfOrderResource):
    """Shipments of one sales order. `version`, ETag and If-Match are the order's."""

    serializer_class = OrderShipmentOutput

    def visible(self) -> QuerySet[Shipment, Shipment]:
        return Shipment.objects.filter(order=self.order())

    def loaded(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        inside = Allocation.objects.select_related("stock_item", "order_line").order_by("pk")
        rows = rows.annotate(version=F("order__version"))
        return rows.prefetch_related(Prefetch("allocations", inside))

    def show(self, row: Shipment) -> dict[str, Any]:
        return {**show_shipment(row), "version": row.version}  # type: ignore[attr-defined]

    @extend_schema(request=ShipmentInput, responses={201: OrderShipmentOutput})
    def create(self, request: Request, order: str) -> Response | HttpResponse:
        """Start a shipment of an open order."""
        root = self.order("allocate")
        values = read(ShipmentInput, request)
        return self.write(
            lambda: add_shipment(root.pk, actor=self.actor, **values),
            root=root,
            optional=True,
            status=201,
        )

    @extend_schema(request=DeliveryInput, responses=OrderShipmentOutput)
    def partial_update(self, request: Request, order: str, uuid: str) -> Response | HttpResponse:
        """Note the day the shipment arrived. Needs the order's version as If-Match."""
        root, parcel = self.order("ship"), self.record(uuid)
        values = read(DeliveryInput, request)
        return self.write(
            lambda: record_delivery(root.pk, parcel.pk, **values, actor=self.actor), root=root
        )


class AllocationFilters(django_filters.FilterSet):
    sales_order = RecordFilter(SalesOrder, by="reference", field_name="shipment__order")
    shipment = RecordFilter(Shipment)
    order_line = RecordFilter(OrderLine)


@documented(OrderAllocationOutput)
class AllocationViewSet(Resource):
    """Which stock went or goes with which shipment; the orders' verbs change it."""

    serializer_class = OrderAllocationOutput
    filters = AllocationFilters
    changed_column = "shipment__order__updated_at"

    def visible(self) -> QuerySet[Allocation, Allocation]:
        orders = visible_orders(self.actor)
        if self.actor.scope.everything:
            return Allocation.objects.all()
        return Allocation.objects.filter(shipment__order__in=orders)

    def loaded(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        related = ("order_line", "stock_item", "shipment__order")
        return rows.select_related(*related).annotate(version=F("shipment__order__version"))

    def show(self, row: Allocation) -> dict[str, Any]:
        return {
            **show_allocation(row),
            "version": row.version,  # type: ignore[attr-defined]
            "sales_order": row.shipment.order.uuid,
            "shipment": row.shipment.uuid,
            "shipped_on": row.shipment.shipped_on,
        }
