"""The trail of everything over REST: what a request changed, found by its id."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from rmaproject.access.actors import SEE_ALL
from rmaproject.audit.models import AuditEntry
from rmaproject.rest.history import HistoryOutput, show_entry
from rmaproject.rest.views import Resource


class AuditOutput(HistoryOutput):
    aggregate = serializers.CharField(help_text="The kind of record, like `returns.returnorder`.")
    record = serializers.UUIDField(help_text="The record's id.")


class AuditFilters(django_filters.FilterSet):
    request_id = django_filters.CharFilter()
    record = django_filters.UUIDFilter("aggregate_id")
    at__gte = django_filters.IsoDateTimeFilter("at", "gte")
    at__lte = django_filters.IsoDateTimeFilter("at", "lte")


@extend_schema_view(list=extend_schema(responses=AuditOutput(many=True)))
class AuditViewSet(Resource):
    """Every change of every record, newest first.

    For who manages settings and sees all businesses; others read the history of a record.
    """

    serializer_class = AuditOutput
    filters = AuditFilters
    orderings = {"at": "pk"}
    default_ordering = "-at"

    def visible(self) -> QuerySet[AuditEntry, AuditEntry]:
        self.actor.require("access.manage_settings")
        # A permission for all businesses is no matter of the token in hand, so it is asked apart.
        if not self.actor.scope.everything:
            self.actor.require(SEE_ALL)
        return AuditEntry.objects.all()

    def loaded(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        return rows.select_related("actor")

    def show(self, row: AuditEntry) -> dict[str, Any]:
        return {**show_entry(row), "aggregate": row.aggregate, "record": row.aggregate_id}
