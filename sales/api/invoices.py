"""Invoices over REST, read only: sales orders make them."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import F, QuerySet

from customers.models import Company
from rmaproject.rest.filters import FlagFilter, RecordFilter, documented
from rmaproject.rest.views import Resource
from sales.api.invoice_shapes import InvoiceOutput, show_invoice
from sales.models import Business, Invoice, SalesOrder
from sales.selectors import visible_invoices


class InvoiceFilters(django_filters.FilterSet):
    business = RecordFilter(Business, by="code")
    customer = RecordFilter(Company, by="reference")
    sales_order = RecordFilter(SalesOrder, by="reference", field_name="order")
    reference = django_filters.CharFilter(lookup_expr="iexact")
    currency = django_filters.CharFilter()
    due = FlagFilter(method="still_due")
    invoiced_on__gte = django_filters.DateFilter("invoiced_on", "gte")
    invoiced_on__lte = django_filters.DateFilter("invoiced_on", "lte")

    def still_due(self, rows: QuerySet[Any, Any], name: str, value: bool) -> QuerySet[Any, Any]:
        """What is not settled in full, or what is."""
        due = rows.filter(settled__lt=F("gross"))
        return due if value else rows.filter(settled=F("gross"))


@documented(InvoiceOutput)
class InvoiceViewSet(Resource):
    """What was charged; `settled` of it is paid or credited."""

    serializer_class = InvoiceOutput
    filters = InvoiceFilters

    def visible(self) -> QuerySet[Invoice, Invoice]:
        return visible_invoices(self.actor)

    def loaded(self, rows: Any) -> QuerySet[Any, Any]:
        return rows.with_lines()

    def find(self, rows: QuerySet[Any, Any], text: str) -> QuerySet[Any, Any]:
        return rows.filter(reference__icontains=text)

    def show(self, row: Invoice) -> dict[str, Any]:
        return show_invoice(row)
