"""A finished sale as `POST /sales-orders/record` takes it, and as the service wants it."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from rmaproject.rest.inputs import (
    AmountInput,
    CurrencyInput,
    Input,
    PriceInput,
    QuantityInput,
    RecordField,
    TextInput,
)
from rmaproject.shared.canonical import digest
from sales.api.fields import ReferenceInput, SoldLineInput, require_different
from sales.models import PART_KINDS
from sales.selectors import visible_businesses
from sales.services.sale import (
    Sale,
    SaleComponent,
    SaleCustomer,
    SaleInvoice,
    SaleLine,
    SalePayment,
    SaleShipment,
)


class SaleCustomerInput(Input):
    """Who bought; an unknown reference makes a new customer."""

    reference = ReferenceInput()
    name = TextInput(max_length=200)
    email = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    country = TextInput(max_length=2)


class ComponentInput(Input):
    """So much of a SKU in one of what it is part of; kits in it tell their own components."""

    sku = ReferenceInput()
    name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    quantity = QuantityInput()
    value_weight = PriceInput(required=False, allow_null=True, min_value=Decimal(0))
    serials = serializers.ListField(child=ReferenceInput(), required=False)

    def get_fields(self) -> dict[str, Any]:
        """Kits in kits, as deep as a body may be nested."""
        inner = ComponentInput(many=True, required=False)
        return {**super().get_fields(), "components": inner}


class SaleLineInput(SoldLineInput):
    """A line; goods and kits name a SKU, and an unknown one makes a new part.

    A kit is taken apart by its `components` (of one kit), else by what it is known to be made of.

    Tax lies within the price unless `vat_amount` gives it for the whole line.
    """

    sku = ReferenceInput(required=False, allow_blank=True)
    vat_amount = AmountInput(required=False)
    serials = serializers.ListField(child=ReferenceInput(), required=False)
    components = ComponentInput(many=True, required=False)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        is_goods = values["kind"] in PART_KINDS
        serials = values.get("serials", [])
        if is_goods != bool(values.get("sku")):
            raise _wrong("sku", "Goods name their SKU, and only goods do.", "part_missing")
        if serials and not is_goods:
            raise _wrong("serials", "Only goods have serial numbers.", "not_goods")
        if serials and len(serials) != values["quantity"]:
            raise _wrong("serials", "Give one serial number for each unit.", "serials_missing")
        if values.get("components") and not is_goods:
            raise _wrong("components", "Only a kit is made of parts.", "not_a_kit")
        if len({serial.lower() for serial in serials}) != len(serials):
            raise _wrong("serials", "A serial number stands here twice.", "doubled_serial")
        return values


class SaleShipmentInput(Input):
    shipped_on = serializers.DateField()
    carrier = TextInput(max_length=100)
    tracking_number = TextInput(max_length=100)
    delivered_on = serializers.DateField(required=False, allow_null=True)


class SaleInvoiceInput(Input):
    invoiced_on = serializers.DateField()
    reference = ReferenceInput(required=False, allow_blank=True)


class SalePaymentInput(Input):
    amount = AmountInput()
    paid_on = serializers.DateField()
    method = TextInput(max_length=50)
    gateway = TextInput(max_length=50)
    gateway_reference = TextInput(max_length=100)


class SaleInput(Input):
    """A finished sale: order, and as far as they exist shipment, invoice and payments."""

    business = RecordField(visible_businesses, by="code")
    reference = ReferenceInput()
    ordered_on = serializers.DateField()
    currency = CurrencyInput(required=False)
    customer = SaleCustomerInput()
    lines = SaleLineInput(many=True, allow_empty=False)
    shipment = SaleShipmentInput(required=False, allow_null=True)
    invoice = SaleInvoiceInput(required=False, allow_null=True)
    payments = SalePaymentInput(many=True, required=False)
    correction_reason = TextInput(max_length=200)
    channel = TextInput(max_length=50)

    def validate_lines(self, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        require_different("number", lines)
        return lines


def sale_of(values: dict[str, Any]) -> Sale:
    """The sale that a checked request tells, with the digest of its content."""
    business = values["business"]
    parts: dict[str, Any] = {
        "reference": values["reference"],
        "ordered_on": values["ordered_on"],
        "currency": values.get("currency") or business.currency,
        "customer": SaleCustomer(**values["customer"]),
        "lines": tuple(_line(line) for line in values["lines"]),
        "shipment": SaleShipment(**values["shipment"]) if values.get("shipment") else None,
        "invoice": SaleInvoice(**values["invoice"]) if values.get("invoice") else None,
        "payments": tuple(SalePayment(**row) for row in values.get("payments", ())),
        "correction_reason": values.get("correction_reason", ""),
        "channel": values.get("channel", ""),
    }
    sale = Sale(business=business, digest="", **parts)
    content = {name: value for name, value in vars(sale).items() if name != "business"}
    return Sale(**{**vars(sale), "digest": digest([business.uuid, _plain(content)])})


def _line(values: dict[str, Any]) -> SaleLine:
    told = {**values, "tax": values.get("vat_amount"), "serials": tuple(values.get("serials", ()))}
    told.pop("vat_amount", None)
    return SaleLine(**{**told, "components": _components(values)})


def _components(values: dict[str, Any]) -> tuple[SaleComponent, ...]:
    return tuple(
        SaleComponent(
            **{
                **row,
                "serials": tuple(row.get("serials", ())),
                "components": _components(row),
            }
        )
        for row in values.get("components", ())
    )


def _plain(value: Any) -> Any:
    """A value without what was left empty: saying nothing twice is the same content."""
    if isinstance(value, dict):
        shown = {name: _plain(item) for name, item in value.items()}
        return {name: item for name, item in shown.items() if item not in (None, "", [], {})}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return _plain(asdict(value)) if hasattr(value, "__dataclass_fields__") else value


def _wrong(name: str, message: str, code: str) -> serializers.ValidationError:
    return serializers.ValidationError({name: [message]}, code)
