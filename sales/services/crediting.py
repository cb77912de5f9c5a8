"""Credit notes: what units are worth, how they are booked, and what they settle.

Callers hold the lock of the account, so that nothing else is settled or credited meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.backends.postgresql.psycopg_any import NumericRange
from django.db.models import F, Sum

from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.shared import clock, money
from rmaproject.shared.errors import RuleViolation
from sales.models import (
    Account,
    Business,
    CreditLine,
    CreditNote,
    DiscountWeight,
    Document,
    Invoice,
    InvoiceLine,
    LineKind,
    Payment,
    SalesOrder,
)
from sales.services.invoicing import settle
from sales.services.ledger import credit_booking, post
from sales.services.numbering import draw, require_reference
from sales.services.refunding.intending import intend_refunds
from sales.services.refunding.terms import RefundTerms, unpromised
from sales.shares import Interval, Worth, allotments, free_intervals, lowest, share


@dataclass(frozen=True)
class GivenAmount:
    """Amounts that are taken as they came (seed 004), for the whole quantity, signed."""

    gross: Decimal
    tax: Decimal
    vat_percent: Decimal
    vat_type: str


@dataclass(frozen=True)
class Target:
    """Where a credit note is booked; the invoice is None for a blind one."""

    business: Business
    account: Account
    invoice: Invoice | None
    order: SalesOrder | None


def goods_lines(
    line: InvoiceLine,
    quantity: Decimal,
    currency: str,
    *,
    given: GivenAmount | None = None,
    drafted: Sequence[CreditLine] = (),
) -> list[CreditLine]:
    """Unsaved credit lines for so many units of a locked invoice line.

    Computed ones bring the matching part of each discount; a given amount stands for all units.
    Units that `drafted` lines of the same booking cover are taken too.
    Raises RuleViolation `exceeds_invoiced`.
    """
    taken = _taken(line) + _covered(line, drafted)
    intervals = lowest(free_intervals(line.quantity, taken), quantity)
    covered = sum((interval.size for interval in intervals), money.ZERO)
    if covered < quantity:
        message = f"Only {money.plain(covered)} of this invoice line are not credited yet."
        raise RuleViolation(message, code="exceeds_invoiced", open=money.plain(covered))
    if given is not None:
        return _given_lines(line, intervals, quantity, given, currency)
    computed = [_computed_line(line, interval, currency) for interval in intervals]
    discounts = _discount_lines(line, intervals, currency) if line.kind == LineKind.GOODS else []
    return computed + discounts


def rest_of_discounts(
    invoice: Invoice, excess: Decimal, drafted: Sequence[CreditLine], currency: str
) -> list[CreditLine]:
    """Unsaved lines that take back what is left of an invoice's discounts, at most `excess`.

    Credits with given amounts may have left a discount untouched; then the last goods bear it,
    so that they can be credited and the invoice ends at nothing.
    """
    made = []
    for line in invoice.lines.filter(kind=LineKind.DISCOUNT).order_by("number"):
        used = [*line.credit_lines.filter(live=True)]
        used += [credit for credit in drafted if credit.invoice_line_id == line.pk]
        left = line.gross - sum((credit.gross for credit in used), money.ZERO)
        gross = max(left, -excess)
        if gross >= 0:
            continue
        net = gross - money.tax_within(gross, line.vat_percent, currency)
        if gross == left:
            net = line.net - sum((credit.net for credit in used), money.ZERO)
        credit = _credit_line(line, Interval(money.ZERO, Decimal(1)), net=net, gross=gross)
        credit.units = None
        made.append(credit)
        excess += gross
    return made


def free_units(line: InvoiceLine, drafted: Sequence[CreditLine] = ()) -> Decimal:
    """How many units of an invoice line are not credited, nor by drafted lines to be."""
    free: Decimal = line.quantity - line.credited_units
    return free - sum((interval.size for interval in _covered(line, drafted)), money.ZERO)


def book(
    target: Target,
    lines: Sequence[CreditLine],
    *,
    actor: Actor,
    reference: str = "",
    credited_on: date | None = None,
    keep: bool = False,
    terms: RefundTerms | None = None,
) -> CreditNote:
    """Make a credit note of these lines, post it, and let it settle what is due.

    With terms, refunds of the rest are intended; without, it stays open. With `keep` (store
    credit) it settles its own invoice alone and the rest stays as the customer's credit. Our own
    number comes from the gap-free series, drawn last; a given one is kept and takes none.
    Raises RuleViolation `credit_below_zero`, `exceeds_invoice`; Conflict `reference_exists`.
    """
    on = credited_on or clock.today(target.business)
    note = _note(target, lines, on)
    if reference:
        note.reference = require_reference(reference)
    else:
        drawn = draw(target.business, Document.CREDIT_NOTE, on, CreditNote)
        note.reference, note.period = drawn.reference, drawn.period
        note.series_number = drawn.number
    trail.create(note, actor=actor, gross=note.gross, currency=note.currency)
    for number, line in enumerate(lines, start=1):
        line.credit_note, line.number = note, number
    CreditLine.objects.bulk_create(lines)
    _count_credited(lines)
    if target.invoice is not None and note.gross:
        _count_on_invoice(target.invoice, note, actor)
    post([credit_booking(note, goodwill=_goodwill(lines))], at=clock.now())
    if keep:
        _keep(note, target, actor)
    else:
        _use(note, target, actor)
    if terms is not None and not keep:
        intend_refunds(note, terms, actor=actor)
    return note


def _note(target: Target, lines: Sequence[CreditLine], on: date) -> CreditNote:
    net = sum((line.net for line in lines), money.ZERO)
    tax = sum((line.tax for line in lines), money.ZERO)
    if net + tax < 0:
        raise _below_zero(lines, target.account.currency)
    return CreditNote(
        business=target.business,
        customer_id=target.account.company_id,
        account=target.account,
        invoice=target.invoice,
        order=target.order,
        currency=target.account.currency,
        credited_on=on,
        net=net,
        tax=tax,
        gross=net + tax,
    )


def _below_zero(lines: Sequence[CreditLine], currency: str) -> RuleViolation:
    """The refusal with its figures: what would be credited, and what would be charged of it."""
    beside = [line for line in lines if line.invoice_line_id is None and line.gross < 0]
    charges = -sum((line.gross for line in beside), money.ZERO)
    gross = sum((line.gross for line in lines), money.ZERO)
    message = "The charges are higher than the credit; a credit note is never below zero."
    return RuleViolation(
        message,
        code="credit_below_zero",
        credit=money.amount(gross + charges, currency),
        charges=money.amount(charges, currency),
        gross=money.amount(gross, currency),
    )


def require_vat(gross: Decimal, tax: Decimal, *, pointer: str = "/vat_amount") -> None:
    """Refuse a given VAT that cannot lie within its gross amount.

    Raises RuleViolation `invalid_vat` for one of the other sign, or above the gross amount.
    """
    if not min(gross, money.ZERO) <= tax <= max(gross, money.ZERO):
        message = f"VAT of {money.plain(tax)} cannot lie within {money.plain(gross)}."
        facts = {"gross": money.plain(gross), "vat_amount": money.plain(tax)}
        raise RuleViolation(message, code="invalid_vat", pointer=pointer, **facts)


def _use(note: CreditNote, target: Target, actor: Actor) -> None:
    """Settle the own invoice, then other due ones; keep what no payment could pay back."""
    applied = settle(
        target.account, note.gross, actor=actor, first=target.invoice, credit_note=note
    )
    rest = note.gross - applied
    kept = max(rest - _refundable(target.account, note), money.ZERO)
    CreditNote.objects.filter(pk=note.pk).update(applied=applied, kept=kept)
    note.applied, note.kept = applied, kept


def _keep(note: CreditNote, target: Target, actor: Actor) -> None:
    """Settle the own invoice alone; the rest stays as the customer's credit."""
    applied = money.ZERO
    if target.invoice is not None:
        own = Invoice.objects.get(pk=target.invoice.pk)
        due = min(note.gross, own.gross - own.settled)
        applied = settle(target.account, due, actor=actor, first=own, credit_note=note)
    note.applied, note.kept = applied, note.gross - applied
    CreditNote.objects.filter(pk=note.pk).update(applied=note.applied, kept=note.kept)


