"""Column shapes that every app shares: quantities, amounts, prices, references, currencies."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop


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


def positive_quantity(name: str) -> models.CheckConstraint:
    """The rule that a quantity is more than nothing."""
    return models.CheckConstraint(
        condition=Q(quantity__gt=0),
        name=name,
        violation_error_code="invalid_quantity",
        violation_error_message=gettext_noop("A quantity is more than nothing."),
    )


def printable_text(name: str, column: str) -> models.CheckConstraint:
    """The rule that what names a record can be printed and found again."""
    shown = "SKU" if column == "sku" else column
    return models.CheckConstraint(
        condition=printable(column),
        name=name,
        violation_error_code=f"invalid_{column}",
        violation_error_message=f"A {shown} has 1 to 64 printable characters.",
    )


def iso_currency(name: str) -> models.CheckConstraint:
    """The rule that a currency is a code."""
    return models.CheckConstraint(
        condition=currency_code(),
        name=name,
        violation_error_code="invalid_currency",
        violation_error_message=gettext_noop("A currency is given by its three ISO 4217 letters."),
    )


def iso_country(name: str) -> models.CheckConstraint:
    """The rule that a country is a code, or not known."""
    return models.CheckConstraint(
        condition=Q(country="") | Q(country__regex="^[A-Z]{2}$"),
        name=name,
        violation_error_code="invalid_country",
        violation_error_message=gettext_noop("A country is given by its two ISO 3166 letters."),
    )


def known_choice(
    name: str, column: str, choices: type[models.TextChoices], message: str
) -> models.CheckConstraint:
    """The rule that a column holds one of its choices; the code is `invalid_` and the column."""
    return models.CheckConstraint(
        condition=one_of(column, choices),
        name=name,
        violation_error_code=f"invalid_{column}",
        violation_error_message=message,
    )
