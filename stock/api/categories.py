"""Part categories over REST: classes of parts that rules and inspection sheets are made for."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from rmaproject.rest.filters import FlagFilter, documented
from rmaproject.rest.inputs import Input, read
from rmaproject.rest.outputs import RecordOutput
from rmaproject.rest.views import Resource
from stock.models import PartCategory
from stock.selectors import visible_categories
from stock.services import create_category, edit_category

KEEP = "access.manage_settings"


class CategoryOutput(RecordOutput):
    code = serializers.CharField()
    name = serializers.CharField()
    active = serializers.BooleanField()


class CategoryInput(Input):
    code = serializers.CharField(max_length=64)
    name = serializers.CharField(max_length=200)
    active = serializers.BooleanField(required=False)


class CategoryFilters(django_filters.FilterSet):
    code = django_filters.CharFilter(lookup_expr="iexact")
    active = FlagFilter()


@documented(CategoryOutput)
class CategoryViewSet(Resource):
    """Classes of parts. One in use is made inactive, never deleted."""

    serializer_class = CategoryOutput
    filters = CategoryFilters
    orderings = {"created_at": "pk", "code": "code", "name": "name"}
    default_ordering = "code"

    def visible(self) -> QuerySet[PartCategory, PartCategory]:
        return visible_categories(self.actor)

    def show(self, row: PartCategory) -> dict[str, Any]:
        return {
            "id": row.uuid,
            "version": row.version,
            "created_at": row.created_at,
            "updated_at": row.updated_at,
            "code": row.code,
            "name": row.name,
            "active": row.active,
        }

    @extend_schema(request=CategoryInput, responses={201: CategoryOutput})
    def create(self, request: Request) -> Response | HttpResponse:
        """Add a class of parts."""
        self.actor.require(KEEP)
        values = read(CategoryInput, request)
        return self.write(lambda: create_category(values, actor=self.actor), status=201)

    @extend_schema(request=CategoryInput, responses=CategoryOutput)
    def partial_update(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Change a class of parts; an inactive one cannot be chosen any more."""
        row = self.record(uuid, KEEP)
        values = read(CategoryInput, request, partial=True)
        return self.write(lambda: edit_category(row.pk, values, actor=self.actor), root=row)
