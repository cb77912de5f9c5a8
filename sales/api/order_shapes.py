"""Sales orders as JSON: the shapes for the schema, and the rows built by hand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rest_framework import serializers

from rmaproject.access.actors import Actor
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
from sales.actions import allowed_verbs, invoice_action
from sales.api.invoice_shapes import InvoiceLineOutput, show_invoice_line
from sales.kits import returnable, total_of
from sales.models import (
    Allocation,
    Invoice,
    LineKind,
    OrderLine,
    Payment,
    SalesOrder,
    Shipment,
    VatType,
)
from sales.services.orders import all_shipped
from sales.states import OrderStatus


class LineOutput(serializers.Serializer[Any]):
    """A line; `stock_items` are the units of it that the customer still holds.

    A line of kits is sold as such; its parts are lines too, and only they are shipped, charged
    and credited. Its `returnable_quantity` counts the whole kits that can come back.
    """

    id = serializers.UUIDField()
    number = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=LineKind.choices)
    part = serializers.UUIDField(allow_null=True)
    sku = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    parent = serializers.UUIDField(  # type: ignore[assignment]
        allow_null=True, help_text="The kit that the line is part of."
    )
    per_kit = QuantityOutput(allow_null=True, help_text="How much of it is in one of that kit.")
    value_share = AmountOutput(
        allow_null=True, help_text="What the line is worth of the kit, fixed when it is sold."
    )
    components = serializers.ListField(
        child=serializers.UUIDField(), help_text="Of a kit: the lines directly below it."
    )
    quantity = QuantityOutput()
    gross_unit_price = PriceOutput()
    vat_percent = PercentOutput()
    vat_type = serializers.ChoiceField(choices=VatType.choices)
    allocated = QuantityOutput()
    shipped = QuantityOutput()
    returnable_quantity = QuantityOutput()
    stock_items = serializers.ListField(child=serializers.UUIDField())


class AllocationOutput(serializers.Serializer[Any]):
    """Stock in a shipment; no stock item for bulk goods of a sale recorded from elsewhere."""

    id = serializers.UUIDField()
    order_line = serializers.UUIDField()
    stock_item = serializers.UUIDField(allow_null=True)
    serial = serializers.CharField(allow_null=True)
    quantity = QuantityOutput()


class ShipmentOutput(serializers.Serializer[Any]):
    """A parcel to the customer; pending until it has a day of shipping."""

    id = serializers.UUIDField()
    reference = serializers.CharField()
    carrier = serializers.CharField()
    tracking_number = serializers.CharField()
    shipped_on = serializers.DateField(allow_null=True)
    delivered_on = serializers.DateField(allow_null=True)
    allocations = AllocationOutput(many=True)


class OrderInvoiceOutput(serializers.Serializer[Any]):
    """An invoice of the order in short."""

    id = serializers.UUIDField()
    reference = serializers.CharField()
    invoiced_on = serializers.DateField()
    net = AmountOutput()
    tax = AmountOutput()
    gross = AmountOutput()
    lines = InvoiceLineOutput(many=True)


class OrderPaymentOutput(serializers.Serializer[Any]):
    """A payment that settled an invoice of the order."""

    id = serializers.UUIDField()
    amount = AmountOutput()
    currency = serializers.CharField()
    paid_on = serializers.DateField()
    method = serializers.CharField()


class SalesOrderOutput(RecordOutput):
    """A sales order; `invoices` and `payments` are null for who may not see them."""

    reference = serializers.CharField()
    status = serializers.ChoiceField(choices=OrderStatus.choices)
    held_from = serializers.CharField(help_text="What a held order resumes to.")
    shipped = serializers.BooleanField(help_text="Whether all goods have left.")
    business = NamedOutput()
    customer = NamedOutput()
    customer_reference = serializers.CharField()
    channel = serializers.CharField(help_text="How it was sold; rules for returns can name it.")
    currency = serializers.CharField()
    return_order = serializers.UUIDField(
        allow_null=True, help_text="The return that this order replaces goods of."
    )
    gross = AmountOutput()
    ordered_on = serializers.DateField()
    target_date = serializers.DateField(allow_null=True)
    issued_at = serializers.DateTimeField(allow_null=True)
    completed_at = serializers.DateTimeField(allow_null=True)
    cancelled_at = serializers.DateTimeField(allow_null=True)
    responsible_user = serializers.CharField(allow_null=True)
    responsible_group = serializers.CharField(allow_null=True)
    created_by = serializers.CharField(allow_null=True)
    note = serializers.CharField()
    lines = LineOutput(many=True)
    shipments = ShipmentOutput(many=True)
    invoices = OrderInvoiceOutput(many=True, allow_null=True)
    payments = OrderPaymentOutput(many=True, allow_null=True)
    allowed_actions = serializers.ListField(child=serializers.CharField())


def show_order(row: SalesOrder, actor: Actor) -> dict[str, Any]:
    """A sales order, loaded with parties, lines and books, as JSON; without a query."""
    lines, invoices = list(row.lines.all()), list(row.invoices.all())
    books = actor.may("sales.view_invoice")
    paid = actor.may("sales.view_payment")
    return {
        **_header(row),
        "gross": money.amount(total_of(lines, row.currency), row.currency),
        "lines": [show_line(line) for line in lines],
        "shipments": [show_shipment(parcel) for parcel in row.shipments.all()],
        "invoices": [_invoice(invoice) for invoice in invoices] if books else None,
        "payments": [_payment(entry) for entry in _payments(invoices)] if paid else None,
        "allowed_actions": _allowed(row, lines, invoices, actor),
    }


def show_line(line: OrderLine) -> dict[str, Any]:
    """A line of a sales order as JSON."""
    return {
        "id": line.uuid,
        "number": line.number,
        "kind": line.kind,
        "part": id_of(line.part),
        "sku": line.part.sku if line.part else None,
        "name": line.name,
        **_in_kit(line),
        "quantity": plain(line.quantity),
        "gross_unit_price": plain(line.gross_unit_price),
        "vat_percent": plain(line.vat_percent),
        "vat_type": line.vat_type,
        "allocated": plain(line.allocated),
        "shipped": plain(line.shipped),
        "returnable_quantity": plain(returnable(line, _family(line))),
        "stock_items": [
            sale.stock_item.uuid for sale in line.unit_sales.all() if sale.until is None
        ],
    }


def _family(line: OrderLine) -> list[OrderLine]:
    """All lines of the order, which was loaded with them; only kits and their parts need them."""
    alone = line.parent_id is None and line.kind != LineKind.KIT
    return [] if alone else list(line.order.lines.all())


def _in_kit(line: OrderLine) -> dict[str, Any]:
    family = _family(line)
    worth, kit = line.value_share, {row.pk: row.uuid for row in family}.get(line.parent_id or 0)
    return {
        "parent": kit,
        "per_kit": None if line.per_kit is None else plain(line.per_kit),
        "value_share": None if worth is None else money.amount(worth, line.order.currency),
        "components": [row.uuid for row in family if row.parent_id == line.pk],
    }


def show_shipment(row: Shipment) -> dict[str, Any]:
    """A shipment with what is in it as JSON."""
    return {
        "id": row.uuid,
        "reference": row.reference,
        "carrier": row.carrier,
        "tracking_number": row.tracking_number,
        "shipped_on": row.shipped_on,
        "delivered_on": row.delivered_on,
        "allocations": [show_allocation(entry) for entry in row.allocations.all()],
    }


def show_allocation(row: Allocation) -> dict[str, Any]:
    """Stock in a shipment as JSON."""
    return {
        "id": row.uuid,
        "order_line": row.order_line.uuid,
        "stock_item": id_of(row.stock_item),
        "serial": row.stock_item.serial if row.stock_item else None,
        "quantity": plain(row.quantity),
    }


def _header(row: SalesOrder) -> dict[str, Any]:
    user, group, maker = row.responsible_user, row.responsible_group, row.created_by
    return {
        "id": row.uuid,
        "version": row.version,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "reference": row.reference,
        "status": row.status,
        "held_from": row.held_from,
        "shipped": all_shipped(row),
        "business": in_short(row.business, by="code"),
        "customer": in_short(row.customer),
        "customer_reference": row.customer_reference,
        "channel": row.channel,
        "currency": row.currency,
        "return_order": row.return_order,
        "ordered_on": row.ordered_on,
        "target_date": row.target_date,
        "issued_at": row.issued_at,
        "completed_at": row.completed_at,
        "cancelled_at": row.cancelled_at,
        "responsible_user": user.username if user else None,
        "responsible_group": group.name if group else None,
        "created_by": maker.username if maker else None,
        "note": row.note,
    }


def _invoice(row: Invoice) -> dict[str, Any]:
    return {
        "id": row.uuid,
        "reference": row.reference,
        "invoiced_on": row.invoiced_on,
        "net": money.amount(row.net, row.currency),
        "tax": money.amount(row.tax, row.currency),
        "gross": money.amount(row.gross, row.currency),
        "lines": [show_invoice_line(line, row.currency) for line in row.lines.all()],
    }


def _payments(invoices: Iterable[Invoice]) -> list[Payment]:
    """The payments behind the settlements of these invoices, each once, oldest first."""
    used = (entry.payment for invoice in invoices for entry in invoice.settlements.all())
    found = {payment.pk: payment for payment in used if payment is not None}
    return [found[key] for key in sorted(found)]


def _payment(row: Payment) -> dict[str, Any]:
    return {
        "id": row.uuid,
        "amount": money.amount(row.amount, row.currency),
        "currency": row.currency,
        "paid_on": row.paid_on,
        "method": row.method,
    }


def _allowed(
    row: SalesOrder, lines: list[OrderLine], invoices: list[Invoice], actor: Actor
) -> list[str]:
    rest = {line.pk: line.shipped for line in lines}
    for invoice in invoices:
        for charge in invoice.lines.all():
            if charge.order_line_id in rest:
                rest[charge.order_line_id] -= charge.quantity
    # A line that was invoiced before it shipped is below zero and hides no other.
    uncharged = sum((max(open_, money.ZERO) for open_ in rest.values()), money.ZERO)
    verbs = allowed_verbs(row, lines, actor)
    return [*verbs, "invoice"] if invoice_action(uncharged, actor).allowed else verbs
