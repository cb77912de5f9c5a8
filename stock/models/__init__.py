"""Parts, places, stock and its movements."""

from __future__ import annotations

from stock.models.items import HERE, Batch, State, StockItem
from stock.models.kits import KitPart
from stock.models.locations import Location
from stock.models.movements import Cause, Movement
from stock.models.parts import Part, PartCategory, PartKind

__all__ = [
    "HERE",
    "Batch",
    "Cause",
    "KitPart",
    "Location",
    "Movement",
    "Part",
    "PartCategory",
    "PartKind",
    "State",
    "StockItem",
]
