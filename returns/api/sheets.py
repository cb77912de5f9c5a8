"""Inspection sheets with their grades over REST; read by who sees returns, kept by few."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from returns.api import nameable
from returns.api.codes import KEEP, Codes
from returns.models import Grade, Sheet, Verdict
from returns.services.sheets import KINDS, create_sheet, edit_sheet
from rmaproject.rest.filters import FlagFilter, RecordFilter
from rmaproject.rest.inputs import Input, PercentInput, RecordField, TextInput, read
from rmaproject.rest.outputs import NamedOutput, RecordOutput
from rmaproject.rest.shapes import PercentOutput, in_short
from rmaproject.shared import money
from stock.models import PartCategory


class QuestionShape(Input):
    """A question; `choices` belong to the kind `choice` alone.

    `grades` name the grade that an answer proposes, by "yes", "no" or the words of a choice; the
    worst of those named is proposed, and taken where an inspection gives none.
    """

    code = serializers.CharField(max_length=64)
    text = serializers.CharField(max_length=300)
    kind = serializers.ChoiceField([(kind, kind) for kind in KINDS])
    choices = serializers.ListField(child=serializers.CharField(max_length=100), required=False)
    required = serializers.BooleanField(required=False)  # type: ignore[assignment]
    help = TextInput(max_length=500)
    grades = serializers.DictField(child=serializers.CharField(max_length=64), required=False)


class GradeOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    code = serializers.CharField()
    name = serializers.CharField()
    criteria = serializers.CharField()
    verdict = serializers.ChoiceField(Verdict.choices)
    share = PercentOutput()
    disposition = NamedOutput(allow_null=True)


class SheetOutput(RecordOutput):
    name = serializers.CharField()
    category = NamedOutput(allow_null=True)
    questions = serializers.ListField(child=serializers.DictField())
    serial_check = serializers.BooleanField()
    photos = serializers.IntegerField()
    active = serializers.BooleanField()
    grades = GradeOutput(many=True)


class GradeInput(Input):
    """A grade; a rejecting one is worth nothing, an accepting one all unless `share` says less."""

    code = serializers.CharField(max_length=64)
    name = serializers.CharField(max_length=200)
    criteria = TextInput()
    verdict = serializers.ChoiceField(Verdict.choices)
    share = PercentInput(required=False)
    disposition = RecordField(nameable.dispositions, by="code", required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        whole = 100 if attrs.get("verdict") == Verdict.ACCEPTED else 0
        return {"share": whole, **attrs}


class SheetInput(Input):
    """Given grades replace all that the sheet has."""

    name = serializers.CharField(max_length=200)
    category = RecordField(nameable.categories, by="code", required=False, allow_null=True)
    questions = QuestionShape(many=True, required=False)
    serial_check = serializers.BooleanField(required=False)
    photos = serializers.IntegerField(required=False, min_value=0, max_value=20)
    active = serializers.BooleanField(required=False)
    grades = GradeInput(many=True, required=False)


class SheetFilters(django_filters.FilterSet):
    category = RecordFilter(PartCategory, by="code")
    active = FlagFilter()


def show_sheet(row: Sheet) -> dict[str, Any]:
    """A sheet with its grades as JSON."""
    return {
        "id": row.uuid,
        "version": row.version,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "name": row.name,
        "category": in_short(row.category, by="code"),
        "questions": row.questions,
        "serial_check": row.serial_check,
        "photos": row.photos,
        "active": row.active,
        "grades": [_grade(grade) for grade in row.grades.all()],
    }


def _grade(row: Grade) -> dict[str, Any]:
    return {
        "id": row.uuid,
        "code": row.code,
        "name": row.name,
        "criteria": row.criteria,
        "verdict": row.verdict,
        "share": money.plain(row.share),
        "disposition": in_short(row.disposition, by="code"),
    }


@extend_schema_view(
    list=extend_schema(responses=SheetOutput(many=True)),
    retrieve=extend_schema(responses=SheetOutput),
)
class SheetViewSet(Codes):
    """What an inspector looks at, for a class of parts, and the grades that come of it."""

    serializer_class = SheetOutput
    filters = SheetFilters
    orderings = {"created_at": "pk", "name": "name"}
    default_ordering = "name"

    def visible(self) -> QuerySet[Sheet, Sheet]:
        self.require_sight()
        return Sheet.objects.all()

    def loaded(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        return rows.select_related("category").prefetch_related("grades__disposition")

    def show(self, row: Sheet) -> dict[str, Any]:
        return show_sheet(row)

    @extend_schema(request=SheetInput, responses={201: SheetOutput})
    def create(self, request: Request) -> Response | HttpResponse:
        """Add a sheet; one is in use for each category, and one for parts without."""
        self.actor.require(KEEP)
        values = read(SheetInput, request)
        return self.write(lambda: create_sheet(values, actor=self.actor), status=201)

    @extend_schema(request=SheetInput, responses=SheetOutput)
    def partial_update(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Change a sheet; inspections keep what was read when they were made."""
        row = self.record(uuid, KEEP)
        values = read(SheetInput, request, partial=True)
        return self.write(lambda: edit_sheet(row.pk, values, actor=self.actor), root=row)