def _refundable(account: Account, note: CreditNote) -> Decimal:
    """What payments of the account hold that was not refunded and no other credit waits for."""
    held = Payment.objects.filter(account=account).aggregate(
        amount=Sum(F("amount") - F("refunded") - F("refunding"))
    )["amount"]
    waiting = CreditNote.objects.filter(account=account, reverses=None, reversed_by=None)
    owed = waiting.exclude(pk=note.pk).aggregate(
        amount=Sum(F("gross") - F("applied") - F("kept") - F("refunded") - F("refunding"))
    )["amount"]
    return max((held or money.ZERO) - (owed or money.ZERO), money.ZERO)


def payable_out(note: CreditNote) -> Decimal:
    """How much of a note's kept credit the customer's payments could still pay back."""
    return max(_refundable(note.account, note) - unpromised(note), money.ZERO)


def _count_credited(lines: Iterable[CreditLine]) -> None:
    for line in lines:
        if line.invoice_line_id is None:
            continue
        units = line.units.upper - line.units.lower if line.units else money.ZERO
        InvoiceLine.objects.filter(pk=line.invoice_line_id).update(
            credited_units=F("credited_units") + units,
            credited_gross=F("credited_gross") + line.gross,
        )


def _count_on_invoice(invoice: Invoice, note: CreditNote, actor: Actor) -> None:
    """Read anew: another note of the same booking may have settled this invoice meanwhile."""
    fresh = Invoice.objects.get(pk=invoice.pk)
    credited = {"credited": fresh.credited + note.gross}
    trail.change(fresh, "credit", actor=actor, fields=credited, credit_note=note.uuid)


