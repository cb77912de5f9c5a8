"""Payments over REST: money that came in."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from customers.models import Company
from customers.selectors import visible_companies
from rmaproject.rest.filters import RecordFilter, documented, keys_of
from rmaproject.rest.inputs import AmountInput, CurrencyInput, Input, RecordField, TextInput, read
from rmaproject.rest.outputs import NamedOutput, RecordOutput
from rmaproject.rest.shapes import AmountOutput, in_short
from rmaproject.rest.views import Resource
from rmaproject.shared import money
from sales.models import Business, Invoice, Payment
from sales.selectors import visible_businesses, visible_invoices, visible_payments
from sales.services.invoicing import record_payment


class SettlementOutput(serializers.Serializer[Any]):
    """How much of the payment settled which invoice."""

    invoice = serializers.UUIDField()
    amount = AmountOutput()


class PaymentOutput(RecordOutput):
    """A payment; `applied` settled invoices, `refunded` went back, `refunding` is about to."""

    business = NamedOutput()
    customer = NamedOutput()
    currency = serializers.CharField()
    amount = AmountOutput()
    applied = AmountOutput()
    refunded = AmountOutput()
    refunding = AmountOutput()
    paid_on = serializers.DateField()
    method = serializers.CharField()
    gateway = serializers.CharField()
    gateway_reference = serializers.CharField()
    settlements = SettlementOutput(many=True)


class PaymentInput(Input):
    """A payment; an invoice is named by id or by its reference in this business."""

    business = RecordField(visible_businesses, by="code")
    customer = RecordField(visible_companies, by="reference")
    currency = CurrencyInput(required=False)
    amount = AmountInput()
    paid_on = serializers.DateField(required=False)
    method = TextInput(max_length=50)
    gateway = TextInput(max_length=50)
    gateway_reference = TextInput(max_length=100)
    invoice = serializers.CharField(required=False, allow_null=True)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        business = values["business"]
        if values.get("invoice"):
            field = RecordField(
                lambda actor: visible_invoices(actor).filter(business=business), by="reference"
            )
            field.bind("invoice", self)
            values["invoice"] = field.to_internal_value(values["invoice"])
        return {**values, "currency": values.get("currency") or business.currency}


class PaymentFilters(django_filters.FilterSet):
    business = RecordFilter(Business, by="code")
    customer = RecordFilter(Company, by="reference")
    currency = django_filters.CharFilter()
    invoice = django_filters.CharFilter(method="settling")
    gateway_reference = django_filters.CharFilter()
    paid_on__gte = django_filters.DateFilter("paid_on", "gte")
    paid_on__lte = django_filters.DateFilter("paid_on", "lte")

    def settling(self, rows: QuerySet[Any, Any], name: str, value: str) -> QuerySet[Any, Any]:
        """The payments that settled part of an invoice."""
        return rows.filter(settlements__invoice__in=keys_of(Invoice, value, by="reference"))


def show_payment(row: Payment) -> dict[str, Any]:
    """A payment, loaded with what it settled, as JSON."""
    return {
        "id": row.uuid,
        "version": row.version,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "business": in_short(row.business, by="code"),
        "customer": in_short(row.customer),
        "currency": row.currency,
        "amount": money.amount(row.amount, row.currency),
        "applied": money.amount(row.applied, row.currency),
        "refunded": money.amount(row.refunded, row.currency),
        "refunding": money.amount(row.refunding, row.currency),
        "paid_on": row.paid_on,
        "method": row.method,
        "gateway": row.gateway,
        "gateway_reference": row.gateway_reference,
        "settlements": [
            {"invoice": entry.invoice.uuid, "amount": money.amount(entry.amount, row.currency)}
            for entry in row.settlements.all()
        ],
    }


@documented(PaymentOutput)
class PaymentViewSet(Resource):
    """Money that came in. A payment is never changed; money goes back by refunds."""

    serializer_class = PaymentOutput
    filters = PaymentFilters

    def visible(self) -> QuerySet[Payment, Payment]:
        return visible_payments(self.actor)

    def loaded(self, rows: Any) -> QuerySet[Any, Any]:
        return rows.with_settlements()

    def show(self, row: Payment) -> dict[str, Any]:
        return show_payment(row)

    @extend_schema(request=PaymentInput, responses={201: PaymentOutput})
    def create(self, request: Request) -> Response | HttpResponse:
        """Book money that came in; it settles the named invoice first, then the oldest due."""
        self.actor.require("sales.record_payment")
        values = read(PaymentInput, request)
        customer = values.pop("customer")
        return self.write(
            lambda: record_payment(customer_id=customer.pk, actor=self.actor, **values),
            status=201,
        )
