"""Shapes of answers that several resources share: figures as text, other records in short."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from rest_framework import serializers


class QuantityOutput(serializers.DecimalField):
    """A quantity in the part's unit, without trailing zeros."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=15, decimal_places=5, **options)


class AmountOutput(serializers.DecimalField):
    """An amount of money with just the digits of its currency."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=19, decimal_places=4, **options)


class PriceOutput(serializers.DecimalField):
    """A gross price of one unit, without trailing zeros."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=19, decimal_places=6, **options)


class PercentOutput(serializers.DecimalField):
    """A rate in percent, without trailing zeros."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=7, decimal_places=4, **options)


def in_short(row: Any, *, by: str = "reference") -> dict[str, Any] | None:
    """Another record as its id, its reference, code or SKU, and its name; None for none."""
    if row is None:
        return None
    return {"id": row.uuid, "reference": getattr(row, by), "name": row.name}


def id_of(row: Model | None) -> Any:
    """The id of another record; None for none."""
    return row.uuid if row is not None else None  # type: ignore[attr-defined]
