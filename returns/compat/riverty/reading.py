"""The body of a returned order, checked: figures are JSON numbers, days are written in full."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any, Final

from rest_framework import serializers

from rmaproject.rest.inputs import (
    AmountInput,
    Input,
    PercentInput,
    PriceInput,
    QuantityInput,
    TextInput,
)
from sales.models import VatType

#: Why goods come back, and the code of our reason for it.
REASONS: Final = {"CARRIER_RETURN": "carrier_return", "CUSTOMER_RETURN": "customer_return"}
MAX_REFERENCE: Final = 30
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class DayInput(serializers.DateField):
    """A day as yyyy-MM-dd, and nothing else that ISO 8601 would take for one."""

    def to_internal_value(self, value: Any) -> date:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            self.fail("invalid", format="yyyy-MM-dd")
        return super().to_internal_value(value)


class _JsonNumber(serializers.DecimalField):
    """A figure that is a number in JSON; a text with a figure in it is none."""

    def to_internal_value(self, data: Any) -> Decimal:
        if not isinstance(data, int | Decimal):
            self.fail("invalid")
        return super().to_internal_value(data)


class NumberOfLine(_JsonNumber):
    """The number of a line of the order."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=9, decimal_places=0, min_value=1, **options)


class Quantity(_JsonNumber, QuantityInput): ...


class Price(_JsonNumber, PriceInput): ...


class Amount(_JsonNumber, AmountInput): ...


class Percent(_JsonNumber, PercentInput): ...


class ItemForm(Input):
    """A line that came back; with a price its amounts are taken as given."""

    orderItemReference = NumberOfLine()
    quantity = Quantity()
    grossUnitPrice = Price(required=False)
    vatAmount = Amount(required=False)
    vatPercent = Percent(required=False)
    vatType = serializers.ChoiceField(VatType.choices, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        told = {"vatAmount", "vatPercent", "vatType"} & set(attrs)
        if told and "grossUnitPrice" not in attrs:
            missing = serializers.ErrorDetail("VAT is given together with a price.", "required")
            raise serializers.ValidationError({"grossUnitPrice": [missing]})
        return attrs


class BankForm(Input):
    """An account as the customer wrote it down: whether it is one is looked at later."""

    accountOwner = TextInput(max_length=500, allow_null=True)
    iban = TextInput(max_length=500, allow_null=True)
    bic = TextInput(max_length=500, allow_null=True)


class ReturnForm(Input):
    invoiceReference = TextInput(max_length=MAX_REFERENCE, allow_null=True)
    returnDate = DayInput()
    returnReason = serializers.ChoiceField(list(REASONS))
    returnReference = serializers.CharField(max_length=MAX_REFERENCE)
    items = ItemForm(many=True, required=False, allow_empty=False)
    bankDetails = BankForm(required=False, allow_null=True)
