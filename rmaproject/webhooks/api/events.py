"""The events over REST: the same that webhooks tell, for whoever missed some or likes to ask."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from rmaproject.events.kinds import known_patterns
from rmaproject.events.models import Event
from rmaproject.events.outbox import number_all
from rmaproject.events.selectors import visible_events
from rmaproject.rest.filters import documented
from rmaproject.rest.selecting import words_pattern
from rmaproject.rest.views import Resource
from rmaproject.shared.errors import Malformed
from rmaproject.webhooks.api.shapes import EventOutput, show_event


class TypesFilter(django_filters.CharFilter):
    """Types of events, parted by commas."""

    def in_schema(self) -> dict[str, str]:
        """What is taken, for the OpenAPI document."""
        return words_pattern(known_patterns())


class EventFilters(django_filters.FilterSet):
    after = django_filters.CharFilter(
        method="by_after", label="The id of the last event that you have; what follows is told."
    )
    type = TypesFilter(method="by_types", label="A type, or a kind as `return.*`.")
    types = TypesFilter(method="by_types", label="Several, parted by commas.")
    record = django_filters.UUIDFilter(field_name="aggregate_id", label="Of one record, by its id.")

    def by_after(self, rows: QuerySet[Any, Any], name: str, value: str) -> QuerySet[Any, Any]:
        return rows.filter(position__gt=_position_of(value))

    def by_types(self, rows: QuerySet[Any, Any], name: str, value: str) -> QuerySet[Any, Any]:
        patterns = value.split(",")
        unknown = sorted(set(patterns) - set(known_patterns()))
        if unknown:
            message = _("There are no events %(unknown)s.") % {"unknown": ", ".join(unknown)}
            raise Malformed(message, code="invalid_parameter", pointer=name)
        kinds = [word.removesuffix(".*") for word in patterns if word.endswith(".*")]
        meant = Q(type__in=patterns) | Q(kind__in=kinds)
        return rows if "*" in patterns else rows.filter(meant)


@documented(EventOutput)
class EventViewSet(Resource):
    """What changed, in the order in which it is told, oldest first. Kept for 90 days.

    Read on with `after` and the id of the last event that you have; an empty page means that
    nothing has happened since.
    """

    serializer_class = EventOutput
    filters = EventFilters
    orderings = {"position": "position"}
    default_ordering = "position"

    def visible(self) -> QuerySet[Event, Event]:
        return visible_events(self.actor)

    def show(self, row: Event) -> dict[str, Any]:
        return show_event(row)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List events."""
        number_all()
        return super().list(request, *args, **kwargs)


def _position_of(ident: str) -> int:
    """The place of an event; of one that the caller may not see too, which tells nothing of it."""
    try:
        rows = Event.objects.filter(uuid=UUID(ident), position__isnull=False)
    except ValueError:
        rows = Event.objects.none()
    position = rows.values_list("position", flat=True).first()
    if position is None:
        message = _("That event is not kept any more, or never was; read from the start.")
        raise Malformed(message, code="invalid_cursor", pointer="after")
    return position
