"""References and businesses, where this system knows only one business and insists on patterns."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from customers.models import Company
from returns.compat.inventree.lists import refused
from rmaproject.access.actors import Actor
from rmaproject.shared import references
from sales.models import Business, Counter, SalesOrder
from sales.selectors import visible_businesses
from sales.services.numbering import pattern_for

_REF: Final = re.compile(r"\{ref[^}]*\}")


def business_for(actor: Actor, customer: Company, code: str = "") -> Business:
    """The business that a new order belongs to: the one named, the only one in sight, or the
    only one that has sold to this customer.

    Raises InputErrors where that leaves none, or several.
    """
    seen = visible_businesses(actor)
    if code:
        found = list(seen.filter(code__iexact=code))
    else:
        found = list(seen[:2])
        if len(found) > 1:
            sold = SalesOrder.objects.filter(customer=customer).values("business")
            found = list(seen.filter(pk__in=sold)[:2])
    if len(found) == 1:
        return found[0]
    several = "Several businesses are in sight; name one by its code."
    raise refused({"business": several if len(found) > 1 or not code else "There is no such one."})


def require_on_pattern(business: Business, document: str, reference: str) -> None:
    """Refuse a reference off the business's pattern; only this door does. Raises InputErrors."""
    pattern = re.escape(_REF.sub("\x00", pattern_for(business, document)))
    dates = pattern.replace(re.escape("{year}"), r"\d{4}").replace(re.escape("{month}"), r"\d{2}")
    if not re.fullmatch(dates.replace("\x00", r"\d+"), reference, re.ASCII | re.IGNORECASE):
        raise refused({"reference": "Reference must match required pattern."})


def next_reference(business: Business, document: str, on: date) -> str:
    """What the next order would be called, if nobody takes the number before; nothing is drawn."""
    pattern = pattern_for(business, document)
    period = references.period_of(pattern, on)
    counters = Counter.objects.filter(business=business, series=document, period=period)
    last = counters.values_list("last", flat=True).first() or 0
    return references.render(pattern, ref=last + 1, on=on)
