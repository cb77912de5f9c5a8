"""Custom fields over REST: who defines them, how their values are written, read and looked for."""

from __future__ import annotations

from typing import Any, Final

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import (
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from returns.custom import narrowed
from returns.models import CustomField, FieldKind, Target
from returns.selectors import VIEW
from returns.services import create_custom_field, edit_custom_field
from rmaproject.rest.filters import FlagFilter
from rmaproject.rest.inputs import Input, TextInput, read
from rmaproject.rest.outputs import RecordOutput
from rmaproject.rest.views import Resource

KEEP: Final = "access.manage_settings"
#: Filters of the list of returns: by fields of returns, and by fields of their lines.
OF_RETURN: Final = "custom."
OF_LINE: Final = "line_custom."
#: Values by the code of their field.
VALUES: Final = {
    "type": "object",
    "additionalProperties": {"oneOf": [{"type": "string"}, {"type": "boolean"}]},
    "description": "Values of custom fields by code; numbers as decimal texts.",
}
GIVEN: Final = {
    "type": "object",
    "additionalProperties": {
        "oneOf": [
            {"type": "string"},
            {"type": "number"},
            {"type": "boolean"},
            {"type": "null"},
        ]
    },
    "description": "Values of custom fields by code, in the type of each; null takes one out.",
}
#: How a list of returns says that it takes a filter for each field; no name stands for them all.
FILTERS: Final = (
    f"Custom fields filter too: `{OF_RETURN}<code>=` and, for what stands on lines, "
    f"`{OF_LINE}<code>=`; `.min` and `.max` after the code give a range."
)


@extend_schema_field(VALUES)
class CustomOutput(serializers.DictField):
    """What was written into custom fields."""


@extend_schema_field(GIVEN)
class CustomInput(serializers.Field[Any, Any, Any, Any]):
    """Values of custom fields; their types are checked by the service, which knows the fields."""

    default_error_messages = {"invalid": "Give an object of values by the code of their field."}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            self.fail("invalid")
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class CustomFieldOutput(RecordOutput):
    target = serializers.ChoiceField(Target.choices)
    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(FieldKind.choices)
    choices = serializers.ListField(child=serializers.CharField())
    required = serializers.BooleanField()  # type: ignore[assignment]
    active = serializers.BooleanField()
    position = serializers.IntegerField()


class CustomFieldChangeForm(Input):
    """What may be changed of a field; what it is stays."""

    name = serializers.CharField(max_length=200)
    choices = serializers.ListField(child=TextInput(max_length=100), required=False)
    required = serializers.BooleanField(required=False)  # type: ignore[assignment]
    active = serializers.BooleanField(required=False)
    position = serializers.IntegerField(required=False, min_value=0, max_value=10_000)


class CustomFieldForm(CustomFieldChangeForm):
    target = serializers.ChoiceField(Target.choices)
    code = serializers.CharField(max_length=40)
    kind = serializers.ChoiceField(FieldKind.choices)


class CustomFieldFilters(django_filters.FilterSet):
    target = django_filters.ChoiceFilter(choices=Target.choices)
    code = django_filters.CharFilter(lookup_expr="iexact")
    kind = django_filters.ChoiceFilter(choices=FieldKind.choices)
    active = FlagFilter()


def show_field(row: CustomField) -> dict[str, Any]:
    """A field as JSON."""
    return {
        "id": row.uuid,
        "version": row.version,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "target": row.target,
        "code": row.code,
        "name": row.name,
        "kind": row.kind,
        "choices": row.choices,
        "required": row.required,
        "active": row.active,
        "position": row.position,
    }


@extend_schema_view(
    list=extend_schema(responses=CustomFieldOutput(many=True)),
    retrieve=extend_schema(responses=CustomFieldOutput),
)
class CustomFieldViewSet(Resource):
    """Fields that this installation adds to returns and lines."""

    serializer_class = CustomFieldOutput
    filters = CustomFieldFilters
    orderings = {"created_at": "pk", "code": "code", "position": "position"}
    default_ordering = "position"

    def visible(self) -> QuerySet[CustomField, CustomField]:
        if not self.actor.may(KEEP):
            self.actor.require(VIEW)
        return CustomField.objects.all()

    def show(self, row: CustomField) -> dict[str, Any]:
        return show_field(row)

    @extend_schema(request=CustomFieldForm, responses={201: CustomFieldOutput})
    def create(self, request: Request) -> Response | HttpResponse:
        """Add a field to returns or to their lines."""
        self.actor.require(KEEP)
        values = read(CustomFieldForm, request)
        return self.write(lambda: create_custom_field(values, actor=self.actor), status=201)

    @extend_schema(request=CustomFieldChangeForm, responses=CustomFieldOutput)
    def partial_update(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Change a field; one that is not active any more keeps what was written."""
        row = self.record(uuid, KEEP)
        values = read(CustomFieldChangeForm, request, partial=True)
        return self.write(lambda: edit_custom_field(row.pk, values, actor=self.actor), root=row)


class ByCustomFields(Resource):
    """A list of returns that is narrowed by custom fields too; it costs nothing when none is."""

    def _filter(self, rows: QuerySet[Any, Any], given: set[str]) -> QuerySet[Any, Any]:
        query = self.request.query_params
        header = {name: query[name] for name in given if name.startswith(OF_RETURN)}
        lines = {name: query[name] for name in given if name.startswith(OF_LINE)}
        if rest := given - set(header) - set(lines):
            rows = super()._filter(rows, rest)
        if header:
            rows = narrowed(rows, Target.RETURN, header, prefix=OF_RETURN)
        return narrowed(rows, Target.LINE, lines, prefix=OF_LINE) if lines else rows
