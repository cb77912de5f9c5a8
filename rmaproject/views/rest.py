"""Saved views as a filter of the REST lists: `view=<name in addresses>`."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet

from rmaproject.rest.callers import actor_of
from rmaproject.views.looking import narrowed_by_view
from rmaproject.views.registry import registered


class ViewFilter(django_filters.CharFilter):
    """The rows that a saved view shows, among those that the caller sees anyway.

    Raises NotFound for a view that is private to somebody else.
    """

    def __init__(self, key: str, **options: Any) -> None:
        self.key = key
        super().__init__(label="A saved view, by the name in its address.", **options)

    def filter(self, rows: QuerySet[Any, Any], value: Any) -> QuerySet[Any, Any]:
        if not value:
            return rows
        actor = actor_of(self.parent.request)
        return narrowed_by_view(registered(self.key).listing, actor, rows, value)
