from __future__ import annotations

from typing import Any, Self

from django.db import models


class PartQuerySet(models.QuerySet[Any]):
    def choosable(self) -> Self:
        """Parts that may be put on a new sales order line."""
        return self.filter(is_salable=True, active=True)


class StockItemQuerySet(models.QuerySet[Any]):
    def units(self) -> Self:
        return self.exclude(serial=None)

    def held_by(self, company_id: int) -> Self:
        """The serialized units that this customer holds: what it may send back."""
        return self.units().filter(holder_id=company_id)

    def available(self) -> Self:
        """What may be promised to a customer: sound, here, and not all of it allocated."""
        return self.filter(state="available", quantity__gt=models.F("allocated"))

    def with_details(self) -> Self:
        return self.select_related("part", "batch", "location", "holder")
