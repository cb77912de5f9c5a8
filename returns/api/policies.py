"""Rules for returns over REST: drafted, published, ended, and tried on past returns."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from returns.api.policy_shapes import (
    PolicyOutput,
    ReplayOutput,
    show_policy,
    show_replay,
)
from returns.models import PolicyStatus, PolicyVersion
from returns.selectors import VIEW, visible_policies, visible_returns
from returns.services import policies
from returns.services.replaying import replay
from rmaproject.rest.filters import RecordFilter, documented
from rmaproject.rest.history import HistoryOutput, history_page
from rmaproject.rest.inputs import Input, RecordField, TextInput, read
from rmaproject.rest.views import Resource
from rmaproject.rest.writing import Answer, change, require_version
from rmaproject.shared.errors import below
from sales.models import Business
from sales.selectors import visible_businesses

KEEP = "access.manage_settings"
Answered = Response | HttpResponse


@extend_schema_field({"type": "object", "additionalProperties": True})
class RulesInput(serializers.JSONField):
    """A document of rules; `docs/rules.md` says what stands in it."""


class PolicyChangeInput(Input):
    """What may be changed of a draft; `rules` is the whole document."""

    name = TextInput(max_length=200)
    rules = RulesInput(required=False)


class PolicyInput(PolicyChangeInput):
    business = RecordField(visible_businesses, by="code")


class PublishInput(Input):
    valid_from = serializers.DateField()


class EndInput(Input):
    on = serializers.DateField()


class ReplayInput(Input):
    """Which returns of the version's business to look at; without days the newest ones."""

    since = serializers.DateField(
        required=False, help_text="The first day on which they were asked for, counted in."
    )
    until = serializers.DateField(
        required=False, help_text="The last day on which they were asked for, counted in."
    )


class PolicyFilters(django_filters.FilterSet):
    business = RecordFilter(Business, by="code")
    status = django_filters.ChoiceFilter(choices=PolicyStatus.choices)


@documented(PolicyOutput)
class PolicyViewSet(Resource):
    """Versions of the rules for returns; a return keeps the one of the day it was requested."""

    serializer_class = PolicyOutput
    #: Posts that only look.
    looks = frozenset({"replay"})
    filters = PolicyFilters
    orderings = {"created_at": "pk", "number": "number"}

    def visible(self) -> QuerySet[PolicyVersion, PolicyVersion]:
        return visible_policies(self.actor)

    def show(self, row: PolicyVersion) -> dict[str, Any]:
        return show_policy(row)

    def loaded(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        return rows.select_related("business")

    @extend_schema(request=PolicyInput, responses={201: PolicyOutput})
    def create(self, request: Request) -> Answered:
        """Draft the next version of a business's rules."""
        self.actor.require(KEEP)
        values = read(PolicyInput, request)

        def act() -> PolicyVersion:
            with below("/rules"):
                return policies.create_policy(**values, actor=self.actor)

        return self.write(act, status=201)

    @extend_schema(request=PolicyChangeInput, responses=PolicyOutput)
    def partial_update(self, request: Request, uuid: str) -> Answered:
        """Change a draft; a published version stays."""
        row = self.record(uuid, KEEP)
        values = read(PolicyChangeInput, request, partial=True)

        def act() -> PolicyVersion:
            with below("/rules"):
                return policies.edit_policy(row.pk, values, actor=self.actor)

        return self.write(act, root=row)

    @extend_schema(request=None, responses={204: None})
    def destroy(self, request: Request, uuid: str) -> Answered:
        """Throw a draft away."""

        def run() -> Answer:
            row = self.record(uuid, KEEP)
            require_version(row, request.headers.get("If-Match"))
            policies.delete_policy(row.pk, actor=self.actor)
            return Answer(None, 204)

        return change(request, run)

    @extend_schema(request=PublishInput, responses=PolicyOutput)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, uuid: str) -> Answered:
        """Put a draft in force from a day on; the version in force until then ends there."""
        row = self.record(uuid, KEEP)
        values = read(PublishInput, request)
        return self.write(
            lambda: policies.publish_policy(row.pk, **values, actor=self.actor), root=row
        )

    @extend_schema(request=EndInput, responses=PolicyOutput)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, uuid: str) -> Answered:
        """Let a published version hold no longer from a day on."""
        row = self.record(uuid, KEEP)
        values = read(EndInput, request)
        return self.write(lambda: policies.end_policy(row.pk, **values, actor=self.actor), root=row)

    @extend_schema(request=None, responses=PolicyOutput)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, uuid: str) -> Answered:
        """Make a version a draft again before its first day; the one before it holds on."""
        row = self.record(uuid, KEEP)
        return self.write(lambda: policies.withdraw_policy(row.pk, actor=self.actor), root=row)

    @extend_schema(request=ReplayInput, responses=ReplayOutput)
    @action(detail=True, methods=["post"])
    def replay(self, request: Request, uuid: str) -> Response:
        """Try a version on past returns: whose decision or amounts would have differed.

        Changes nothing. Looks at the newest 500 of the returns that the caller sees.
        """
        row = self.record(uuid, KEEP, VIEW)
        values = read(ReplayInput, request)
        return Response(show_replay(replay(row, visible_returns(self.actor), **values)))

    @extend_schema(responses=HistoryOutput(many=True))
    @action(detail=True, methods=["get"])
    def history(self, request: Request, uuid: str) -> Response:
        """Who drafted, changed, published and ended a version, and when."""
        return history_page(request, self.record(uuid))
