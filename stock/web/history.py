"""What happened to parts, in plain words."""

from __future__ import annotations

from typing import Any, Final

from rmaproject.audit import trail
from rmaproject.web.history import timeline
from stock.models import Part

WORDS: Final = {
    "create": ("added the part", "create"),
    "edit": ("changed the part", "edit"),
    "set_kit_parts": ("said what the kit is made of", "edit"),
}
LABELS: Final = {
    "sku": "SKU",
    "kind": "Kind",
    "is_salable": "For sale",
    "is_serialized": "Counted by serial number",
    "is_batched": "Kept in batches",
    "is_virtual": "Virtual",
}


def history_of(part: Part) -> list[dict[str, Any]]:
    """The part's timeline, newest first."""
    return timeline(trail.history(part), words=WORDS, labels=LABELS)
