"""What happened to a sales order, in plain words."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from rmaproject.audit import trail
from rmaproject.web.history import timeline
from sales.models import SalesOrder

WORDS: Final = {
    "create": (_("made the order"), "create"),
    "record": (_("recorded a sale that was made elsewhere"), "create"),
    "edit": (_("changed the order"), "edit"),
    "add_lines": (_("added lines"), "edit"),
    "edit_line": (_("changed a line"), "edit"),
    "remove_line": (_("took a line out"), "edit"),
    "issue": (_("issued the order"), "issue"),
    "hold": (_("put the order on hold"), "hold"),
    "resume": (_("resumed the order"), "resume"),
    "add_shipment": (_("started a shipment"), "ship"),
    "allocate": (_("allocated stock to a shipment"), "allocate"),
    "deallocate": (_("took stock out of a shipment"), "allocate"),
    "ship": (_("let a shipment leave"), "ship"),
    "complete": (_("completed the order"), "complete"),
    "cancel": (_("cancelled the order"), "cancel"),
}
LABELS: Final = {
    "customer_reference": _("The customer's reference"),
    "channel": _("Sold by"),
    "target_date": _("Due"),
    "responsible_user": _("Owner"),
    "responsible_group": _("Owner"),
    "gross_unit_price": _("Price each"),
    "vat_percent": _("VAT, %"),
    "vat_type": _("VAT class"),
}


def history_of(order: SalesOrder) -> list[dict[str, Any]]:
    """The order's timeline, newest first."""
    return timeline(trail.history(order), words=WORDS, labels=LABELS)
