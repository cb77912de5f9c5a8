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

__all__ = [
    "book_in",
    "correct_stock",
    "create_category",
    "create_location",
    "create_part",
    "edit_category",
    "edit_location",
    "edit_part",
    "relocate",
]
