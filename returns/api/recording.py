"""Returns that happened elsewhere, as callers tell them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Model
from rest_framework import serializers

from customers.selectors import visible_companies
from returns.api import nameable
from returns.api.custom import CustomInput
from returns.api.inputs import (
    EXTRA_KINDS,
    ReturnLineForm,
    line_input,
    location_field,
    reason_field,
)
from returns.services import RecordExtra, RecordInput, RecordLine
from rmaproject.rest import inputs
from rmaproject.rest.inputs import Input, RecordField, TextInput
from rmaproject.shared import money
from rmaproject.shared.canonical import digest
from rmaproject.shared.vault import digests
from sales.api.bank_shapes import BankDetailsField
from sales.models import OrderLine, UnitSale, VatType
from sales.selectors import visible_businesses
from sales.services.banking import BankAccount
from sales.services.units import GivenAmount

AMOUNTS = ("gross_unit_price", "vat_percent", "vat_type", "vat_amount")


class RecordReturnLineForm(ReturnLineForm):
    """A line that came back. With a price its amounts are taken as given."""

    gross_unit_price = inputs.PriceInput(required=False, min_value=Decimal(0))
    vat_percent = inputs.PercentInput(required=False)
    vat_type = serializers.ChoiceField(VatType.choices, required=False)
    vat_amount = inputs.AmountInput(
        required=False, help_text="VAT of the whole line, within its gross amount."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        priced = "gross_unit_price" in attrs
        if not priced and any(name in attrs for name in AMOUNTS):
            missing = serializers.ErrorDetail("VAT is given together with a price.", "required")
            raise serializers.ValidationError({"gross_unit_price": [missing]})
        return super().validate(attrs)


class RecordExtraLineForm(Input):
    kind = serializers.ChoiceField(EXTRA_KINDS)
    name = serializers.CharField(max_length=200)
    quantity = inputs.QuantityInput(required=False)
    gross_unit_price = inputs.PriceInput()
    vat_percent = inputs.PercentInput(required=False)
    vat_type = serializers.ChoiceField(VatType.choices, required=False)
    vat_amount = inputs.AmountInput(required=False)
    invoice_line = RecordField(nameable.invoice_lines, required=False, allow_null=True)


class RecordReturnForm(Input):
    """A whole return that happened; the same reference with the same content is taken once."""

    business = RecordField(visible_businesses, by="code")
    customer = RecordField(visible_companies, by="reference")
    reference = TextInput(max_length=64)
    customer_reference = TextInput(max_length=64)
    received_on = serializers.DateField(required=False, allow_null=True)
    reason = reason_field()
    note = TextInput()
    location = location_field()
    credit_reference = TextInput(max_length=64)
    custom = CustomInput(required=False)
    bank_details = BankDetailsField(required=False, allow_null=True)
    lines = RecordReturnLineForm(many=True, required=False)
    extra_lines = RecordExtraLineForm(many=True, required=False)


HEADER = ("business", "customer", "reference", "customer_reference", "reason", "note", "custom")


def record_input(given: dict[str, Any]) -> RecordInput:
    """A checked return that happened, as the service takes it, with the digest of its content."""
    return RecordInput(
        values={name: given[name] for name in HEADER if name in given},
        lines=[_line(line, given) for line in given.get("lines", ())],
        extra_lines=[_extra(line) for line in given.get("extra_lines", ())],
        received_on=given.get("received_on"),
        credit_reference=given.get("credit_reference", ""),
        location=given.get("location"),
        bank_details=given.get("bank_details"),
        digest=digest(_simple(given)),
    )


def _line(given: dict[str, Any], whole: dict[str, Any]) -> RecordLine:
    line = line_input(given)
    if "gross_unit_price" not in given:
        return RecordLine(line)
    sold = _sold_line(given)
    currency = sold.order.currency if sold else whole["business"].currency
    units = line.quantity + line.waived or Decimal(1)
    percent = given.get("vat_percent", sold.vat_percent if sold else money.ZERO)
    gross = money.rounded(units * given["gross_unit_price"], currency)
    within = money.tax_within(gross, percent, currency)
    vat_type = given.get("vat_type", sold.vat_type if sold else VatType.NORMAL)
    tax = money.rounded(given.get("vat_amount", within), currency)
    return RecordLine(line, GivenAmount(gross, tax, percent, vat_type))


def _sold_line(given: dict[str, Any]) -> OrderLine | None:
    """The sold line whose currency and VAT a given price is meant in."""
    if "order_line" in given:
        return given["order_line"]
    if "invoice_line" in given:
        key = given["invoice_line"].order_line_id
        return OrderLine.objects.select_related("order").filter(pk=key).first()
    if "stock_item" in given:
        sales = UnitSale.objects.select_related("order_line__order")
        sale = sales.filter(stock_item=given["stock_item"], until=None).first()
        return sale.order_line if sale else None
    return None


def _extra(given: dict[str, Any]) -> RecordExtra:
    told = {key: value for key, value in given.items() if key != "vat_amount"}
    return RecordExtra(tax=given.get("vat_amount"), **told)


def _simple(value: Any) -> Any:
    """Checked values as plain ones: records by their ids, what was left out left out.

    Of a bank account only a keyed digest: nothing kept may tell it.
    """
    if isinstance(value, Model):
        return str(value.uuid)  # type: ignore[attr-defined]
    if isinstance(value, BankAccount):
        return digests("|".join([value.owner, value.iban, value.bic]))[0]
    if isinstance(value, dict):
        return {key: _simple(item) for key, item in value.items() if item not in (None, "")}
    if isinstance(value, list):
        return [_simple(item) for item in value]
    return value
