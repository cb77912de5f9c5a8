"""What may be done to parts, places and stock. Stock changes only together with a movement."""

from __future__ import annotations

from stock.services.catalogue import (
    create_category,
    create_location,
    create_part,
    edit_category,
    edit_location,
    edit_part,
)
from stock.services.keeping import book_in, correct_stock, relocate
from stock.services.kits import assemble, disassemble, set_kit_parts

__all__ = [
    "assemble",
    "book_in",
    "correct_stock",
    "create_category",
    "create_location",
    "create_part",
    "disassemble",
    "edit_category",
    "edit_location",
    "edit_part",
    "relocate",
    "set_kit_parts",
]
