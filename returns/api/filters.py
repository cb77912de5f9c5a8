"""How a list of returns is narrowed and searched; nothing is asked that was not asked for."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet

from customers.models import Company
from returns.models import Outbound, Outcome, Parcel, ReturnLine, ReturnOrder
from returns.states import CLOSED, OPEN, Goods, Money, Status
from rmaproject.rest.filters import FlagFilter, RecordFilter, keys_of
from rmaproject.views.rest import ViewFilter
from sales.models import Business, OrderLine, SalesOrder
from stock.gtin import with_number
from stock.models import Part, StockItem


class StatusesFilter(django_filters.BaseInFilter, django_filters.ChoiceFilter):
    """Several statuses, parted by commas."""


class ReturnFilters(django_filters.FilterSet):
    status = django_filters.ChoiceFilter(choices=Status.choices)
    status__in = StatusesFilter(field_name="status", choices=Status.choices)
    goods = django_filters.ChoiceFilter(choices=Goods.choices)
    money = django_filters.ChoiceFilter(choices=Money.choices)
    open = FlagFilter(method="by_open", label="Whether it still asks for work.")
    business = RecordFilter(Business, by="code")
    customer = RecordFilter(Company, by="reference")
    responsible_user = django_filters.CharFilter("responsible_user__username", "iexact")
    responsible_group = django_filters.CharFilter("responsible_group__name", "iexact")
    reference = django_filters.CharFilter(lookup_expr="iexact")
    customer_reference = django_filters.CharFilter(lookup_expr="iexact")
    sales_order = django_filters.CharFilter(method="by_sale", label="By id or reference.")
    outcome = django_filters.ChoiceFilter(
        method="by_outcome", choices=Outcome.choices, label="What the customer gets for a line."
    )
    target_date = django_filters.DateFilter()
    target_date__gte = django_filters.DateFilter("target_date", "gte")
    target_date__lte = django_filters.DateFilter("target_date", "lte")
    created_at__gte = django_filters.IsoDateTimeFilter("created_at", "gte")
    created_at__lte = django_filters.IsoDateTimeFilter("created_at", "lte")

    view = ViewFilter("returns")

    class Meta:
        model = ReturnOrder
        fields: tuple[str, ...] = ()

    def by_open(self, rows: QuerySet[Any, Any], name: str, value: bool) -> QuerySet[Any, Any]:
        return rows.filter(status__in=OPEN if value else CLOSED)

    def by_sale(self, rows: QuerySet[Any, Any], name: str, value: str) -> QuerySet[Any, Any]:
        sales = keys_of(SalesOrder, value, by="reference")
        lines = ReturnLine.objects.filter(order_line__order__in=sales)
        sent = Outbound.objects.filter(order_line__order__in=sales)
        return rows.filter(pk__in=lines.values("return_order").union(sent.values("return_order")))

    def by_outcome(self, rows: QuerySet[Any, Any], name: str, value: str) -> QuerySet[Any, Any]:
        lines = ReturnLine.objects.filter(outcome=value, void=False)
        return rows.filter(pk__in=lines.values("return_order"))


def find_returns(
    rows: QuerySet[ReturnOrder, ReturnOrder], text: str
) -> QuerySet[ReturnOrder, ReturnOrder]:
    """Returns with the text in their reference, customer, sale, serial, SKU, GTIN or parcel.

    A union of key sets, each by an index of its own; one OR across joins would read it all.
    """
    every = ReturnOrder.objects
    lines = ReturnLine.objects
    names = Company.objects.filter(name__icontains=text).values("pk")
    references = Company.objects.filter(reference__icontains=text).values("pk")
    sold = OrderLine.objects.filter(order__reference__icontains=text).values("pk")
    units = StockItem.objects.filter(serial__icontains=text).values("pk")
    parts = Part.objects.filter(sku__icontains=text).values("pk")
    numbered = with_number(Part.objects.all(), [text]).values("pk")
    found = every.filter(reference__icontains=text).values("pk")
    return rows.filter(
        pk__in=found.union(
            every.filter(customer__in=names).values("pk"),
            every.filter(customer__in=references).values("pk"),
            lines.filter(order_line__in=sold).values("return_order"),
            lines.filter(stock_item__in=units).values("return_order"),
            lines.filter(part__in=parts).values("return_order"),
            lines.filter(part__in=numbered).values("return_order"),
            Parcel.objects.filter(tracking_number__icontains=text).values("return_order"),
            Outbound.objects.filter(tracking_number__icontains=text).values("return_order"),
        )
    )
