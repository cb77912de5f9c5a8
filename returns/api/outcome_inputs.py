"""What callers send to replace goods, send them back or charge them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from returns.api import nameable
from returns.api.inputs import MaybeReasonForm, line_field
from returns.services import ChargeInput, Charges, Consignment, ReplaceInput, SendBackInput
from rmaproject.rest import inputs
from rmaproject.rest.inputs import Input, PartField, RecordField, TextInput


class ReplaceLineForm(Input):
    line = line_field()
    quantity = inputs.QuantityInput()
    part = RecordField(
        nameable.parts, by="sku", required=False, allow_null=True, help_text="The same if left out."
    )
    price_difference = inputs.PriceInput(
        required=False, help_text="Gross for one unit: above zero the customer pays it."
    )


class ReplaceForm(Input):
    """With `in_advance` also units that have not come yet."""

    lines = ReplaceLineForm(many=True)
    in_advance = serializers.BooleanField(required=False, default=False)


def replace_input(given: dict[str, Any]) -> list[ReplaceInput]:
    """Checked replacements as the service takes them."""
    return [ReplaceInput(**line) for line in given["lines"]]


class SendBackLineForm(Input):
    line = line_field()
    quantity = inputs.QuantityInput()
    repaired = serializers.BooleanField(required=False, default=False)
    serial = TextInput(max_length=64)


class SendBackForm(Input):
    lines = SendBackLineForm(many=True)
    carrier = TextInput(max_length=100)
    tracking_number = TextInput(max_length=100)
    shipped_on = serializers.DateField(required=False, allow_null=True)


def send_back_input(given: dict[str, Any]) -> tuple[list[SendBackInput], Consignment]:
    """A checked consignment as the service takes it."""
    told = {name: value for name, value in given.items() if name != "lines"}
    return [SendBackInput(**line) for line in given["lines"]], Consignment(**told)


class ChargeLineForm(Input):
    line = line_field()
    gross_unit_price = inputs.PriceInput(
        required=False, min_value=Decimal(0), help_text="That of the sale if left out."
    )


class ChargeForm(MaybeReasonForm):
    """Without lines and extra lines all that is due."""

    lines = ChargeLineForm(many=True, required=False)
    extra_lines = serializers.ListField(
        child=PartField(lambda order: order.extra_lines.all(), by="number"), required=False
    )


def charge_input(given: dict[str, Any]) -> Charges:
    """Checked charges as the service takes them."""
    lines = [ChargeInput(**line) for line in given["lines"]] if "lines" in given else None
    return Charges(lines, given.get("extra_lines"))
