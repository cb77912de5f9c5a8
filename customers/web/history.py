"""What happened to a company, in plain words; personal values are never named."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from customers.models import Company
from rmaproject.audit import trail
from rmaproject.web.history import timeline

WORDS: Final = {
    "create": (_("added the company"), "create"),
    "edit": (_("changed the company"), "edit"),
    "edit_contact": (_("changed its contacts"), "edit"),
    "remove_contact": (_("removed a contact"), "edit"),
    "edit_address": (_("changed its addresses"), "edit"),
    "remove_address": (_("removed an address"), "edit"),
}
LABELS: Final = {
    "reference": _("Number"),
    "is_customer": _("Customer"),
    "is_supplier": _("Supplier"),
    "tax_number": _("Tax number"),
    "flags": _("Marked"),
}


def history_of(company: Company) -> list[dict[str, Any]]:
    """The company's timeline, newest first."""
    return timeline(trail.history(company), words=WORDS, labels=LABELS)
