"""Sales orders over REST: the ground that every return stands on."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from customers.models import Company
from rmaproject.rest.bulk import Bulk
from rmaproject.rest.expanding import Expansions, Many, One
from rmaproject.rest.filters import RecordFilter, documented
from rmaproject.rest.history import HistoryOutput, history_page
from rmaproject.rest.inputs import read
from rmaproject.rest.writing import Answer, change
from rmaproject.views.rest import ViewFilter
from sales.api.expansions import notes_of_orders
from sales.api.order_inputs import HeaderInput, OrderInput
from sales.api.order_shapes import SalesOrderOutput, show_order
from sales.api.order_verbs import OrderVerbs
from sales.api.sale_input import SaleInput, sale_of
from sales.models import Business, SalesOrder
from sales.selectors import permission_for, search_orders, visible_orders
from sales.services.orders import create_order, edit_order
from sales.services.recording import record_sale
from sales.states import ORDER_VERBS, OrderStatus


class SalesOrderFilters(django_filters.FilterSet):
    business = RecordFilter(Business, by="code")
    customer = RecordFilter(Company, by="reference")
    reference = django_filters.CharFilter(lookup_expr="iexact")
    customer_reference = django_filters.CharFilter(lookup_expr="iexact")
    status = django_filters.ChoiceFilter(choices=OrderStatus.choices)
    currency = django_filters.CharFilter()
    responsible_user = django_filters.CharFilter("responsible_user__username", "iexact")
    responsible_group = django_filters.CharFilter("responsible_group__name", "iexact")
    ordered_on__gte = django_filters.DateFilter("ordered_on", "gte")
    ordered_on__lte = django_filters.DateFilter("ordered_on", "lte")
    target_date__gte = django_filters.DateFilter("target_date", "gte")
    target_date__lte = django_filters.DateFilter("target_date", "lte")
    created_at__gte = django_filters.IsoDateTimeFilter("created_at", "gte")
    created_at__lte = django_filters.IsoDateTimeFilter("created_at", "lte")
    view = ViewFilter("orders")


@documented(SalesOrderOutput)
class SalesOrderViewSet(OrderVerbs, Bulk):
    """What customers ordered, what left for it, and what was charged and paid."""

    serializer_class = SalesOrderOutput
    filters = SalesOrderFilters
    also_refuses = ("404",)  # a saved view
    orderings = {
        "created_at": "pk",
        "reference": "reference",
        "target_date": "target_date",
        "updated_at": "updated_at",
    }
    bulk_verbs = frozenset(row.verb for row in ORDER_VERBS) - {"edit"}
    expansions: ClassVar[Expansions] = {
        "business": One("sales.api.businesses.BusinessViewSet"),
        "customer": One("customers.api.companies.CompanyViewSet"),
        "lines.part": One("stock.api.parts.PartViewSet"),
        "credit_notes": Many("sales.api.credit_notes.CreditNoteViewSet", notes_of_orders),
    }

    def visible(self) -> QuerySet[SalesOrder, SalesOrder]:
        return visible_orders(self.actor)

    def loaded(self, rows: Any) -> QuerySet[Any, Any]:
        return rows.with_parties().with_lines().with_books()

    def find(self, rows: QuerySet[Any, Any], text: str) -> QuerySet[Any, Any]:
        return search_orders(rows, text)

    def show(self, row: SalesOrder) -> dict[str, Any]:
        return show_order(row, self.actor)

    @extend_schema(request=OrderInput, responses={201: SalesOrderOutput})
    def create(self, request: Request) -> Response | HttpResponse:
        """Make a pending order, with its lines if they are known."""
        self.actor.require("sales.create_order")
        values = read(OrderInput, request)
        return self.write(lambda: create_order(actor=self.actor, **values), status=201)

    @extend_schema(request=HeaderInput, responses=SalesOrderOutput)
    def partial_update(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Change header fields of an open order. Needs If-Match."""
        order = self.record(uuid, permission_for("edit"))
        values = read(HeaderInput, request, partial=True)
        return self.write(lambda: edit_order(order.pk, values, actor=self.actor), root=order)

    @extend_schema(request=SaleInput, responses={201: SalesOrderOutput, 200: SalesOrderOutput})
    @action(detail=False, methods=["post"], url_path="record", url_name="record")
    def record_sale(self, request: Request) -> Response | HttpResponse:
        """Record a finished sale that was made elsewhere: 201 when new.

        The same reference with the same content answers 200 and the first order, with other
        content 409. Unknown parts and customers are made when the caller may make them.
        """
        self.actor.require("sales.record_order")
        sale = sale_of(read(SaleInput, request))

        def run() -> Answer:
            order, new = record_sale(sale, actor=self.actor)
            return self.written(order, status=201 if new else 200, at=reverse("sales-order-list"))

        return change(request, run)

    @extend_schema(responses=HistoryOutput(many=True))
    @action(detail=True, methods=["get"])
    def history(self, request: Request, uuid: str) -> Response:
        """Who changed the order, when and how, oldest first."""
        return history_page(request, self.record(uuid))
