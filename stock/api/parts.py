"""Parts over REST: what is sold, by its SKU."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from rmaproject.access.actors import Actor
from rmaproject.rest.filters import FlagFilter, RecordFilter, documented
from rmaproject.rest.inputs import CurrencyInput, Input, PriceInput, RecordField, TextInput, read
from rmaproject.rest.outputs import NamedOutput, RecordOutput
from rmaproject.rest.shapes import PriceOutput, in_short
from rmaproject.shared.money import plain
from stock.api.kits import KitResource
from stock.gtin import with_number
from stock.models import Part, PartCategory, PartKind
from stock.selectors import search_parts, visible_categories, visible_parts
from stock.services import create_part, edit_part

EDIT = "stock.edit_part"


class PartOutput(RecordOutput):
    sku = serializers.CharField()
    gtin = serializers.CharField(help_text="Its number as a trade item (GS1); empty without one.")
    name = serializers.CharField()
    description = serializers.CharField()
    category = NamedOutput(allow_null=True)
    unit = serializers.CharField()
    kind = serializers.ChoiceField(choices=PartKind.choices)
    unit_cost = PriceOutput(allow_null=True, help_text="What one unit costs us.")
    cost_currency = serializers.CharField()
    is_salable = serializers.BooleanField()
    is_serialized = serializers.BooleanField()
    is_batched = serializers.BooleanField()
    is_virtual = serializers.BooleanField()
    active = serializers.BooleanField()


def active_categories(actor: Actor) -> QuerySet[PartCategory, PartCategory]:
    """Classes of parts that may be chosen."""
    return visible_categories(actor).filter(active=True)


class PartInput(Input):
    sku = serializers.CharField(max_length=64, trim_whitespace=False)
    gtin = TextInput(max_length=20)
    name = serializers.CharField(max_length=200)
    description = TextInput()
    category = RecordField(active_categories, by="code", required=False, allow_null=True)
    unit = serializers.CharField(max_length=20, required=False)
    kind = serializers.ChoiceField(choices=PartKind.choices, default=PartKind.SIMPLE)
    unit_cost = PriceInput(required=False, allow_null=True, min_value=Decimal(0))
    cost_currency = CurrencyInput(required=False, allow_blank=True)
    is_salable = serializers.BooleanField(default=True)
    is_serialized = serializers.BooleanField(default=False)
    is_batched = serializers.BooleanField(default=False)
    is_virtual = serializers.BooleanField(default=False)
    active = serializers.BooleanField(default=True)


class PartFilters(django_filters.FilterSet):
    sku = django_filters.CharFilter(lookup_expr="iexact")
    gtin = django_filters.CharFilter(method="with_gtin")
    kind = django_filters.ChoiceFilter(choices=PartKind.choices)
    category = RecordFilter(PartCategory, by="code")
    is_salable = FlagFilter()
    is_serialized = FlagFilter()
    is_batched = FlagFilter()
    is_virtual = FlagFilter()
    active = FlagFilter()

    def with_gtin(self, rows: Any, name: str, value: str) -> Any:
        """The part with this number, however many zeros stand in front of it."""
        return with_number(rows, [value])


def show_part(row: Part) -> dict[str, Any]:
    """A part as JSON."""
    return {
        "id": row.uuid,
        "version": row.version,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "sku": row.sku,
        "gtin": row.gtin,
        "name": row.name,
        "description": row.description,
        "category": in_short(row.category, by="code"),
        "unit": row.unit,
        "kind": row.kind,
        "unit_cost": None if row.unit_cost is None else plain(row.unit_cost),
        "cost_currency": row.cost_currency,
        "is_salable": row.is_salable,
        "is_serialized": row.is_serialized,
        "is_batched": row.is_batched,
        "is_virtual": row.is_virtual,
        "active": row.active,
    }


@documented(PartOutput)
class PartViewSet(KitResource):
    """What is sold. A part in use is made inactive, never deleted."""

    serializer_class = PartOutput
    filters = PartFilters
    orderings = {"created_at": "pk", "sku": "sku", "name": "name"}

    def visible(self) -> QuerySet[Part, Part]:
        return visible_parts(self.actor)

    def loaded(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        return rows.select_related("category")

    def find(self, rows: QuerySet[Any, Any], text: str) -> QuerySet[Any, Any]:
        return search_parts(rows, text)

    def show(self, row: Part) -> dict[str, Any]:
        return show_part(row)

    @extend_schema(request=PartInput, responses={201: PartOutput})
    def create(self, request: Request) -> Response | HttpResponse:
        """Add a part; its SKU is yours to choose and unique."""
        self.actor.require(EDIT)
        values = read(PartInput, request)
        return self.write(lambda: create_part(values, actor=self.actor), status=201)

    @extend_schema(request=PartInput, responses=PartOutput)
    def partial_update(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Change the fields that are sent. Needs If-Match."""
        part = self.record(uuid, EDIT)
        values = read(PartInput, request, partial=True)
        return self.write(lambda: edit_part(part.pk, values, actor=self.actor), root=part)
