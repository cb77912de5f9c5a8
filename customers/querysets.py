from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from django.db import models
from django.db.models import Q, QuerySet

from rmaproject.access.actors import Scope

#: Where higher apps say which companies a business deals with: business ids to company ids.
BUSINESS_COMPANIES: list[Callable[[frozenset[int]], QuerySet[Any, Any]]] = []


class CompanyQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> Self:
        """Companies granted themselves, and those that a granted business deals with."""
        if scope.everything:
            return self
        allowed = Q(pk__in=scope.companies)
        if scope.businesses:
            for companies_of in BUSINESS_COMPANIES:
                allowed |= Q(pk__in=companies_of(scope.businesses))
        return self.filter(allowed)

    def choosable(self) -> Self:
        """Companies that may be put on a new order: active customers."""
        return self.filter(is_customer=True, active=True)
