"""What an item is, in lists of what shall come back and of what came."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from returns.compat.zoho.tree import Node
from sales.models import OrderLine
from stock.models import Location, Part, PartKind

Row = dict[str, Any]


def number(value: Decimal) -> int | float:
    """A figure as a JSON number, whole where it is whole."""
    return int(value) if value == value.to_integral_value() else float(value)


def item_head(node: Node) -> Row:
    """What an item is, in every list of items."""
    return {
        "line_item_id": node.ident,
        "item_id": str(node.part.uuid) if node.part else "",
        "name": _name(node),
        "description": node.line.description if node.line else "",
        "unit": node.part.unit if node.part else "",
    }


def combo_type(part: Part | None) -> str:
    """`kit` or `assembly`; "" for what is neither."""
    return str(part.kind) if part and part.kind in (PartKind.KIT, PartKind.ASSEMBLY) else ""


def place_name(place: Location) -> str:
    return str(place.name or place.code)


def _name(node: Node) -> str:
    sold: OrderLine | None = node.sold
    name = (sold.name if sold else "") or (node.part.name if node.part else "")
    return name or (node.line.description if node.line else "")
