"""What other systems are told of the catalogue."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from rmaproject.access.actors import Actor
from rmaproject.events.kinds import Kind, register
from stock.models import Location, Part

PART_VERBS = "create edit set_kit_parts".split()
LOCATION_VERBS = "create edit".split()


def _parts(actor: Actor) -> QuerySet[Any, Any]:
    return Part.objects.all()


def _locations(actor: Actor) -> QuerySet[Any, Any]:
    return Location.objects.all()


def _part(row: Part) -> dict[str, Any]:
    return {"reference": row.sku}


def _location(row: Location) -> dict[str, Any]:
    return {"reference": row.code}


def register_kinds() -> None:
    """Let events tell of parts and locations."""
    needed = "stock.view_stock"
    tent, shelf = {"reference": "TENT-3P"}, {"reference": "A1"}
    part = Kind("part", needed, PART_VERBS, _parts, _part, example=tent)
    register("stock.part", part)
    location = Kind("location", needed, LOCATION_VERBS, _locations, _location, example=shelf)
    register("stock.location", location)
