"""Kits over REST: what they are made of, put together and taken apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from rmaproject.rest.inputs import Input, PriceInput, QuantityInput, RecordField, TextInput, read
from rmaproject.rest.outputs import NamedOutput
from rmaproject.rest.shapes import PriceOutput, QuantityOutput, in_short
from rmaproject.rest.views import Resource
from rmaproject.rest.writing import Answer, change, etag
from rmaproject.shared.money import plain
from stock.api.items import StockItemOutput, show_item
from stock.models import Part, StockItem
from stock.selectors import kit_parts_of, visible_locations, visible_parts
from stock.services import assemble, disassemble, set_kit_parts
from stock.services.kits import KitPartInput

EDIT = "stock.edit_part"
CORRECT = "stock.correct_stock"


class KitPartOutput(serializers.Serializer[Any]):
    """So much of a part in one kit."""

    part = NamedOutput()
    quantity = QuantityOutput()
    value_weight = PriceOutput(
        allow_null=True, help_text="What one unit weighs in the kit's value; 1 when not said."
    )


class KitPartsOutput(serializers.Serializer[Any]):
    """What a kit is made of; `id` and `version` are the part's."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    parts = KitPartOutput(many=True)


class KitPartForm(Input):
    part = RecordField(visible_parts, by="sku")
    quantity = QuantityInput()
    value_weight = PriceInput(required=False, allow_null=True, min_value=0)


class KitPartsForm(Input):
    """The whole list; what it does not name is no part of the kit any more."""

    parts = KitPartForm(many=True)


class AssembleForm(Input):
    location = RecordField(visible_locations, by="code")
    quantity = QuantityInput()
    note = TextInput(max_length=200)


def show_kit_parts(kit: Part) -> dict[str, Any]:
    """What a kit is made of, as JSON."""
    rows = kit_parts_of(kit)
    return {
        "id": kit.uuid,
        "version": kit.version,
        "parts": [
            {
                "part": in_short(row.part, by="sku"),
                "quantity": plain(row.quantity),
                "value_weight": None if row.value_weight is None else plain(row.value_weight),
            }
            for row in rows
        ],
    }


class KitResource(Resource):
    """What is done with parts that are kits."""

    unversioned = frozenset({"create", "assemble", "disassemble"})

    @extend_schema(responses=KitPartsOutput)
    @action(detail=True, methods=["get"], url_path="kit-parts")
    def kit_parts(self, request: Request, uuid: str) -> Response:
        """What a kit is made of."""
        kit = self.record(uuid)
        return Response(show_kit_parts(kit), headers={"ETag": etag(kit.version)})

    @extend_schema(request=KitPartsForm, responses=KitPartsOutput)
    @kit_parts.mapping.put
    def set_kit_parts(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Say what a kit is made of from now on. Needs the part's version as If-Match."""
        kit = self.record(uuid, EDIT)
        wanted = [KitPartInput(**row) for row in read(KitPartsForm, request)["parts"]]

        def run() -> Answer:
            made = set_kit_parts(kit.pk, wanted, actor=self.actor)
            return Answer(show_kit_parts(made), 200, {"ETag": etag(made.version)})

        return change(request, run, root=kit)

    @extend_schema(request=AssembleForm, responses=StockItemOutput)
    @action(detail=True, methods=["post"])
    def assemble(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Make kits of available parts at a place; answers the stock of kits there."""
        return self._book(uuid, assemble)

    @extend_schema(request=AssembleForm, responses=StockItemOutput)
    @action(detail=True, methods=["post"])
    def disassemble(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Take kits at a place apart; answers the stock of kits that is left there."""
        return self._book(uuid, disassemble)

    def _book(self, uuid: str, service: Callable[..., StockItem]) -> Response | HttpResponse:
        kit = self.record(uuid, CORRECT)
        values = read(AssembleForm, self.request)

        def run() -> Answer:
            made = service(kit, actor=self.actor, **values)
            row = StockItem.objects.with_details().get(pk=made.pk)
            return Answer(show_item(row, self.actor), 200)

        return change(self.request, run, root=kit, optional=True)
