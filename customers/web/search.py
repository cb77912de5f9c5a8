"""Companies in the search box: by reference or name."""

from __future__ import annotations

from customers.models import Company
from customers.selectors import visible_companies
from rmaproject.access.actors import Actor
from rmaproject.web.nav import address
from rmaproject.web.search import MOST, Hit, Source


def find_companies(actor: Actor, query: str) -> list[Hit]:
    """Companies by reference or name; each index is asked on its own."""
    seen = visible_companies(actor)
    keys = {
        key
        for column in ("reference", "name")
        for key in seen.filter(**{f"{column}__icontains": query})
        .order_by("-pk")
        .values_list("pk", flat=True)[:MOST]
    }
    rows = Company.objects.filter(pk__in=keys).order_by("-pk")[:MOST]
    return [Hit(address("customers:detail", row.uuid), row.reference, row.name) for row in rows]


SOURCES = [Source("Companies", "company", find_companies)]
