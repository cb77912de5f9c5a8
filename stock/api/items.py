"""Stock items over REST: units by serial number, and bulk quantities at a place."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from customers.models import Company
from customers.selectors import VIEW as VIEW_COMPANY
from rmaproject.access.actors import Actor
from rmaproject.rest.filters import RecordFilter, documented
from rmaproject.rest.inputs import Input, QuantityInput, RecordField, TextInput, read
from rmaproject.rest.outputs import NamedOutput
from rmaproject.rest.shapes import QuantityOutput, id_of, in_short
from rmaproject.rest.views import Resource
from rmaproject.rest.writing import Answer, change
from rmaproject.shared.money import plain
from stock.models import HERE, Location, Part, State, StockItem
from stock.selectors import visible_items, visible_locations, visible_parts
from stock.services import book_in, correct_stock, relocate

CORRECT = "stock.correct_stock"


class StockItemOutput(serializers.Serializer[Any]):
    """A unit (`serial` is given, quantity 1) or a bulk quantity at one place in one state."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    part = serializers.UUIDField()
    sku = serializers.CharField()
    serial = serializers.CharField(allow_null=True)
    batch = serializers.CharField(allow_null=True)
    state = serializers.ChoiceField(choices=State.choices)
    location = serializers.UUIDField(allow_null=True)
    location_code = serializers.CharField(allow_null=True)
    holder = NamedOutput(allow_null=True)
    quantity = QuantityOutput()
    allocated = QuantityOutput()


class StockItemList(serializers.Serializer[Any]):
    """What was booked in: one item for a quantity, one for each serial number."""

    results = StockItemOutput(many=True)


class BookInInput(Input):
    part = RecordField(visible_parts, by="sku")
    location = RecordField(visible_locations, by="code")
    quantity = QuantityInput(required=False)
    serials = serializers.ListField(
        child=serializers.CharField(max_length=64, trim_whitespace=False),
        required=False,
        allow_empty=False,
    )
    batch = TextInput(max_length=64)
    note = TextInput(max_length=200)

    shape = {"oneOf": [{"required": ["quantity"]}, {"required": ["serials"]}]}

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        if ("quantity" in values) == ("serials" in values):
            message = _("Give a quantity, or the serial number of each unit.")
            raise serializers.ValidationError({"quantity": [message]}, "quantity_or_serials")
        return values


class CorrectInput(Input):
    quantity = QuantityInput(min_value=0)
    note = TextInput(max_length=200)


class MoveInput(Input):
    location = RecordField(visible_locations, by="code")
    quantity = QuantityInput(required=False)
    state = serializers.ChoiceField(choices=HERE, required=False)
    note = TextInput(max_length=200)


class StockItemFilters(django_filters.FilterSet):
    part = RecordFilter(Part, by="sku")
    location = RecordFilter(Location, by="code")
    holder = RecordFilter(Company, by="reference")
    state = django_filters.ChoiceFilter(choices=State.choices)
    serial = django_filters.CharFilter(lookup_expr="iexact")
    batch = django_filters.CharFilter(field_name="batch__number", lookup_expr="iexact")


def show_item(row: StockItem, actor: Actor) -> dict[str, Any]:
    """A stock item as JSON; the holder only for who may see companies."""
    location = row.location
    return {
        "id": row.uuid,
        "version": row.version,
        "part": row.part.uuid,
        "sku": row.part.sku,
        "serial": row.serial,
        "batch": row.batch.number if row.batch else None,
        "state": row.state,
        "location": id_of(location),
        "location_code": location.code if location else None,
        "holder": in_short(row.holder) if actor.may(VIEW_COMPANY) else None,
        "quantity": plain(row.quantity),
        "allocated": plain(row.allocated),
    }


@documented(StockItemOutput)
class StockItemViewSet(Resource):
    """Units and bulk stock. Stock changes only together with a movement."""

    serializer_class = StockItemOutput
    filters = StockItemFilters

    def visible(self) -> QuerySet[StockItem, StockItem]:
        return visible_items(self.actor)

    def loaded(self, rows: Any) -> QuerySet[Any, Any]:
        return rows.with_details()

    def find(self, rows: QuerySet[Any, Any], text: str) -> QuerySet[Any, Any]:
        return rows.filter(serial__icontains=text)

    def show(self, row: StockItem) -> dict[str, Any]:
        return show_item(row, self.actor)

    @extend_schema(request=BookInInput, responses={201: StockItemList})
    def create(self, request: Request) -> Response | HttpResponse:
        """Book stock in: a quantity of a part, or one unit for each serial number."""
        self.actor.require(CORRECT)
        values = read(BookInInput, request)
        part, location = values.pop("part"), values.pop("location")

        def run() -> Answer:
            made = book_in(part, location, actor=self.actor, **values)
            rows = self.loaded(StockItem.objects.filter(pk__in=[item.pk for item in made]))
            return Answer({"results": self.show_all(list(rows.order_by("pk")))}, 201)

        return change(request, run)

    @extend_schema(request=CorrectInput, responses=StockItemOutput)
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Set a bulk quantity to what was counted; the note says why. Needs If-Match."""
        item = self.record(uuid, CORRECT)
        values = {"note": "", **read(CorrectInput, request)}
        return self.write(lambda: correct_stock(item.pk, actor=self.actor, **values), root=item)

    @extend_schema(request=MoveInput, responses=StockItemOutput)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Carry stock to another place or state; answers the item that it is now. Needs If-Match.

        All of a bulk item moves unless a quantity is given.
        """
        item = self.record(uuid, CORRECT)
        values = read(MoveInput, request)
        return self.write(lambda: relocate(item.pk, actor=self.actor, **values), root=item)
