"""What arrived, over REST: the receipts of one return and of all; receiving makes them."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from returns.api import rows as show_rows
from returns.api.inputs import ReasonForm
from returns.api.outputs import ReceiptPartOutput
from returns.api.parts import ReturnPart
from returns.models import Receipt, ReceiptLine, ReturnOrder
from returns.selectors import visible_returns
from returns.services import reverse_receipt
from rmaproject.rest.filters import RecordFilter
from rmaproject.rest.inputs import read
from rmaproject.rest.views import Resource
from rmaproject.rest.writing import Answer, change, etag


class ReceiptFilters(django_filters.FilterSet):
    return_order = RecordFilter(ReturnOrder, by="reference")
    received_on = django_filters.DateFilter()
    received_on__gte = django_filters.DateFilter("received_on", "gte")
    received_on__lte = django_filters.DateFilter("received_on", "lte")

    class Meta:
        model = Receipt
        fields: tuple[str, ...] = ()


def with_receipt_lines(rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """Receipts with everything that they show."""
    lines = ReceiptLine.objects.select_related("line", "location", "stock_item").order_by("pk")
    related = rows.select_related("return_order", "actor", "parcel", "reverses", "reversed_by")
    return related.prefetch_related(Prefetch("lines", lines))


def show_receipt(row: Receipt) -> dict[str, Any]:
    """A receipt that says of which return it is."""
    order = row.return_order
    return {
        **show_rows.show_receipt(row),
        "return_order": {"id": order.uuid, "reference": order.reference},
        "version": order.version,
    }


@extend_schema_view(
    list=extend_schema(responses=ReceiptPartOutput(many=True)),
    retrieve=extend_schema(responses=ReceiptPartOutput),
)
class ReturnReceiptViewSet(ReturnPart):
    """What arrived of one return."""

    serializer_class = ReceiptPartOutput

    def visible(self) -> QuerySet[Receipt, Receipt]:
        return Receipt.objects.filter(return_order=self.owner)

    def loaded(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        return with_receipt_lines(rows)

    def show(self, row: Receipt) -> dict[str, Any]:
        return show_receipt(row)


@extend_schema_view(
    list=extend_schema(responses=ReceiptPartOutput(many=True)),
    retrieve=extend_schema(responses=ReceiptPartOutput),
)
class ReceiptViewSet(Resource):
    """Receipts of all returns, newest first; made by receiving."""

    serializer_class = ReceiptPartOutput
    filters = ReceiptFilters
    changed_column = "return_order__updated_at"

    def visible(self) -> QuerySet[Receipt, Receipt]:
        return Receipt.objects.filter(return_order__in=visible_returns(self.actor))

    def loaded(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        return with_receipt_lines(rows)

    def show(self, row: Receipt) -> dict[str, Any]:
        return show_receipt(row)

    def version_of(self, row: Any) -> int:
        return int(row.return_order.version)

    @extend_schema(request=ReasonForm, responses={201: ReceiptPartOutput})
    @action(detail=True, methods=["post"])
    def reverse(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Take a receipt back: stock, units and counters as before, the credit for it too.

        Answers with the receipt that takes it back. Goods that have moved on, and money that went
        out, stand in the way.
        """
        row = self.record(uuid, "returns.reverse_receipt")
        reason = read(ReasonForm, request)["reason"]

        def run() -> Answer:
            made = reverse_receipt(row.pk, actor=self.actor, reason=reason)
            counter = self.loaded(Receipt.objects.filter(pk=made.pk)).get()
            place = reverse("receipt-detail", args=[counter.uuid])
            headers = {
                "ETag": etag(counter.return_order.version),
                "Location": request.build_absolute_uri(place),
            }
            return Answer(self.show(counter), 201, headers)

        return change(request, run, root=row.return_order)
