"""Stock movements over REST: the ledger behind every quantity, read only."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet, Value
from rest_framework import serializers

from rmaproject.rest.filters import RecordFilter, documented, keys_of
from rmaproject.rest.shapes import QuantityOutput, id_of
from rmaproject.rest.views import Resource
from rmaproject.shared.money import plain
from stock.models import Cause, Location, Movement, Part, StockItem
from stock.selectors import VIEW, visible_items


class MovementOutput(serializers.Serializer[Any]):
    """What moved from where to where; no place is outside of our stock. Never changes."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    part = serializers.UUIDField()
    sku = serializers.CharField()
    stock_item = serializers.UUIDField(allow_null=True, help_text="The unit; null for bulk stock.")
    serial = serializers.CharField(allow_null=True)
    batch = serializers.CharField(allow_null=True)
    quantity = QuantityOutput()
    from_location = serializers.UUIDField(allow_null=True)
    from_state = serializers.CharField()
    to_location = serializers.UUIDField(allow_null=True)
    to_state = serializers.CharField()
    cause = serializers.ChoiceField(choices=Cause.choices)
    note = serializers.CharField()
    actor = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField()


class MovementFilters(django_filters.FilterSet):
    part = RecordFilter(Part, by="sku")
    stock_item = django_filters.CharFilter(method="of_item")
    cause = django_filters.ChoiceFilter(choices=Cause.choices)
    location = django_filters.CharFilter(method="at_location")
    at__gte = django_filters.IsoDateTimeFilter("at", "gte")
    at__lte = django_filters.IsoDateTimeFilter("at", "lte")

    def of_item(self, rows: QuerySet[Any, Any], name: str, value: str) -> QuerySet[Any, Any]:
        """The movements of a unit, or those into and out of a bulk item's place and state."""
        item = StockItem.objects.filter(pk__in=keys_of(StockItem, value)).first()
        if item is None:
            return rows.none()
        if item.serial is not None:
            return rows.filter(unit=item)
        came = Q(to_location=item.location_id, to_state=item.state)
        left = Q(from_location=item.location_id, from_state=item.state)
        return rows.filter(came | left, part=item.part_id, batch=item.batch_id, unit=None)

    def at_location(self, rows: QuerySet[Any, Any], name: str, value: str) -> QuerySet[Any, Any]:
        """The movements into and out of a location."""
        keys = keys_of(Location, value, by="code")
        return rows.filter(Q(from_location__in=keys) | Q(to_location__in=keys))


def show_movement(row: Movement) -> dict[str, Any]:
    """A movement as JSON."""
    return {
        "id": row.uuid,
        "version": 1,
        "part": row.part.uuid,
        "sku": row.part.sku,
        "stock_item": id_of(row.unit),
        "serial": row.unit.serial if row.unit else None,
        "batch": row.batch.number if row.batch else None,
        "quantity": plain(row.quantity),
        "from_location": id_of(row.from_location),
        "from_state": row.from_state,
        "to_location": id_of(row.to_location),
        "to_state": row.to_state,
        "cause": row.cause,
        "note": row.note,
        "actor": row.actor.username if row.actor else None,
        "at": row.at,
    }


@documented(MovementOutput)
class MovementViewSet(Resource):
    """The stock ledger. It is only ever added to, by what moves stock."""

    serializer_class = MovementOutput
    filters = MovementFilters
    orderings = {"at": "pk"}
    default_ordering = "-at"

    def visible(self) -> QuerySet[Movement, Movement]:
        self.actor.require(VIEW)
        if self.actor.scope.everything:
            return Movement.objects.all()
        return Movement.objects.filter(Q(unit=None) | Q(unit__in=visible_items(self.actor)))

    def loaded(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        related = ("part", "unit", "batch", "from_location", "to_location", "actor")
        return rows.select_related(*related).annotate(version=Value(1))

    def show(self, row: Movement) -> dict[str, Any]:
        return show_movement(row)
