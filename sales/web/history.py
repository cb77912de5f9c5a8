"""What happened to a sales order, in plain words."""

from __future__ import annotations

from typing import Any, Final

from rmaproject.audit import trail
from rmaproject.web.history import timeline
from sales.models import SalesOrder

WORDS: Final = {
    "create": ("made the order", "create"),
    "record": ("recorded a sale that was made elsewhere", "create"),
    "edit": ("changed the order", "edit"),
    "add_lines": ("added lines", "edit"),
    "edit_line": ("changed a line", "edit"),
    "remove_line": ("took a line out", "edit"),
    "issue": ("issued the order", "issue"),
    "hold": ("put the order on hold", "hold"),
    "resume": ("resumed the order", "resume"),
    "add_shipment": ("started a shipment", "ship"),
    "allocate": ("allocated stock to a shipment", "allocate"),
    "deallocate": ("took stock out of a shipment", "allocate"),
    "ship": ("let a shipment leave", "ship"),
    "complete": ("completed the order", "complete"),
    "cancel": ("cancelled the order", "cancel"),
}
LABELS: Final = {
    "customer_reference": "The customer's reference",
    "channel": "Sold by",
    "target_date": "Due",
    "responsible_user": "Responsible person",
    "responsible_group": "Responsible team",
    "gross_unit_price": "Price each",
    "vat_percent": "VAT, %",
    "vat_type": "VAT class",
}


def history_of(order: SalesOrder) -> list[dict[str, Any]]:
    """The order's timeline, newest first."""
    return timeline(trail.history(order), words=WORDS, labels=LABELS)
