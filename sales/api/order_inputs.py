"""What requests about sales orders may say."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from customers.selectors import visible_companies
from rmaproject.rest.inputs import (
    CurrencyInput,
    Input,
    PercentInput,
    PriceInput,
    QuantityInput,
    RecordField,
    TextInput,
)
from rmaproject.rest.people import GroupField, UserField
from sales.api.fields import (
    MAX_NUMBER,
    OfOrder,
    ReferenceInput,
    SoldLineInput,
    require_different,
)
from sales.models import VatType
from sales.selectors import visible_businesses
from stock.selectors import visible_items, visible_parts


class OrderLineInput(SoldLineInput):
    """A line of an order; goods name a part, by id or SKU."""

    number = serializers.IntegerField(min_value=1, max_value=MAX_NUMBER, required=False)
    part = RecordField(visible_parts, by="sku", required=False, allow_null=True)


class LineChangeInput(Input):
    """What may be changed of a line that was not invoiced."""

    name = serializers.CharField(max_length=200, allow_blank=True)
    quantity = QuantityInput()
    gross_unit_price = PriceInput()
    vat_percent = PercentInput()
    vat_type = serializers.ChoiceField(choices=VatType.choices)


class HeaderInput(Input):
    """Header fields that may be changed later."""

    customer_reference = TextInput(max_length=64)
    channel = TextInput(max_length=50)
    target_date = serializers.DateField(required=False, allow_null=True)
    responsible_user = UserField()
    responsible_group = GroupField()
    note = TextInput()


class OrderInput(HeaderInput):
    """A new order; the pattern numbers it when it has no reference."""

    business = RecordField(visible_businesses, by="code")
    customer = RecordField(visible_companies, by="reference")
    reference = ReferenceInput(required=False, allow_blank=True)
    currency = CurrencyInput(required=False)
    ordered_on = serializers.DateField(required=False)
    lines = OrderLineInput(many=True, required=False)

    def validate_lines(self, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        require_different("number", lines)
        return lines


class NothingInput(Input):
    """A verb that needs no values."""


class ReasonInput(Input):
    reason = TextInput(max_length=500)


class CompleteInput(Input):
    accept_incomplete = serializers.BooleanField(default=False)


class InvoiceOrderInput(Input):
    reference = ReferenceInput(required=False, allow_blank=True)
    invoiced_on = serializers.DateField(required=False)


class ShipmentInput(Input):
    """A new shipment; numbered 1, 2, 3 without a reference."""

    reference = ReferenceInput(required=False, allow_blank=True)
    carrier = TextInput(max_length=100)
    tracking_number = TextInput(max_length=100)


class DeliveryInput(Input):
    """The day a shipment arrived; null where that was a mistake."""

    delivered_on = serializers.DateField(allow_null=True)


class AllocateLineInput(Input):
    line = OfOrder("lines")
    stock_item = RecordField(visible_items)
    quantity = QuantityInput(default=Decimal(1))


class AllocateInput(Input):
    """Which stock goes with which shipment; it is named by id or reference."""

    shipment = OfOrder("shipments", by="reference")
    lines = AllocateLineInput(many=True, allow_empty=False)


class DeallocateInput(Input):
    allocations = serializers.ListField(child=OfOrder("allocations"), allow_empty=False)


class ShipInput(Input):
    """Which shipment leaves, named by id or reference, when and with whom."""

    shipment = OfOrder("shipments", by="reference")
    shipped_on = serializers.DateField(required=False)
    carrier = TextInput(max_length=100)
    tracking_number = TextInput(max_length=100)
