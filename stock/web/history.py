"""What happened to parts, in plain words."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from rmaproject.audit import trail
from rmaproject.web.history import timeline
from stock.models import Part

WORDS: Final = {
    "create": (_("added the part"), "create"),
    "edit": (_("changed the part"), "edit"),
    "set_kit_parts": (_("said what the kit is made of"), "edit"),
}
LABELS: Final = {
    "sku": _("SKU"),
    "gtin": _("GTIN"),
    "kind": _("Kind"),
    "is_salable": _("For sale"),
    "is_serialized": _("Counted by serial number"),
    "is_batched": _("Kept in batches"),
    "is_virtual": _("Virtual"),
}


def history_of(part: Part) -> list[dict[str, Any]]:
    """The part's timeline, newest first."""
    return timeline(trail.history(part), words=WORDS, labels=LABELS)
