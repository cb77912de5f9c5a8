"""Invoices and payments, and what settles what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum
from django.utils.translation import gettext

from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.shared import clock, money
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict, RuleViolation
from sales.kits import charged
from sales.locks import lock_order
from sales.models import (
    Account,
    Business,
    CreditNote,
    Document,
    Invoice,
    InvoiceLine,
    LineKind,
    OrderLine,
    Payment,
    SalesOrder,
    Settlement,
)
from sales.services.ledger import invoice_booking, lock_account, payment_booking, post
from sales.services.numbering import draw, require_reference
from sales.services.refunding.followers import tell_invoiced

DUE_AT_ONCE = 20
GOODS = LineKind.GOODS


@command
def invoice_order(
    order_id: int, *, actor: Actor, reference: str = "", invoiced_on: date | None = None
) -> Invoice:
    """Charge what has left and was not invoiced yet, with all lines that are no goods.

    Raises Conflict `nothing_to_invoice`, `reference_exists`; RuleViolation `invoice_below_zero`,
    `invalid_date`.
    """
    order = lock_order(order_id)
    _require_no_future(order.business, invoiced_on, "/invoiced_on")
    account = lock_account(order.business, order.customer_id, order.currency)
    charges = _charges(order)
    if not charges:
        message = gettext("Nothing has left that was not invoiced.")
        raise Conflict(message, code="nothing_to_invoice")
    on = invoiced_on or clock.today(order.business)
    invoice = build_invoice(order, account, on, [line for line, _ in charges])
    lines = [
        invoice_line(invoice, line, quantity, after=_invoiced(line)) for line, quantity in charges
    ]
    set_totals(invoice, lines)
    if reference:
        invoice.reference = require_reference(reference)
    else:
        invoice.reference = draw(order.business, Document.INVOICE, on, Invoice).reference
    trail.create(invoice, actor=actor, order=order.uuid, gross=invoice.gross)
    for number, line in enumerate(lines, start=1):
        line.invoice, line.number = invoice, number
    InvoiceLine.objects.bulk_create(lines)
    post([invoice_booking(invoice)], at=clock.now())
    tell_invoiced([line.pk for line, _ in charges], actor=actor)
    return invoice


@command
def record_payment(
    *,
    business: Business,
    customer_id: int,
    currency: str,
    amount: Decimal,
    actor: Actor,
    paid_on: date | None = None,
    invoice: Invoice | None = None,
    **values: Any,
) -> Payment:
    """Book money that came in; it settles the named invoice first, then the oldest due ones.

    Raises RuleViolation `invalid_amount` for an amount that is not above zero or too fine,
    `invalid_date` for a day in the future, `wrong_account`.
    """
    _require_no_future(business, paid_on, "/paid_on")
    _require_payable(amount, currency)
    account = lock_account(business, customer_id, currency)
    if invoice is not None and invoice.account_id != account.pk:
        message = gettext("The invoice is on another account than the payment.")
        raise RuleViolation(message, code="wrong_account", pointer="/invoice")
    payment = Payment(
        business=business,
        customer_id=customer_id,
        account=account,
        currency=currency,
        amount=amount,
        paid_on=paid_on or clock.today(business),
        **values,
    )
    trail.create(payment, actor=actor, amount=amount, currency=currency)
    post([payment_booking(payment)], at=clock.now())
    first = Invoice.objects.get(pk=invoice.pk) if invoice is not None else None
    used = settle(account, amount, actor=actor, first=first, payment=payment)
    if used:
        Payment.objects.filter(pk=payment.pk).update(applied=used)
        payment.applied = used
    return payment


def _require_payable(amount: Decimal, currency: str) -> None:
    if amount <= 0 or money.rounded(amount, currency) != amount:
        told = {"amount": amount, "currency": currency}
        message = gettext("%(amount)s is no amount of %(currency)s that can be paid.") % told
        raise RuleViolation(message, code="invalid_amount", pointer="/amount")


def _require_no_future(business: Business, day: date | None, pointer: str) -> None:
    if day is not None and day > clock.today(business):
        message = gettext("What is booked has happened: the day lies in the future.")
        raise RuleViolation(message, code="invalid_date", pointer=pointer)


def settle(
    account: Account,
    available: Decimal,
    *,
    actor: Actor,
    first: Invoice | None = None,
    payment: Payment | None = None,
    credit_note: CreditNote | None = None,
) -> Decimal:
    """Settle due invoices of a locked account, `first` before the oldest ones.

    `first` is as it stands, read after the account was locked. Gives the amount used, in the
    account's currency.
    """
    used = money.ZERO
    while used < available:
        due = _due_invoices(account, first)
        if not due:
            break
        for invoice in due:
            part = min(invoice.gross - invoice.settled, available - used)
            if part <= 0:
                break
            Settlement.objects.create(
                payment=payment, credit_note=credit_note, invoice=invoice, amount=part
            )
            settled = {"settled": invoice.settled + part}
            trail.change(invoice, "settle", actor=actor, fields=settled, amount=part)
            used += part
    return used


def _due_invoices(account: Account, first: Invoice | None) -> list[Invoice]:
    """The next invoices to settle; a few at a time, because an account may have thousands."""
    if first is not None and first.settled < first.gross:
        return [first]
    due = account.invoices.filter(settled__lt=F("gross")).order_by("invoiced_on", "pk")
    return list(due[:DUE_AT_ONCE])


def build_invoice(
    order: SalesOrder, account: Account, on: date, lines: Sequence[OrderLine]
) -> Invoice:
    """An unsaved invoice of an order's lines, without reference and totals."""
    return Invoice(
        business_id=order.business_id,
        customer_id=order.customer_id,
        account=account,
        order=order,
        currency=order.currency,
        invoiced_on=on,
    )


