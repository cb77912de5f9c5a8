"""What an import stands on: its business, the anonymous customer, and the parts it names."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models.functions import Lower

from customers.models import Company
from customers.services import create_company
from returns.importing.classifying import SourceLine
from rmaproject.access.actors import Actor
from rmaproject.shared.db import command
from sales.models import Business
from sales.services.businesses import edit_business
from stock.models import Part
from stock.services import create_part

ANONYMOUS = "ANONYMOUS"


@command
def anonymous_customer(business: Business, *, actor: Actor) -> Company:
    """Who buys from this business without a name; made, and told to the business, when missing."""
    if business.anonymous_customer is not None:
        return business.anonymous_customer
    company = _company(ANONYMOUS) or create_company(
        {"reference": ANONYMOUS, "name": "Anonymous customer"}, actor=actor
    )
    edit_business(business.pk, {"anonymous_customer": company}, actor=actor)
    business.refresh_from_db()
    return company


def customer_named(reference: str, country: str, *, actor: Actor) -> Company:
    """The customer with this reference, made when missing."""
    known = _company(reference)
    values = {"reference": reference, "name": reference, "country": country}
    return known or create_company(values, actor=actor)


def parts_named(lines: Sequence[SourceLine], *, actor: Actor) -> dict[str, Part]:
    """The parts of these lines by lower-case code, made when missing."""
    wanted = {line.sku.lower(): line for line in reversed(lines)}
    rows = Part.objects.annotate(key=Lower("sku")).filter(key__in=wanted)
    found = {row.sku.lower(): row for row in rows}
    for key, line in wanted.items():
        if key not in found:
            values = {"sku": line.sku, "name": line.name or line.sku}
            found[key] = create_part(values, actor=actor)
    return found


def _company(reference: str) -> Company | None:
    rows = Company.objects.annotate(key=Lower("reference"))
    return rows.filter(key=reference.lower()).first()
