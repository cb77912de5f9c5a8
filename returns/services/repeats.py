"""A return that came under a caller's own reference and comes again is the first one."""

from __future__ import annotations

from typing import Final

from returns.models import ReturnOrder
from rmaproject.shared.errors import Conflict
from sales.models import Business

#: Broken when the same return comes twice at the same moment.
SAME_REFERENCE: Final = "returnorder_reference_unique_per_business"


def known_return(business: Business, reference: str, digest: str) -> ReturnOrder | None:
    """The return that a caller gave this reference and this content before; None for none.

    Raises Conflict `reference_exists` for other content, and for a deleted return.
    """
    if not reference:
        return None
    rows = ReturnOrder.objects.filter(business=business, reference__iexact=reference)
    known = rows.select_related("business", "customer").first()
    if known is not None and (known.discarded_at or known.content_digest != digest):
        message = f"Return {reference} exists with other content."
        raise Conflict(message, code="reference_exists", reference=reference)
    return known


def is_same_reference(refusal: Conflict) -> bool:
    """Whether somebody else took the reference at the same moment."""
    return bool(refusal.facts.get("constraint") == SAME_REFERENCE)
