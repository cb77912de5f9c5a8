from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.shared.db import command
from rmaproject.shared.errors import RuleViolation
from stock.gtin import with_gtin_checked
from stock.models import Location, Part, PartCategory, PartKind, StockItem

#: How a part's stock is counted; fixed once there is stock of it.
COUNTING = ("is_serialized", "is_batched", "is_virtual", "kind")


@command
def create_part(values: dict[str, Any], *, actor: Actor) -> Part:
    """Add a part. Raises Conflict `sku_exists`, `gtin_exists`; RuleViolation `invalid_gtin`."""
    part = Part(**with_gtin_checked(values))
    trail.create(part, actor=actor, sku=part.sku)
    return part


@command
def edit_part(part_id: int, values: dict[str, Any], *, actor: Actor) -> Part:
    """Change a part; the way it is counted stays as long as it has stock.

    Raises RuleViolation `part_has_stock`, `kit_has_parts`, `kit_is_tracked`, `invalid_gtin`;
    Conflict `gtin_exists`.
    """
    values = with_gtin_checked(values)
    part = Part.objects.select_for_update().get(pk=part_id)
    recounted = any(
        values.get(name, getattr(part, name)) != getattr(part, name) for name in COUNTING
    )
    if recounted and StockItem.objects.filter(part=part).exists():
        message = _("The part has stock, so the way it is counted stays.")
        raise RuleViolation(message, code="part_has_stock", sku=part.sku)
    if values.get("kind", part.kind) != PartKind.KIT and part.kit_parts.exists():
        message = _("The kit is made of parts; take them out of it first.")
        raise RuleViolation(message, code="kit_has_parts", sku=part.sku)
    facts = trail.changed_fields(part, values, private=set())
    if facts:
        trail.change(part, "edit", actor=actor, fields=values, **facts)
    return part


@command
def create_category(values: dict[str, Any], *, actor: Actor) -> PartCategory:
    """Add a class of parts. Raises Conflict `code_exists`; RuleViolation `invalid_code`."""
    category = PartCategory(**values)
    trail.create(category, actor=actor, code=category.code)
    return category


@command
def edit_category(category_id: int, values: dict[str, Any], *, actor: Actor) -> PartCategory:
    """Change a class of parts; an inactive one stays on its parts and is not chosen any more.

    Raises Conflict `code_exists`; RuleViolation `invalid_code`.
    """
    category = PartCategory.objects.select_for_update().get(pk=category_id)
    facts = trail.changed_fields(category, values, private=set())
    if facts:
        trail.change(category, "edit", actor=actor, fields=values, **facts)
    return category


@command
def create_location(values: dict[str, Any], *, actor: Actor) -> Location:
    """Add a location. Raises Conflict `code_exists`."""
    location = Location(**values)
    trail.create(location, actor=actor, code=location.code)
    return location


@command
def edit_location(location_id: int, values: dict[str, Any], *, actor: Actor) -> Location:
    """Change a location or hang it elsewhere. Raises RuleViolation `location_cycle`."""
    location = Location.objects.select_for_update().get(pk=location_id)
    facts = trail.changed_fields(location, values, private=set())
    if facts:
        trail.change(location, "edit", actor=actor, fields=values, **facts)
    return location
