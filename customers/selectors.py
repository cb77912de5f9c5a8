"""What may be read of companies, by whom."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from customers.models import Address, Company
from rmaproject.access.actors import Actor
from rmaproject.access.selectors import access

VIEW = "customers.view_company"


def visible_companies(actor: Actor) -> QuerySet[Company, Company]:
    """The companies this actor may see."""
    actor.require(VIEW)
    return Company.objects.visible_to(actor.scope)


def access_company(actor: Actor, ident: UUID | str, *, permission: str = VIEW) -> Company:
    """A company for something the actor may do with it. Raises NotFound, NotPermitted."""
    rows = Company.objects.visible_to(actor.scope)
    return access(rows, ident, actor=actor, permissions=(VIEW, permission))


def search_companies(rows: QuerySet[Company, Company], text: str) -> QuerySet[Company, Company]:
    """Those of the companies whose reference, name or email contains the text."""
    by_reference = Company.objects.filter(reference__icontains=text).values("pk")
    by_name = Company.objects.filter(name__icontains=text).values("pk")
    by_email = Company.objects.filter(email__icontains=text).values("pk")
    return rows.filter(pk__in=by_reference.union(by_name, by_email))


def primary_addresses(companies: Iterable[Company]) -> dict[int, Address]:
    """The primary address of each of these companies that has one; one query."""
    keys = [company.pk for company in companies]
    rows = Address.objects.filter(company__in=keys, primary=True)
    return {row.company_id: row for row in rows}
