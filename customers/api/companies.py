"""Companies over REST."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from customers.models import Company
from customers.selectors import search_companies, visible_companies
from customers.services import FLAG, create_company, edit_company
from rmaproject.rest.filters import FlagFilter, documented
from rmaproject.rest.history import HistoryOutput, history_page
from rmaproject.rest.inputs import Input, TextInput, read
from rmaproject.rest.outputs import RecordOutput
from rmaproject.rest.views import Resource


class CompanyOutput(RecordOutput):
    reference = serializers.CharField()
    name = serializers.CharField()
    is_customer = serializers.BooleanField()
    is_supplier = serializers.BooleanField()
    active = serializers.BooleanField()
    country = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField()
    tax_number = serializers.CharField()
    note = serializers.CharField()
    flags = serializers.ListField(child=serializers.CharField())


class CompanyInput(Input):
    reference = serializers.CharField(max_length=64, trim_whitespace=False)
    name = serializers.CharField(max_length=200)
    is_customer = serializers.BooleanField(default=True)
    is_supplier = serializers.BooleanField(default=False)
    active = serializers.BooleanField(default=True)
    country = TextInput(max_length=2)
    email = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    phone = TextInput(max_length=50)
    tax_number = TextInput(max_length=50)
    note = TextInput()
    flags = serializers.ListField(
        child=serializers.RegexField(FLAG, max_length=30), max_length=20, required=False
    )


class CompanyFilters(django_filters.FilterSet):
    reference = django_filters.CharFilter(lookup_expr="iexact")
    is_customer = FlagFilter()
    is_supplier = FlagFilter()
    active = FlagFilter()
    country = django_filters.CharFilter(lookup_expr="iexact")


def show_company(row: Company) -> dict[str, Any]:
    """A company as JSON."""
    return {
        "id": row.uuid,
        "version": row.version,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "reference": row.reference,
        "name": row.name,
        "is_customer": row.is_customer,
        "is_supplier": row.is_supplier,
        "active": row.active,
        "country": row.country,
        "email": row.email,
        "phone": row.phone,
        "tax_number": row.tax_number,
        "note": row.note,
        "flags": row.flags,
    }


@documented(CompanyOutput)
class CompanyViewSet(Resource):
    """Parties: customers and suppliers. A company in use is made inactive, never deleted."""

    serializer_class = CompanyOutput
    filters = CompanyFilters
    orderings = {"created_at": "pk", "reference": "reference", "name": "name"}

    def visible(self) -> QuerySet[Company, Company]:
        return visible_companies(self.actor)

    def find(self, rows: QuerySet[Any, Any], text: str) -> QuerySet[Any, Any]:
        return search_companies(rows, text)

    def show(self, row: Company) -> dict[str, Any]:
        return show_company(row)

    @extend_schema(request=CompanyInput, responses={201: CompanyOutput})
    def create(self, request: Request) -> Response | HttpResponse:
        """Add a company; its reference is yours to choose and unique."""
        self.actor.require("customers.create_company")
        values = read(CompanyInput, request)
        return self.write(lambda: create_company(values, actor=self.actor), status=201)

    @extend_schema(request=CompanyInput, responses=CompanyOutput)
    def partial_update(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Change the fields that are sent. Needs If-Match."""
        company = self.record(uuid, "customers.edit_company")
        values = read(CompanyInput, request, partial=True)
        return self.write(lambda: edit_company(company.pk, values, actor=self.actor), root=company)

    @extend_schema(responses=HistoryOutput(many=True))
    @action(detail=True, methods=["get"])
    def history(self, request: Request, uuid: str) -> Response:
        """Who changed the company, when and how."""
        return history_page(request, self.record(uuid))