def invoice_line(
    invoice: Invoice,
    line: OrderLine,
    quantity: Decimal,
    *,
    tax: Decimal | None = None,
    after: Decimal = money.ZERO,
) -> InvoiceLine:
    """An unsaved invoice line: gross is quantity times price, tax lies within it unless given.

    A part of a kit comes to its share; `after` units of the line were charged before.
    """
    gross = charged(line, quantity, after, invoice.currency)
    within = money.tax_within(gross, line.vat_percent, invoice.currency) if tax is None else tax
    return InvoiceLine(
        invoice=invoice,
        number=line.number,
        order_line=line,
        kind=line.kind,
        part_id=line.part_id,
        name=line.name,
        quantity=quantity,
        gross_unit_price=line.gross_unit_price,
        vat_percent=line.vat_percent,
        vat_type=line.vat_type,
        net=gross - within,
        tax=within,
        gross=gross,
    )


def set_totals(invoice: Invoice, lines: Sequence[InvoiceLine]) -> None:
    """Totals are sums of lines (DOMAIN 5). Raises RuleViolation `invoice_below_zero`."""
    invoice.net = sum((line.net for line in lines), money.ZERO)
    invoice.tax = sum((line.tax for line in lines), money.ZERO)
    invoice.gross = sum((line.gross for line in lines), money.ZERO)
    if invoice.gross < 0:
        message = gettext("The lines add up to less than nothing.")
        raise RuleViolation(message, code="invoice_below_zero", gross=str(invoice.gross))


def _charges(order: SalesOrder) -> list[tuple[OrderLine, Decimal]]:
    rows = order.lines.annotate(invoiced=Sum("invoice_lines__quantity"))
    lines = list(rows.exclude(kind=LineKind.KIT).order_by("number"))
    goods = [(line, line.shipped - _invoiced(line)) for line in lines if line.kind == GOODS]
    charged = [(line, quantity) for line, quantity in goods if quantity > 0]
    if not charged:
        return []
    rest = [(line, line.quantity) for line in lines if line.kind != GOODS and not _invoiced(line)]
    return sorted([*charged, *rest], key=lambda charge: charge[0].number)


def _invoiced(line: Any) -> Decimal:
    """How much of a line was charged before, as `_charges` read it."""
    return line.invoiced or money.ZERO
