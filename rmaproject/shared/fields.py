"""Column shapes that every app shares: quantities, amounts, prices, references, currencies."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q


class QuantityField(models.DecimalField):  # type: ignore[type-arg]
    """A quantity of goods in the part's unit, to five decimals."""

    def __init__(self, **options: Any) -> None:
        options["max_digits"], options["decimal_places"] = 15, 5
        super().__init__(**options)


class AmountField(models.DecimalField):  # type: ignore[type-arg]
    """An amount of money in the document's currency, room for four decimals."""

    def __init__(self, **options: Any) -> None:
        options["max_digits"], options["decimal_places"] = 19, 4
        super().__init__(**options)


class PriceField(models.DecimalField):  # type: ignore[type-arg]
    """A price of one unit in the document's currency, to six decimals."""

    def __init__(self, **options: Any) -> None:
        options["max_digits"], options["decimal_places"] = 19, 6
        super().__init__(**options)


class PercentField(models.DecimalField):  # type: ignore[type-arg]
    """A rate in percent, to four decimals."""

    def __init__(self, **options: Any) -> None:
        options["max_digits"], options["decimal_places"] = 7, 4
        super().__init__(**options)


#: One to 64 printable characters, no blank at either end; the CHECK and the forms share it.
REFERENCE_PATTERN = r"^[^[:cntrl:][:space:]]([^[:cntrl:]]{0,62}[^[:cntrl:][:space:]])?$"


def printable(column: str) -> Q:
    """A CHECK: the column holds a reference that can be printed and found again."""
    return Q(**{f"{column}__regex": REFERENCE_PATTERN})


def currency_code(column: str = "currency") -> Q:
    """A CHECK: the column looks like an ISO 4217 code."""
    return Q(**{f"{column}__regex": r"^[A-Z]{3}$"})


def one_of(column: str, choices: type[models.TextChoices]) -> Q:
    """A CHECK: the column holds one of the choices, whoever writes it."""
    return Q(**{f"{column}__in": list(choices.values)})
