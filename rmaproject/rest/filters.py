"""Filters of lists: strict about their values, and declared in the schema from one source."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

import django_filters
from django.db.models import Model, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers

#: How many records one reference may stand for in a filter; they differ by business.
MANY: Final = 100


class RecordFilter(django_filters.CharFilter):
    """Rows that point to another record, named by its id or by its reference, code or SKU."""

    def __init__(self, target: type[Model], *, by: str = "", **options: Any) -> None:
        self.target, self.by = target, by
        super().__init__(**options)

    def filter(self, rows: QuerySet[Any, Any], value: Any) -> QuerySet[Any, Any]:
        if not value:
            return rows
        return rows.filter(**{f"{self.field_name}__in": keys_of(self.target, value, by=self.by)})


class FlagFilter(django_filters.TypedChoiceFilter):
    """`true` or `false`, and nothing else."""

    def __init__(self, **options: Any) -> None:
        choices = (("true", "true"), ("false", "false"))
        super().__init__(choices=choices, coerce=lambda text: text == "true", **options)


def keys_of(target: type[Model], text: str, *, by: str = "") -> list[int]:
    """The keys of the records with this id, else with this reference ignoring case."""
    rows = target._default_manager.values_list("pk", flat=True)
    try:
        found = list(rows.filter(uuid=UUID(text)))
    except ValueError:
        found = []
    if found or not by:
        return found
    return list(rows.filter(**{f"{by}__iexact": text})[:MANY])


def documented(
    output: type[serializers.Serializer[Any]], *, more: tuple[OpenApiParameter, ...] = ()
) -> Callable[[Any], Any]:
    """Say in the schema what list and detail of a resource answer; its filters say themselves."""
    return extend_schema_view(
        list=extend_schema(responses=output(many=True), parameters=list(more)),
        retrieve=extend_schema(responses=output),
    )
