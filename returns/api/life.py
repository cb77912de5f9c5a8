"""The life of a unit over REST; at an address of stock, told by returns, which know the most."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from returns.life import TITLES, LifeEvent, life_of
from rmaproject.rest.callers import actor_of
from rmaproject.rest.views import refuse_parameters
from stock.models import StockItem
from stock.selectors import access_item

DOCUMENTS = ("sales_order", "invoice", "return", "credit_note", "refund")


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
class FactsOutput(serializers.DictField):
    """Places, verdicts and words that belong to an event."""


class DocumentOutput(serializers.Serializer[Any]):
    """A paper; without id and reference it is another document, which the caller may not see."""

    kind = serializers.ChoiceField([(kind, kind) for kind in DOCUMENTS])
    id = serializers.UUIDField(allow_null=True)
    reference = serializers.CharField(allow_null=True)


class LifeEventOutput(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    kind = serializers.CharField(help_text=f"One of {', '.join(TITLES)}; more may come.")
    title = serializers.CharField()
    documents = DocumentOutput(many=True)
    actor = serializers.CharField(allow_null=True)
    facts = FactsOutput()


class LifeOutput(serializers.Serializer[Any]):
    """All that happened to one unit, oldest first."""

    stock_item = serializers.UUIDField()
    sku = serializers.CharField()
    serial = serializers.CharField()
    events = LifeEventOutput(many=True)


def show_life(unit: StockItem, events: list[LifeEvent]) -> dict[str, Any]:
    """A life as JSON."""
    return {
        "stock_item": unit.uuid,
        "sku": unit.part.sku,
        "serial": unit.serial,
        "events": [_event(event) for event in events],
    }


def _event(event: LifeEvent) -> dict[str, Any]:
    return {
        "at": event.at,
        "kind": event.kind,
        "title": event.title,
        "documents": [
            {"kind": paper.kind, "id": paper.id, "reference": paper.reference or None}
            for paper in event.documents
        ],
        "actor": event.actor or None,
        "facts": event.facts,
    }


class LifeViewSet(GenericViewSet[Any]):
    """The life of a unit with a serial number."""

    serializer_class = LifeOutput
    #: Bulk stock has no life of its own.
    also_refuses = ("422",)

    @extend_schema(responses=LifeOutput)
    def retrieve(self, request: Request, uuid: str) -> Response:
        """Tell what happened to a unit, oldest first; bulk stock answers 422 `not_serialized`."""
        refuse_parameters(request)
        actor = actor_of(request)
        unit = access_item(actor, uuid)
        return Response(show_life(unit, life_of(unit, actor)))
