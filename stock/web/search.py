"""Parts and serialized units in the search box."""

from __future__ import annotations

from rmaproject.access.actors import Actor
from rmaproject.web.nav import address
from rmaproject.web.search import MOST, Hit, Source
from stock.gtin import with_number
from stock.models import Part, State, StockItem
from stock.selectors import visible_items


def find_parts(actor: Actor, query: str) -> list[Hit]:
    """Parts by SKU, name or GTIN; each index is asked on its own."""
    actor.require("stock.view_stock")
    keys = {
        key
        for column in ("sku", "name")
        for key in Part.objects.filter(**{f"{column}__icontains": query})
        .order_by("-pk")
        .values_list("pk", flat=True)[:MOST]
    }
    keys |= set(with_number(Part.objects.all(), [query]).values_list("pk", flat=True))
    rows = Part.objects.filter(pk__in=keys).order_by("-pk")[:MOST]
    return [Hit(address("stock:part", row.uuid), row.sku, row.name) for row in rows]


def find_units(actor: Actor, query: str) -> list[Hit]:
    """Serialized units by their number, with where they are."""
    rows = visible_items(actor).filter(serial__icontains=query).select_related("part", "location")
    return [_unit(row) for row in rows.order_by("-pk")[:MOST]]


def _unit(row: StockItem) -> Hit:
    place = row.location.code if row.location else State(row.state).label
    url = address("stock:item", row.uuid)
    return Hit(url, row.serial or "", f"{row.part.name}, {place}")


SOURCES = [Source("Parts", "part", find_parts), Source("Units", "shelf", find_units)]
