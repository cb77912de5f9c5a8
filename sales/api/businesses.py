"""Businesses over REST: the legal entities that sell, and how they number their documents."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from customers.selectors import visible_companies
from rmaproject.rest.filters import documented
from rmaproject.rest.inputs import CurrencyInput, Input, RecordField, TextInput, read
from rmaproject.rest.outputs import NamedOutput, RecordOutput
from rmaproject.rest.shapes import id_of, in_short
from rmaproject.rest.views import Resource
from sales.api.fields import ReferenceInput
from sales.models import Business, Document, ReferencePattern
from sales.models.business import DEFAULT_PATTERNS
from sales.selectors import visible_businesses
from sales.services.businesses import create_business, edit_business, set_pattern
from stock.selectors import visible_locations

MANAGE = "access.manage_settings"


class PatternsOutput(serializers.Serializer[Any]):
    """How documents without a reference of their own are numbered."""

    sales_order = serializers.CharField()
    invoice = serializers.CharField()
    credit_note = serializers.CharField()
    return_order = serializers.CharField()
    refund = serializers.CharField()
    bank_file = serializers.CharField()


class BusinessOutput(RecordOutput):
    code = serializers.CharField()
    name = serializers.CharField()
    currency = serializers.CharField()
    time_zone = serializers.CharField()
    country = serializers.CharField()
    tax_number = serializers.CharField()
    address = serializers.CharField()
    returns_location = serializers.UUIDField(allow_null=True)
    anonymous_customer = NamedOutput(allow_null=True)
    sandbox = serializers.BooleanField()
    clock_ahead = serializers.IntegerField(
        help_text="How many seconds a sandbox's clock was moved ahead."
    )
    patterns = PatternsOutput()


class PatternsInput(Input):
    """Patterns with `{ref}`, and `{year}` and `{month}` where wanted."""

    sales_order = serializers.CharField(max_length=64, required=False)
    invoice = serializers.CharField(max_length=64, required=False)
    credit_note = serializers.CharField(max_length=64, required=False)
    return_order = serializers.CharField(max_length=64, required=False)
    refund = serializers.CharField(max_length=64, required=False)
    bank_file = serializers.CharField(max_length=64, required=False)


class BusinessInput(Input):
    code = ReferenceInput()
    name = serializers.CharField(max_length=200)
    currency = CurrencyInput()
    time_zone = serializers.CharField(max_length=64, required=False)
    country = TextInput(max_length=2)
    tax_number = TextInput(max_length=50)
    address = TextInput()
    returns_location = RecordField(visible_locations, by="code", required=False, allow_null=True)
    anonymous_customer = RecordField(
        visible_companies, by="reference", required=False, allow_null=True
    )
    patterns = PatternsInput(required=False)


class NewBusinessInput(BusinessInput):
    sandbox = serializers.BooleanField(
        required=False, help_text="A business to try things on; it stays one, or none, for ever."
    )


class BusinessFilters(django_filters.FilterSet):
    code = django_filters.CharFilter(lookup_expr="iexact")
    currency = django_filters.CharFilter()


def show_business(row: Business) -> dict[str, Any]:
    """A business, loaded with its patterns, as JSON."""
    own = {entry.document: entry.pattern for entry in row.patterns.all()}
    return {
        "id": row.uuid,
        "version": row.version,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "code": row.code,
        "name": row.name,
        "currency": row.currency,
        "time_zone": row.time_zone,
        "country": row.country,
        "tax_number": row.tax_number,
        "address": row.address,
        "returns_location": id_of(row.returns_location),
        "anonymous_customer": in_short(row.anonymous_customer),
        "sandbox": row.sandbox,
        "clock_ahead": int(row.clock_ahead.total_seconds()),
        "patterns": {
            document.value: own.get(document, DEFAULT_PATTERNS[document]) for document in Document
        },
    }


@documented(BusinessOutput)
class BusinessViewSet(Resource):
    """Our legal entities that sell; in other records a business's reference is its code."""

    serializer_class = BusinessOutput
    filters = BusinessFilters
    orderings = {"created_at": "pk", "code": "code"}
    default_ordering = "code"

    def visible(self) -> QuerySet[Business, Business]:
        return visible_businesses(self.actor)

    def loaded(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        patterns = Prefetch("patterns", ReferencePattern.objects.order_by("document"))
        related = ("returns_location", "anonymous_customer")
        return rows.select_related(*related).prefetch_related(patterns)

    def show(self, row: Business) -> dict[str, Any]:
        return show_business(row)

    @extend_schema(request=NewBusinessInput, responses={201: BusinessOutput})
    def create(self, request: Request) -> Response | HttpResponse:
        """Add a legal entity."""
        self.actor.require(MANAGE)
        values = read(NewBusinessInput, request)
        patterns = values.pop("patterns", {})

        def run() -> Business:
            business = create_business(values, actor=self.actor)
            self._number(business, patterns)
            return business

        return self.write(run, status=201)

    @extend_schema(request=BusinessInput, responses=BusinessOutput)
    def partial_update(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Change the fields and patterns that are sent. Needs If-Match."""
        business = self.record(uuid, MANAGE)
        values = read(BusinessInput, request, partial=True)
        patterns = values.pop("patterns", {})

        def run() -> Business:
            edit_business(business.pk, values, actor=self.actor)
            self._number(business, patterns)
            return business

        return self.write(run, root=business)

    def _number(self, business: Business, patterns: dict[str, str]) -> None:
        for document, pattern in patterns.items():
            set_pattern(business.pk, document, pattern, actor=self.actor)
