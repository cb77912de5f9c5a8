"""The same return told twice is one return: its reference and a digest of its content decide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.db.models import Value
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from returns.models import ReturnOrder
from rmaproject.shared.errors import Conflict
from sales.models import Business

#: A return, and whether it is new.
Told = tuple[ReturnOrder, bool]

#: Broken when the same return is told twice at the same moment.
_SAME_REFERENCE: Final = "returnorder_reference_unique_per_business"


def known_return(business: Business, reference: str, digest: str) -> ReturnOrder | None:
    """The return that has this reference with this content; None when the reference is free.

    Raises Conflict `reference_exists` for other content, and for a return that was deleted.
    """
    if not reference:
        return None
    rows = ReturnOrder.objects.alias(folded=Lower("reference")).filter(business=business)
    rows = rows.filter(folded=Lower(Value(reference)))
    known = rows.select_related("business", "customer").first()
    if known is not None and (known.discarded_at or known.content_digest != digest):
        message = _("Return %(reference)s exists with other content.") % {"reference": reference}
        raise Conflict(message, code="reference_exists", reference=reference)
    return known


def made_once(make: Callable[[], Told], find: Callable[[], ReturnOrder | None]) -> Told:
    """What `make` gives, or the return that somebody else made at the same moment.

    `make` is a transaction of its own, so that what it had begun is gone when it is refused.
    """
    try:
        return make()
    except Conflict as refusal:
        known = find() if refusal.facts.get("constraint") == _SAME_REFERENCE else None
        if known is None:
            raise
        return known, False