def _goodwill(lines: Iterable[CreditLine]) -> Decimal:
    return sum((line.net for line in lines if line.kind == LineKind.GOODWILL), money.ZERO)


def _taken(line: InvoiceLine) -> list[Interval]:
    live = line.credit_lines.filter(live=True, units__isnull=False)
    ranges = [units for units in live.values_list("units", flat=True) if units is not None]
    return [Interval(units.lower, units.upper) for units in ranges]


def _covered(line: InvoiceLine, drafted: Iterable[CreditLine]) -> list[Interval]:
    units = [credit.units for credit in drafted if credit.invoice_line_id == line.pk]
    return [Interval(covered.lower, covered.upper) for covered in units if covered is not None]


def _computed_line(line: InvoiceLine, interval: Interval, currency: str) -> CreditLine:
    gross = share(line.gross, line.quantity, interval, currency)
    net = share(line.net, line.quantity, interval, currency)
    return _credit_line(line, interval, net=net, gross=gross)


def _given_lines(
    line: InvoiceLine,
    intervals: Sequence[Interval],
    quantity: Decimal,
    given: GivenAmount,
    currency: str,
) -> list[CreditLine]:
    """The given amount over the units it covers; split only where the units are not in a row."""
    made, position = [], money.ZERO
    for interval in intervals:
        place = Interval(position, position + interval.size)
        gross = share(given.gross, quantity, place, currency)
        tax = share(given.tax, quantity, place, currency)
        credit = _credit_line(line, interval, net=gross - tax, gross=gross)
        credit.given = True
        credit.vat_percent, credit.vat_type = given.vat_percent, given.vat_type
        made.append(credit)
        position += interval.size
    return made


def _credit_line(
    line: InvoiceLine, interval: Interval, *, net: Decimal, gross: Decimal
) -> CreditLine:
    return CreditLine(
        invoice_line=line,
        part_id=line.part_id,
        kind=line.kind,
        name=line.name,
        quantity=interval.size,
        units=NumericRange(interval.start, interval.end),
        net=net,
        tax=gross - net,
        gross=gross,
        vat_percent=line.vat_percent,
        vat_type=line.vat_type,
    )


def _discount_lines(
    line: InvoiceLine, intervals: Sequence[Interval], currency: str
) -> list[CreditLine]:
    """The part of each discount on the same invoice that belongs to these units."""
    made = []
    for discount, whole in _discount_worths(line, currency):
        for interval in intervals:
            gross = share(whole.gross, line.quantity, interval, currency)
            net = share(whole.net, line.quantity, interval, currency)
            if gross or net:
                place = Interval(money.ZERO, Decimal(1))
                credit = _credit_line(discount, place, net=net, gross=gross)
                credit.units = None
                made.append(credit)
    return made


def worths(line: InvoiceLine, currency: str) -> list[Worth]:
    """What all units of a line of goods come to: the goods, then their part of each discount."""
    goods = Worth(line.gross, line.net, line.vat_percent, line.vat_type)
    return [goods, *(worth for _, worth in _discount_worths(line, currency))]


def _discount_worths(line: InvoiceLine, currency: str) -> list[tuple[InvoiceLine, Worth]]:
    weights = DiscountWeight.objects.filter(goods=line.order_line_id)
    found = []
    for key in weights.order_by("discount_id").values_list("discount_id", flat=True):
        rows = InvoiceLine.objects.filter(order_line=key, invoice=line.invoice_id)
        discount = rows.first()
        if discount is not None:
            found.append((discount, _discount_worth(line, discount, currency)))
    return found


def _discount_worth(line: InvoiceLine, discount: InvoiceLine, currency: str) -> Worth:
    """The part of a discount that all units of this line bear, by the weights of the sale."""
    rows = list(
        DiscountWeight.objects.filter(
            discount=discount.order_line_id,
            goods__invoice_lines__invoice=line.invoice_id,
        ).order_by("goods__number")
    )
    weights = [row.weight for row in rows]
    place = [row.goods_id for row in rows].index(line.order_line_id)  # type: ignore[arg-type]
    return Worth(
        gross=allotments(discount.gross, weights, currency)[place],
        net=allotments(discount.net, weights, currency)[place],
        vat_percent=discount.vat_percent,
        vat_type=discount.vat_type,
    )
