"""Credit notes as JSON: their amounts by rate, their lines, and what these pay for."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from rest_framework import serializers

from rmaproject.access.actors import Actor
from rmaproject.rest.outputs import NamedOutput, RecordOutput
from rmaproject.rest.shapes import AmountOutput, PercentOutput, QuantityOutput, id_of, in_short
from rmaproject.shared import money
from rmaproject.shared.money import plain
from sales.models import CreditLine, CreditNote, LineKind, VatType
from sales.taxes import taxes_of

#: What apps above know about a credit line: relations to load with it, and what it pays for.
PAYS_FOR_RELATED: Final[list[str]] = []
PAYS_FOR: Final[list[Callable[[Actor, CreditLine], dict[str, Any] | None]]] = []


class TaxOutput(serializers.Serializer[Any]):
    """What a credit note comes to at one VAT rate."""

    vat_percent = PercentOutput()
    vat_type = serializers.ChoiceField(choices=VatType.choices)
    net = AmountOutput()
    tax = AmountOutput()
    gross = AmountOutput()


class PaysForOutput(serializers.Serializer[Any]):
    """The return and its line or extra line; `quantity` is 0 for what stands beside the goods."""

    return_order = serializers.UUIDField()
    reference = serializers.CharField()
    line = serializers.UUIDField(allow_null=True)
    extra_line = serializers.UUIDField(allow_null=True)
    inspection = serializers.UUIDField(allow_null=True)
    quantity = QuantityOutput()


class CreditLineOutput(serializers.Serializer[Any]):
    """A line; not `live` once its note was reversed, `given` when its amounts came from outside.

    `pays_for` is null for who may not see returns.
    """

    id = serializers.UUIDField()
    number = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=LineKind.choices)
    invoice_line = serializers.UUIDField(allow_null=True)
    part = serializers.UUIDField(allow_null=True)
    sku = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    quantity = QuantityOutput()
    net = AmountOutput()
    tax = AmountOutput()
    gross = AmountOutput()
    vat_percent = PercentOutput()
    vat_type = serializers.ChoiceField(choices=VatType.choices)
    given = serializers.BooleanField()
    live = serializers.BooleanField()
    pays_for = PaysForOutput(allow_null=True)


class CreditNoteOutput(RecordOutput):
    """A credit note; `kept` of it is the customer's credit, `open` waits to be refunded.

    `refunding` of what is open is promised to refunds.
    """

    reference = serializers.CharField()
    business = NamedOutput()
    customer = NamedOutput()
    sales_order = serializers.UUIDField(allow_null=True)
    invoice = serializers.UUIDField(allow_null=True)
    currency = serializers.CharField()
    credited_on = serializers.DateField()
    net = AmountOutput()
    tax = AmountOutput()
    gross = AmountOutput()
    taxes = TaxOutput(many=True)
    applied = AmountOutput()
    kept = AmountOutput()
    refunded = AmountOutput()
    refunding = AmountOutput()
    open = AmountOutput()
    reverses = serializers.UUIDField(allow_null=True)
    reversed_by = serializers.UUIDField(allow_null=True)
    lines = CreditLineOutput(many=True)


def show_credit_note(row: CreditNote, actor: Actor) -> dict[str, Any]:
    """A credit note, loaded with its lines, as JSON."""
    reversal = getattr(row, "reversed_by", None)
    lines = list(row.lines.all())
    amounts = {"net": row.net, "tax": row.tax, "gross": row.gross}
    used = {"applied": row.applied, "kept": row.kept, "refunded": row.refunded}
    is_open = row.reverses_id is None and reversal is None
    rest = row.gross - sum(used.values(), money.ZERO) if is_open else money.ZERO
    return {
        "id": row.uuid,
        "version": row.version,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "reference": row.reference,
        "business": in_short(row.business, by="code"),
        "customer": in_short(row.customer),
        "sales_order": id_of(row.order),
        "invoice": id_of(row.invoice),
        "currency": row.currency,
        "credited_on": row.credited_on,
        **_amounts({**amounts, **used, "refunding": row.refunding, "open": rest}, row.currency),
        "taxes": _taxes(lines, row.currency),
        "reverses": id_of(row.reverses),
        "reversed_by": id_of(reversal),
        "lines": [_line(line, row.currency, actor) for line in lines],
    }


def _amounts(amounts: dict[str, Decimal], currency: str) -> dict[str, str]:
    return {name: money.amount(value, currency) for name, value in amounts.items()}


def _taxes(lines: list[CreditLine], currency: str) -> list[dict[str, Any]]:
    return [
        {
            "vat_percent": plain(entry.vat_percent),
            "vat_type": entry.vat_type,
            **_amounts({"net": entry.net, "tax": entry.tax, "gross": entry.gross}, currency),
        }
        for entry in taxes_of(lines)
    ]


def _line(row: CreditLine, currency: str, actor: Actor) -> dict[str, Any]:
    found = (pays_for(actor, row) for pays_for in PAYS_FOR)
    return {
        "id": row.uuid,
        "number": row.number,
        "kind": row.kind,
        "invoice_line": id_of(row.invoice_line),
        "part": id_of(row.part),
        "sku": row.part.sku if row.part else None,
        "name": row.name,
        "quantity": plain(row.quantity),
        **_amounts({"net": row.net, "tax": row.tax, "gross": row.gross}, currency),
        "vat_percent": plain(row.vat_percent),
        "vat_type": row.vat_type,
        "given": row.given,
        "live": row.live,
        "pays_for": next((paid for paid in found if paid), None),
    }
