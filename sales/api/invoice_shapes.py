"""Invoices as JSON: the shapes for the schema, and the rows built by hand."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from rmaproject.rest.outputs import NamedOutput, RecordOutput
from rmaproject.rest.shapes import (
    AmountOutput,
    PercentOutput,
    PriceOutput,
    QuantityOutput,
    id_of,
    in_short,
)
from rmaproject.shared import money
from rmaproject.shared.money import plain
from sales.models import Invoice, InvoiceLine, LineKind, VatType


class InvoiceLineOutput(serializers.Serializer[Any]):
    """A line; `credited_units` of it were taken back by credit notes."""

    id = serializers.UUIDField()
    number = serializers.IntegerField()
    order_line = serializers.UUIDField(allow_null=True)
    kind = serializers.ChoiceField(choices=LineKind.choices)
    part = serializers.UUIDField(allow_null=True)
    sku = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    quantity = QuantityOutput()
    gross_unit_price = PriceOutput()
    vat_percent = PercentOutput()
    vat_type = serializers.ChoiceField(choices=VatType.choices)
    net = AmountOutput()
    tax = AmountOutput()
    gross = AmountOutput()
    credited_units = QuantityOutput()
    credited_gross = AmountOutput()


class InvoiceOutput(RecordOutput):
    """An invoice; `open` is what is still to be paid."""

    reference = serializers.CharField()
    business = NamedOutput()
    customer = NamedOutput()
    sales_order = serializers.UUIDField(allow_null=True)
    currency = serializers.CharField()
    invoiced_on = serializers.DateField()
    net = AmountOutput()
    tax = AmountOutput()
    gross = AmountOutput()
    settled = AmountOutput()
    open = AmountOutput()
    credited = AmountOutput()
    lines = InvoiceLineOutput(many=True)


def show_invoice(row: Invoice) -> dict[str, Any]:
    """An invoice, loaded with its lines, as JSON."""
    return {
        "id": row.uuid,
        "version": row.version,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "reference": row.reference,
        "business": in_short(row.business, by="code"),
        "customer": in_short(row.customer),
        "sales_order": id_of(row.order),
        "currency": row.currency,
        "invoiced_on": row.invoiced_on,
        "net": money.amount(row.net, row.currency),
        "tax": money.amount(row.tax, row.currency),
        "gross": money.amount(row.gross, row.currency),
        "settled": money.amount(row.settled, row.currency),
        "open": money.amount(row.gross - row.settled, row.currency),
        "credited": money.amount(row.credited, row.currency),
        "lines": [show_invoice_line(line, row.currency) for line in row.lines.all()],
    }


def show_invoice_line(row: InvoiceLine, currency: str) -> dict[str, Any]:
    """A line of an invoice as JSON."""
    return {
        "id": row.uuid,
        "number": row.number,
        "order_line": id_of(row.order_line),
        "kind": row.kind,
        "part": id_of(row.part),
        "sku": row.part.sku if row.part else None,
        "name": row.name,
        "quantity": plain(row.quantity),
        "gross_unit_price": plain(row.gross_unit_price),
        "vat_percent": plain(row.vat_percent),
        "vat_type": row.vat_type,
        "net": money.amount(row.net, currency),
        "tax": money.amount(row.tax, currency),
        "gross": money.amount(row.gross, currency),
        "credited_units": plain(row.credited_units),
        "credited_gross": money.amount(row.credited_gross, currency),
    }
