"""How a list of returns is narrowed and searched; nothing is asked that was not asked for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet

from customers.models import Company
from returns.models import Parcel, ReturnLine, ReturnOrder
from returns.states import CLOSED, OPEN, Goods, Money, Status
from sales.models import OrderLine
from stock.models import Part, StockItem


class NamedFilter(django_filters.CharFilter):
    """Rows that belong to a record given by its id or by its reference or code."""

    def __init__(self, field_name: str, by: str, **options: Any) -> None:
        self.by = by
        super().__init__(field_name=field_name, **options)

    def filter(self, qs: QuerySet[Any, Any], value: str) -> QuerySet[Any, Any]:
        if not value:
            return qs
        try:
            return qs.filter(**{f"{self.field_name}__uuid": UUID(value)})
        except ValueError:
            return qs.filter(**{f"{self.field_name}__{self.by}__iexact": value})


class StatusesFilter(django_filters.BaseInFilter, django_filters.ChoiceFilter):
    """Several statuses, parted by commas."""


class ReturnFilters(django_filters.FilterSet):
    status = django_filters.ChoiceFilter(choices=Status.choices)
    status__in = StatusesFilter(field_name="status", choices=Status.choices)
    goods = django_filters.ChoiceFilter(choices=Goods.choices)
    money = django_filters.ChoiceFilter(choices=Money.choices)
    open = django_filters.BooleanFilter(method="by_open", label="Whether it still asks for work.")
    business = NamedFilter("business", "code", label="By id or code.")
    customer = NamedFilter("customer", "reference", label="By id or reference.")
    responsible_user = django_filters.CharFilter("responsible_user__username", "iexact")
    responsible_group = django_filters.CharFilter("responsible_group__name", "iexact")
    reference = django_filters.CharFilter(lookup_expr="iexact")
    customer_reference = django_filters.CharFilter(lookup_expr="iexact")
    sales_order = django_filters.CharFilter(method="by_sale", label="By id or reference.")
    target_date = django_filters.DateFilter()
    target_date__gte = django_filters.DateFilter("target_date", "gte")
    target_date__lte = django_filters.DateFilter("target_date", "lte")
    created_at__gte = django_filters.IsoDateTimeFilter("created_at", "gte")
    created_at__lte = django_filters.IsoDateTimeFilter("created_at", "lte")

    class Meta:
        model = ReturnOrder
        fields: tuple[str, ...] = ()

    def by_open(self, rows: QuerySet[Any, Any], name: str, value: bool) -> QuerySet[Any, Any]:
        return rows.filter(status__in=OPEN if value else CLOSED)

    def by_sale(self, rows: QuerySet[Any, Any], name: str, value: str) -> QuerySet[Any, Any]:
        lines = NamedFilter("order_line__order", "reference").filter(
            ReturnLine.objects.all(), value
        )
        return rows.filter(pk__in=lines.values("return_order"))


def find_returns(
    rows: QuerySet[ReturnOrder, ReturnOrder], text: str
) -> QuerySet[ReturnOrder, ReturnOrder]:
    """Returns with the text in their reference, customer, sale, serial, SKU or parcel.

    A union of key sets, each by an index of its own; one OR across joins would read it all.
    """
    every = ReturnOrder.objects
    lines = ReturnLine.objects
    names = Company.objects.filter(name__icontains=text).values("pk")
    references = Company.objects.filter(reference__icontains=text).values("pk")
    sold = OrderLine.objects.filter(order__reference__icontains=text).values("pk")
    units = StockItem.objects.filter(serial__icontains=text).values("pk")
    parts = Part.objects.filter(sku__icontains=text).values("pk")
    found = every.filter(reference__icontains=text).values("pk")
    return rows.filter(
        pk__in=found.union(
            every.filter(customer__in=names).values("pk"),
            every.filter(customer__in=references).values("pk"),
            lines.filter(order_line__in=sold).values("return_order"),
            lines.filter(stock_item__in=units).values("return_order"),
            lines.filter(part__in=parts).values("return_order"),
            Parcel.objects.filter(tracking_number__icontains=text).values("return_order"),
        )
    )
