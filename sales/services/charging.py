"""Invoices for what no shipment charges: goods that were not sent back, and fees of a return."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.shared import clock, money
from sales.models import (
    Account,
    Business,
    Document,
    Invoice,
    InvoiceLine,
    LineKind,
    OrderLine,
    SalesOrder,
    VatType,
)
from sales.services.invoicing import set_totals
from sales.services.ledger import invoice_booking, post
from sales.services.numbering import draw
from sales.services.refunding.followers import tell_invoiced


@dataclass(frozen=True)
class Charged:
    """One line to invoice: units of an order line, or a fee; the price is gross."""

    name: str
    quantity: Decimal
    gross_unit_price: Decimal
    vat_percent: Decimal = money.ZERO
    vat_type: str = VatType.NORMAL
    kind: str = LineKind.FEE
    order_line: OrderLine | None = None
    tax: Decimal | None = None


def book_charge(
    business: Business,
    account: Account,
    order: SalesOrder | None,
    lines: Sequence[Charged],
    *,
    actor: Actor,
) -> tuple[Invoice, list[InvoiceLine]]:
    """Make and post an invoice of these lines on a locked account; its number is drawn last.

    Gives the invoice and its lines in the order of `lines`.
    """
    on = clock.today(business)
    invoice = Invoice(
        business=business,
        customer_id=account.company_id,
        account=account,
        order=order,
        currency=account.currency,
        invoiced_on=on,
    )
    made = [_line(invoice, number, given) for number, given in enumerate(lines, start=1)]
    set_totals(invoice, made)
    invoice.reference = draw(business, Document.INVOICE, on, Invoice).reference
    sale = order.uuid if order else None
    trail.create(invoice, actor=actor, order=sale, gross=invoice.gross)
    for line in made:
        line.invoice = invoice
    InvoiceLine.objects.bulk_create(made)
    post([invoice_booking(invoice)], at=clock.now())
    sold = [line.order_line_id for line in made if line.order_line_id]
    tell_invoiced(sold, actor=actor)
    return invoice, made


def _line(invoice: Invoice, number: int, given: Charged) -> InvoiceLine:
    gross = money.rounded(given.quantity * given.gross_unit_price, invoice.currency)
    tax = given.tax
    if tax is None:
        tax = money.tax_within(gross, given.vat_percent, invoice.currency)
    return InvoiceLine(
        invoice=invoice,
        number=number,
        order_line=given.order_line,
        kind=given.kind,
        part_id=given.order_line.part_id if given.order_line else None,
        name=given.name,
        quantity=given.quantity,
        gross_unit_price=given.gross_unit_price,
        vat_percent=given.vat_percent,
        vat_type=given.vat_type,
        net=gross - tax,
        tax=tax,
        gross=gross,
    )
