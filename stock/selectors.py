"""What may be read of parts, places and stock, by whom; each function is a few queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Lower

from customers.models import Company
from rmaproject.access.actors import Actor
from rmaproject.access.selectors import access
from stock.gtin import LENGTHS, with_number
from stock.models import (
    HERE,
    KitPart,
    Location,
    Movement,
    Part,
    PartCategory,
    PartKind,
    State,
    StockItem,
)

VIEW = "stock.view_stock"


@dataclass(frozen=True)
class PartSums:
    """How much of a part stands where."""

    available: Decimal = Decimal(0)
    held: Decimal = Decimal(0)
    with_customers: Decimal = Decimal(0)


@dataclass(frozen=True)
class Spot:
    """A location in its tree: how deep it lies and what it holds."""

    location: Location
    depth: int
    items: int


def visible_parts(actor: Actor) -> QuerySet[Part, Part]:
    """The parts this actor may see: who sees stock sees every part."""
    actor.require(VIEW)
    return Part.objects.all()


def visible_categories(actor: Actor) -> QuerySet[PartCategory, PartCategory]:
    """The classes of parts, for who sees parts."""
    actor.require(VIEW)
    return PartCategory.objects.all()


def visible_locations(actor: Actor) -> QuerySet[Location, Location]:
    """The locations this actor may see."""
    actor.require(VIEW)
    return Location.objects.all()


def visible_items(actor: Actor) -> QuerySet[StockItem, StockItem]:
    """Stock at our places, and the units of those customers whom this actor may see."""
    actor.require(VIEW)
    if actor.scope.everything:
        return StockItem.objects.all()
    companies = Company.objects.visible_to(actor.scope)
    return StockItem.objects.filter(Q(holder=None) | Q(holder__in=companies))


def access_part(actor: Actor, ident: UUID | str, *, permission: str = VIEW) -> Part:
    """A part for something the actor may do with it. Raises NotFound, NotPermitted."""
    return access(visible_parts(actor), ident, actor=actor, permissions=(VIEW, permission))


def kit_parts_of(part: Part) -> list[KitPart]:
    """What a kit is made of; nothing for another part, without a query."""
    if part.kind != PartKind.KIT:
        return []
    return list(KitPart.objects.filter(kit=part).select_related("part").order_by("pk"))


def access_location(actor: Actor, ident: UUID | str, *, permission: str = VIEW) -> Location:
    """A location for something the actor may do with it. Raises NotFound, NotPermitted."""
    return access(visible_locations(actor), ident, actor=actor, permissions=(VIEW, permission))


def access_item(actor: Actor, ident: UUID | str, *, permission: str = VIEW) -> StockItem:
    """A stock item for something the actor may do with it. Raises NotFound, NotPermitted."""
    rows: Any = visible_items(actor)
    rows = rows.with_details()
    return access(rows, ident, actor=actor, permissions=(VIEW, permission))


def search_parts(rows: QuerySet[Part, Part], text: str) -> QuerySet[Part, Part]:
    """Those of the parts whose SKU or name contains the text, or whose GTIN it is."""
    by_sku = Part.objects.filter(sku__icontains=text).values("pk")
    by_name = Part.objects.filter(name__icontains=text).values("pk")
    by_number = with_number(Part.objects.all(), [text]).values("pk")
    return rows.filter(pk__in=by_sku.union(by_name, by_number))


def sums_of(actor: Actor, parts: Iterable[Part]) -> dict[int, PartSums]:
    """How much of each of these parts is available, held back or with customers in sight."""
    held = Q(state__in=[state for state in HERE if state != State.AVAILABLE])
    rows = (
        visible_items(actor)
        .filter(part__in=[part.pk for part in parts])
        .values("part")
        .annotate(
            available=Sum("quantity", filter=Q(state=State.AVAILABLE), default=Decimal(0)),
            held=Sum("quantity", filter=held, default=Decimal(0)),
            sold=Sum("quantity", filter=Q(state=State.SOLD), default=Decimal(0)),
        )
    )
    return {row["part"]: PartSums(row["available"], row["held"], row["sold"]) for row in rows}


def places_of(actor: Actor, part: Part) -> list[dict[str, Any]]:
    """How much of a part is where in which state; customers and the scrap heap have no place."""
    rows = visible_items(actor).filter(part=part).exclude(quantity=0)
    grouped: Any = rows.values("location__code", "state").annotate(total=Sum("quantity"))
    return list(grouped.order_by("location__code", "state"))


def movements_of(actor: Actor, part: Part) -> QuerySet[Movement, Movement]:
    """The stock ledger of a part as far as the actor sees its units, newest first."""
    related = ("from_location", "to_location", "batch", "unit", "actor")
    rows = Movement.objects.filter(part=part)
    if not actor.scope.everything:
        rows = rows.filter(Q(unit=None) | Q(unit__in=visible_items(actor)))
    return rows.select_related(*related).order_by("-pk")


def movements_at(actor: Actor, item: StockItem) -> QuerySet[Movement, Movement]:
    """What moved this unit; or what came to or left this bulk stock at its place and state."""
    rows = movements_of(actor, item.part)
    if item.serial is not None:
        return rows.filter(unit=item)
    came = Q(to_location=item.location, to_state=item.state)
    left = Q(from_location=item.location, from_state=item.state)
    return rows.filter(came | left, unit=None, batch=item.batch)


def location_tree(locations: QuerySet[Location, Location]) -> list[Spot]:
    """All locations, each below its parent, with the stock items that lie in them; two queries."""
    below: dict[int | None, list[Location]] = {}
    for location in locations.order_by("code"):
        below.setdefault(location.parent_id, []).append(location)
    lying = StockItem.objects.exclude(location=None).exclude(quantity=0).values("location")
    counts = dict(lying.annotate(n=Count("pk")).values_list("location", "n"))
    spots: list[Spot] = []
    waiting = [(location, 0) for location in reversed(below.get(None, []))]
    while waiting:
        location, depth = waiting.pop()
        spots.append(Spot(location, depth, counts.get(location.pk, 0)))
        waiting += [(child, depth + 1) for child in reversed(below.get(location.pk, []))]
    return spots


def is_called(part: Part, code: str) -> bool:
    """Whether a code is the part's SKU, or its GTIN in whatever length it is written."""
    return code.lower() == part.sku.lower() or bool(part.gtin and code in _lengths_of(part.gtin))


def codes_of_parts(codes: Collection[str]) -> dict[int, set[str]]:
    """Which of the codes, in small letters, call a part, by the key of the part: SKU or GTIN."""
    rows = Part.objects.annotate(key=Lower("sku"))
    found: dict[int, set[str]] = {}
    for part in [*rows.filter(key__in=codes), *with_number(rows, codes)]:
        names = {part.sku.lower(), *(_lengths_of(part.gtin) if part.gtin else ())}
        found[part.pk] = names.intersection(codes)
    return found


def _lengths_of(gtin: str) -> set[str]:
    """All ways to write a number: with as many zeros in front as its length allows."""
    short = gtin.lstrip("0")
    return {short.zfill(length) for length in LENGTHS if length >= len(short)}
