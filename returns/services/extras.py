"""What a credit note bears beside goods: charges and credits of the return, and what its rules ask.

A charge that somebody wrote by hand must fit on the credit, or nothing is booked. One that the
rules or a disposition made waits on the return until a credit can bear it, or until it is charged
by an invoice: nobody could take it away beforehand.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from returns.models import ExtraLine, Origin, ReturnOrder
from returns.services.drafting import Draft, Drafts, Paid
from returns.services.editing import currency_of, extra_gross, new_extra_line
from returns.terms import return_terms
from rmaproject.shared import money
from sales.locks import lock_invoice_lines
from sales.models import CreditLine, InvoiceLine, LineKind, OrderLine
from sales.services.units import GivenAmount, free_units, goods_lines, require_vat

ALWAYS = "always"
FULL = "full"


def draft_extras(drafts: Drafts, extra: Sequence[ExtraLine]) -> None:
    """Draft the open extra lines of a return, and those that its rules ask for now."""
    for line in extra:
        if line.origin == Origin.HAND or _is_credit(line):
            _draft_extra(drafts, line)
    for line, sold in _shipping_refunds(drafts):
        _draft_refund(drafts, line, sold)
    waiting = [line for line in extra if line.origin != Origin.HAND and not _is_credit(line)]
    waiting = [line for line in waiting if line.invoice_line_id is None]
    for line in [*waiting, *_shipping_charge(drafts)]:
        ours = drafts.filled(line.currency)
        if ours and ours[0].gross + extra_gross(line) >= 0:
            _draft_extra(drafts, line)


def _is_credit(line: ExtraLine) -> bool:
    return line.origin == Origin.DISPOSITION and line.gross_unit_price > 0


def _draft_extra(drafts: Drafts, line: ExtraLine) -> None:
    gross = extra_gross(line)
    tax = line.tax
    if tax is None:
        tax = money.tax_within(gross, line.vat_percent, line.currency)
    require_vat(gross, tax, pointer="/tax")
    given = GivenAmount(gross, tax, line.vat_percent, line.vat_type)
    if line.invoice_line_id is None:
        draft = drafts.bearing(line.currency, line.kind, gross)
        draft.add(_credit_line(line, given), Paid(line, line.quantity))
        return
    sold = lock_invoice_lines([line.invoice_line_id])[line.invoice_line_id]
    drafted = drafts.on(sold.invoice)
    covered = goods_lines(sold, line.quantity, line.currency, given=given, drafted=drafted)
    draft = drafts.of(sold.invoice, line.currency)
    for credit in covered:
        draft.add(credit, Paid(line, credit.quantity))


def _credit_line(line: ExtraLine, given: GivenAmount) -> CreditLine:
    return CreditLine(
        kind=line.kind,
        name=line.name,
        quantity=line.quantity,
        given=line.tax is not None,
        net=given.gross - given.tax,
        tax=given.tax,
        gross=given.gross,
        vat_percent=given.vat_percent,
        vat_type=given.vat_type,
    )


def _computed(drafts: Drafts) -> list[Draft]:
    """The notes that credit goods at amounts of ours; given amounts are taken as they came."""
    return [
        draft
        for draft in drafts.all()
        if any(line.kind == LineKind.GOODS and not line.given for line in draft.lines)
    ]


def _shipping_charge(drafts: Drafts) -> list[ExtraLine]:
    """What the customer bears for sending the goods, made once, at the first credit of goods.

    One that was made before is among the open lines, or was credited or taken out.
    """
    order, ours = drafts.order, _computed(drafts)
    terms = return_terms(order)
    made = ExtraLine.objects.filter(return_order=order, origin=Origin.POLICY)
    if not ours or not terms.shipping_charge:
        return []
    if made.filter(kind=LineKind.SHIPPING, invoice_line=None).exists():
        return []
    known = {draft.account.currency for draft in ours}
    currency = currency_of(order)
    values = {
        "kind": LineKind.SHIPPING,
        "name": "Return shipping",
        "gross_unit_price": -terms.shipping_charge,
        "vat_percent": terms.shipping_vat_percent,
    }
    return [_insert(order, currency if currency in known else min(known), values)]


def _shipping_refunds(drafts: Drafts) -> list[tuple[ExtraLine, InvoiceLine]]:
    """The shipping of each sale that goes back with its goods, as far as nothing of it is back."""
    when = return_terms(drafts.order).refund_shipping
    if when not in (ALWAYS, FULL):
        return []
    sales = {draft.invoice.order_id for draft in _computed(drafts) if draft.invoice}
    due = [key for key in sales if key and (when == ALWAYS or _all_back(drafts, key))]
    rows = InvoiceLine.objects.filter(invoice__order__in=due, kind=LineKind.SHIPPING)
    found = []
    for sold in lock_invoice_lines(rows.values_list("pk", flat=True)).values():
        free = free_units(sold, drafts.on(sold.invoice))
        line = _refund_line(drafts.order, sold, free) if free > 0 else None
        if line is not None:
            found.append((line, sold))
    return found


def _all_back(drafts: Drafts, sale: int) -> bool:
    """Whether all goods of a sale are claimed and, with what is drafted, credited."""
    lines = OrderLine.objects.filter(order=sale, kind=LineKind.GOODS)
    if any(line.claimed < line.quantity for line in lines):
        return False
    invoiced = InvoiceLine.objects.filter(invoice__order=sale, kind=LineKind.GOODS)
    rows = list(invoiced.select_related("invoice"))
    return bool(rows) and all(free_units(row, drafts.on(row.invoice)) == 0 for row in rows)


def _refund_line(order: ReturnOrder, sold: InvoiceLine, free: Decimal) -> ExtraLine | None:
    """The line that gives shipping back, made once; one that was taken out stays out."""
    made = ExtraLine.objects.filter(return_order=order, origin=Origin.POLICY, invoice_line=sold)
    known = made.first()
    if known is not None:
        return None if known.void or known.credited else known
    values = {
        "kind": LineKind.SHIPPING,
        "name": sold.name or "Shipping",
        "quantity": free,
        "gross_unit_price": sold.gross_unit_price,
        "vat_percent": sold.vat_percent,
        "vat_type": sold.vat_type,
        "invoice_line": sold,
    }
    return _insert(order, sold.invoice.currency, values)


def _draft_refund(drafts: Drafts, line: ExtraLine, sold: InvoiceLine) -> None:
    drafted = drafts.on(sold.invoice)
    units = min(line.quantity, free_units(sold, drafted))
    draft = drafts.of(sold.invoice, line.currency)
    for credit in goods_lines(sold, units, line.currency, drafted=drafted):
        draft.add(credit, Paid(line, credit.quantity))


def _insert(order: ReturnOrder, currency: str, values: dict[str, object]) -> ExtraLine:
    line = new_extra_line(order, currency, {**values, "origin": Origin.POLICY})
    line.save(force_insert=True)
    return line
