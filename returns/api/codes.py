"""Reasons, dispositions and the settings of returns over REST; there while returns are off."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from returns.models import Action, Disposition, Reason, ReturnsSwitch
from returns.selectors import VIEW
from returns.services import (
    create_disposition,
    create_reason,
    edit_disposition,
    edit_reason,
    turn_returns,
)
from rmaproject.rest.callers import actor_of
from rmaproject.rest.filters import FlagFilter
from rmaproject.rest.inputs import AmountInput, CurrencyInput, Input, PercentInput, read
from rmaproject.rest.outputs import RecordOutput
from rmaproject.rest.shapes import AmountOutput, PercentOutput
from rmaproject.rest.views import Resource, refuse_parameters
from rmaproject.rest.writing import Answer, change, etag, require_version
from rmaproject.shared import money

KEEP = "access.manage_settings"


class ReasonOutput(RecordOutput):
    code = serializers.CharField()
    name = serializers.CharField()
    active = serializers.BooleanField()


class DispositionOutput(ReasonOutput):
    action = serializers.ChoiceField(Action.choices)
    value_percent = PercentOutput(help_text="What is left of the goods' cost afterwards.")
    handling_cost = AmountOutput(help_text="What one unit costs us.")
    fee = AmountOutput(help_text="What one unit costs the customer, gross.")
    fee_vat_percent = PercentOutput()
    currency = serializers.CharField(help_text="Of handling cost and fee.")


class ReasonCodeInput(Input):
    code = serializers.CharField(max_length=64)
    name = serializers.CharField(max_length=200)
    active = serializers.BooleanField(required=False)


class DispositionInput(ReasonCodeInput):
    """A handling cost or a fee needs its currency."""

    action = serializers.ChoiceField(Action.choices)
    value_percent = PercentInput(required=False, max_value=Decimal(100))
    handling_cost = AmountInput(required=False, min_value=Decimal(0))
    fee = AmountInput(required=False, min_value=Decimal(0))
    fee_vat_percent = PercentInput(required=False)
    currency = CurrencyInput(required=False, allow_blank=True)


class CodeFilters(django_filters.FilterSet):
    code = django_filters.CharFilter(lookup_expr="iexact")
    active = FlagFilter()


def show_reason(row: Reason | Disposition) -> dict[str, Any]:
    """A reason as JSON."""
    return {
        "id": row.uuid,
        "version": row.version,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "code": row.code,
        "name": row.name,
        "active": row.active,
    }


def show_disposition(row: Disposition) -> dict[str, Any]:
    """A disposition as JSON, with the fixed action it stands for and what it costs."""
    return {
        **show_reason(row),
        "action": row.action,
        "value_percent": money.plain(row.value_percent),
        "handling_cost": money.plain(row.handling_cost),
        "fee": money.plain(row.fee),
        "fee_vat_percent": money.plain(row.fee_vat_percent),
        "currency": row.currency,
    }


class Codes(Resource):
    """Coded words of the desk, for everybody who sees returns; settings for who changes them."""

    filters = CodeFilters
    orderings = {"created_at": "pk", "code": "code", "name": "name"}
    default_ordering = "code"

    def require_sight(self) -> None:
        if not self.actor.may(KEEP):
            self.actor.require(VIEW)


@extend_schema_view(
    list=extend_schema(responses=ReasonOutput(many=True)),
    retrieve=extend_schema(responses=ReasonOutput),
)
class ReasonViewSet(Codes):
    """Why goods come back."""

    serializer_class = ReasonOutput

    def visible(self) -> QuerySet[Reason, Reason]:
        self.require_sight()
        return Reason.objects.all()

    def show(self, row: Reason) -> dict[str, Any]:
        return show_reason(row)

    @extend_schema(request=ReasonCodeInput, responses={201: ReasonOutput})
    def create(self, request: Request) -> Response | HttpResponse:
        """Add a reason."""
        self.actor.require(KEEP)
        values = read(ReasonCodeInput, request)
        return self.write(lambda: create_reason(values, actor=self.actor), status=201)

    @extend_schema(request=ReasonCodeInput, responses=ReasonOutput)
    def partial_update(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Change a reason; an inactive one cannot be chosen any more."""
        row = self.record(uuid, KEEP)
        values = read(ReasonCodeInput, request, partial=True)
        return self.write(lambda: edit_reason(row.pk, values, actor=self.actor), root=row)


@extend_schema_view(
    list=extend_schema(responses=DispositionOutput(many=True)),
    retrieve=extend_schema(responses=DispositionOutput),
)
class DispositionViewSet(Codes):
    """What may be decided about received goods."""

    serializer_class = DispositionOutput

    def visible(self) -> QuerySet[Disposition, Disposition]:
        self.require_sight()
        return Disposition.objects.all()

    def show(self, row: Disposition) -> dict[str, Any]:
        return show_disposition(row)

    @extend_schema(request=DispositionInput, responses={201: DispositionOutput})
    def create(self, request: Request) -> Response | HttpResponse:
        """Add a disposition for one of the fixed actions."""
        self.actor.require(KEEP)
        values = read(DispositionInput, request)
        return self.write(lambda: create_disposition(values, actor=self.actor), status=201)

    @extend_schema(request=DispositionInput, responses=DispositionOutput)
    def partial_update(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Change a disposition; what was decided by it before stays."""
        row = self.record(uuid, KEEP)
        values = read(DispositionInput, request, partial=True)
        return self.write(lambda: edit_disposition(row.pk, values, actor=self.actor), root=row)


class SettingsOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField(allow_null=True)
    version = serializers.IntegerField()
    returns_enabled = serializers.BooleanField()


class SettingsInput(Input):
    returns_enabled = serializers.BooleanField()
    shape = {"required": ["returns_enabled"]}


def show_settings(switch: ReturnsSwitch | None) -> dict[str, Any]:
    """The settings; an installation where nobody changed them shows version 0."""
    return {
        "id": switch.uuid if switch else None,
        "version": switch.version if switch else 0,
        "returns_enabled": bool(switch and switch.enabled),
    }


class SettingsViewSet(GenericViewSet[Any]):
    """Settings of the installation."""

    serializer_class = SettingsOutput

    @extend_schema(responses=SettingsOutput)
    def retrieve(self, request: Request) -> Response:
        """The settings as they are."""
        refuse_parameters(request)
        actor_of(request).require(KEEP)
        return _settings_answer(ReturnsSwitch.objects.first())

    @extend_schema(request=SettingsInput, responses=SettingsOutput)
    def partial_update(self, request: Request) -> Response | HttpResponse:
        """Switch returns on or off."""
        actor = actor_of(request)
        actor.require(KEEP)
        values = read(SettingsInput, request)

        def run() -> Answer:
            switch = ReturnsSwitch.objects.first() or ReturnsSwitch(version=0)
            require_version(switch, request.headers.get("If-Match"))
            switch = turn_returns(on=values["returns_enabled"], actor=actor)
            return Answer(show_settings(switch), headers={"ETag": etag(switch.version)})

        return change(request, run)


def _settings_answer(switch: ReturnsSwitch | None) -> Response:
    shown = show_settings(switch)
    return Response(shown, headers={"ETag": etag(shown["version"])})
