"""Locations over REST: the tree of places where stock lies."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from rmaproject.rest.filters import FlagFilter, RecordFilter, documented
from rmaproject.rest.inputs import Input, RecordField, TextInput, read
from rmaproject.rest.outputs import RecordOutput
from rmaproject.rest.shapes import id_of
from rmaproject.rest.views import Resource
from stock.models import Location
from stock.paths import location_paths
from stock.selectors import visible_locations
from stock.services import create_location, edit_location

EDIT = "stock.edit_location"


class LocationOutput(RecordOutput):
    code = serializers.CharField()
    name = serializers.CharField()
    parent = serializers.UUIDField(allow_null=True)  # type: ignore[assignment]
    path = serializers.CharField()
    active = serializers.BooleanField()


class LocationInput(Input):
    code = serializers.CharField(max_length=64, trim_whitespace=False)
    name = TextInput(max_length=200)
    parent = RecordField(  # type: ignore[assignment]
        visible_locations, by="code", required=False, allow_null=True
    )
    active = serializers.BooleanField(default=True)


class LocationFilters(django_filters.FilterSet):
    code = django_filters.CharFilter(lookup_expr="iexact")
    parent = RecordFilter(Location, by="code")
    active = FlagFilter()


def show_location(row: Location, path: str) -> dict[str, Any]:
    """A location as JSON."""
    return {
        "id": row.uuid,
        "version": row.version,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "code": row.code,
        "name": row.name,
        "parent": id_of(row.parent),
        "path": path,
        "active": row.active,
    }


@documented(LocationOutput)
class LocationViewSet(Resource):
    """Places where stock lies. One in use is made inactive, never deleted."""

    serializer_class = LocationOutput
    filters = LocationFilters
    orderings = {"created_at": "pk", "code": "code"}
    default_ordering = "code"

    def visible(self) -> QuerySet[Location, Location]:
        return visible_locations(self.actor)

    def loaded(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        return rows.select_related("parent")

    def show(self, row: Location) -> dict[str, Any]:
        return self.show_all([row])[0]

    def show_all(self, rows: list[Location]) -> list[dict[str, Any]]:
        paths = location_paths(row.pk for row in rows)
        return [show_location(row, paths[row.pk]) for row in rows]

    @extend_schema(request=LocationInput, responses={201: LocationOutput})
    def create(self, request: Request) -> Response | HttpResponse:
        """Add a location, at the top or inside of another one."""
        self.actor.require(EDIT)
        values = read(LocationInput, request)
        return self.write(lambda: create_location(values, actor=self.actor), status=201)

    @extend_schema(request=LocationInput, responses=LocationOutput)
    def partial_update(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Change the fields that are sent, or hang it elsewhere. Needs If-Match."""
        location = self.record(uuid, EDIT)
        values = read(LocationInput, request, partial=True)
        return self.write(
            lambda: edit_location(location.pk, values, actor=self.actor), root=location
        )
