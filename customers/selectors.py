"""What may be read of companies, by whom."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from customers.models import Company
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
