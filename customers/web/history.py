"""What happened to a company, in plain words; personal values are never named."""

from __future__ import annotations

from typing import Any, Final

from customers.models import Company
from rmaproject.audit import trail
from rmaproject.web.history import timeline

WORDS: Final = {
    "create": ("added the company", "create"),
    "edit": ("changed the company", "edit"),
    "edit_contact": ("changed its contacts", "edit"),
    "remove_contact": ("removed a contact", "edit"),
    "edit_address": ("changed its addresses", "edit"),
    "remove_address": ("removed an address", "edit"),
}
LABELS: Final = {
    "reference": "Number",
    "is_customer": "Customer",
    "is_supplier": "Supplier",
    "tax_number": "Tax number",
    "flags": "Marked",
}


def history_of(company: Company) -> list[dict[str, Any]]:
    """The company's timeline, newest first."""
    return timeline(trail.history(company), words=WORDS, labels=LABELS)
