"""What may be done with a sales order over REST; every verb needs the order's ETag as If-Match."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from rmaproject.rest.inputs import Input, read
from rmaproject.rest.views import Resource
from rmaproject.rest.writing import Answer, change, etag
from sales.api.fields import read_within
from sales.api.invoice_shapes import InvoiceOutput, show_invoice
from sales.api.order_inputs import (
    AllocateInput,
    CompleteInput,
    DeallocateInput,
    InvoiceOrderInput,
    NothingInput,
    ReasonInput,
    ShipInput,
)
from sales.api.order_shapes import SalesOrderOutput
from sales.models import Invoice, SalesOrder
from sales.selectors import permission_for
from sales.services import orders, shipping
from sales.services.invoicing import invoice_order
from sales.services.shipping import AllocationInput


def verb(form: type[Serializer[Any]]) -> Callable[[Any], Any]:
    """A POST on one order that answers the order."""

    def decorate(method: Any) -> Any:
        routed = action(detail=True, methods=["post"])(method)
        return extend_schema(request=form, responses=SalesOrderOutput)(routed)

    return decorate


class OrderVerbs(Resource):
    """The verbs of a sales order, as `sales.states` tells them."""

    unversioned = frozenset({"create", "invoice"})

    @verb(NothingInput)
    def issue(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Confirm a pending order to the customer."""
        return self._do(uuid, "issue", NothingInput, orders.issue_order)

    @verb(ReasonInput)
    def hold(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Stop work on an order until it is resumed."""
        return self._do(uuid, "hold", ReasonInput, orders.hold_order)

    @verb(NothingInput)
    def resume(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Go on with a held order where it was."""
        return self._do(uuid, "resume", NothingInput, orders.resume_order)

    @verb(CompleteInput)
    def complete(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Close an order whose goods have all left, or as it is with `accept_incomplete`."""
        return self._do(uuid, "complete", CompleteInput, orders.complete_order)

    @verb(ReasonInput)
    def cancel(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Call an order off of which nothing has left, and free its allocations."""
        return self._do(uuid, "cancel", ReasonInput, orders.cancel_order)

    @verb(AllocateInput)
    def allocate(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Promise stock to lines of the order in a shipment that has not left."""
        order = self._for(uuid, "allocate")
        values = read_within(AllocateInput, request, order)
        wanted = [
            AllocationInput(entry["line"].pk, entry["stock_item"].pk, entry["quantity"])
            for entry in values["lines"]
        ]
        allocate = partial(shipping.allocate, order.pk, values["shipment"].pk, wanted)
        return self.write(lambda: allocate(actor=self.actor), root=order)

    @verb(DeallocateInput)
    def deallocate(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Take stock out of shipments that have not left."""
        order = self._for(uuid, "allocate")
        values = read_within(DeallocateInput, request, order)
        keys = {allocation.pk for allocation in values["allocations"]}

        def run() -> SalesOrder:
            for key in sorted(keys):
                shipping.deallocate(order.pk, key, actor=self.actor)
            return order

        return self.write(run, root=order)

    @verb(ShipInput)
    def ship(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Let a shipment leave: its goods go out of stock and pass to the customer."""
        order = self._for(uuid, "ship")
        values = read_within(ShipInput, request, order)
        parcel = values.pop("shipment")
        return self.write(
            lambda: shipping.ship(order.pk, parcel.pk, actor=self.actor, **values), root=order
        )

    @extend_schema(request=InvoiceOrderInput, responses={201: InvoiceOutput})
    @action(detail=True, methods=["post"])
    def invoice(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Charge what has left and was not invoiced; a create, so If-Match may be left out."""
        order = self.record(uuid, "sales.create_invoice")
        values = read(InvoiceOrderInput, request)

        def run() -> Answer:
            made = invoice_order(order.pk, actor=self.actor, **values)
            row = Invoice.objects.with_lines().get(pk=made.pk)
            at = request.build_absolute_uri(reverse("invoice-detail", args=[row.uuid]))
            return Answer(show_invoice(row), 201, {"ETag": etag(row.version), "Location": at})

        return change(request, run, root=order, optional=True)

    def _for(self, uuid: str, name: str) -> SalesOrder:
        return self.record(uuid, permission_for(name))

    def _do(
        self, uuid: str, name: str, form: type[Input], service: Callable[..., SalesOrder]
    ) -> Response | HttpResponse:
        order = self._for(uuid, name)
        values = read(form, self.request)
        return self.write(lambda: service(order.pk, actor=self.actor, **values), root=order)
