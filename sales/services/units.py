"""What units of an invoice line are worth: the lines that credit them, not yet on a note."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.backends.postgresql.psycopg_any import NumericRange
from django.utils.translation import gettext

from rmaproject.shared import money
from rmaproject.shared.errors import RuleViolation
from sales.models import CreditLine, DiscountWeight, Invoice, InvoiceLine, LineKind
from sales.shares import Interval, Worth, allotments, free_intervals, lowest, share


@dataclass(frozen=True)
class GivenAmount:
    """Amounts that are taken as they came (seed 004), for the whole quantity, signed."""

    gross: Decimal
    tax: Decimal
    vat_percent: Decimal
    vat_type: str


def require_vat(gross: Decimal, tax: Decimal, *, pointer: str = "/vat_amount") -> None:
    """Refuse a given VAT that cannot lie within its gross amount.

    Raises RuleViolation `invalid_vat` for one of the other sign, or above the gross amount.
    """
    if not min(gross, money.ZERO) <= tax <= max(gross, money.ZERO):
        message = gettext("VAT of %(tax)s cannot lie within %(gross)s.") % {
            "tax": money.plain(tax),
            "gross": money.plain(gross),
        }
        facts = {"gross": money.plain(gross), "vat_amount": money.plain(tax)}
        raise RuleViolation(message, code="invalid_vat", pointer=pointer, **facts)


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
        message = gettext("Only %(covered)s of this invoice line are not credited yet.") % {
            "covered": money.plain(covered)
        }
        raise RuleViolation(message, code="exceeds_invoiced", open=money.plain(covered))
    if given is not None:
        return _given_lines(line, intervals, quantity, given, currency)
    computed = [_computed_line(line, interval, currency) for interval in intervals]
    if line.kind != LineKind.GOODS:
        return computed
    return computed + _discount_lines(line, intervals, currency, drafted)


def rest_of_discounts(
    invoice: Invoice, excess: Decimal, drafted: Sequence[CreditLine], currency: str
) -> list[CreditLine]:
    """Unsaved lines that take back what is left of an invoice's discounts, at most `excess`.

    Credits with given amounts may have left a discount untouched; then the last goods bear it,
    so that they can be credited and the invoice ends at nothing.
    """
    made = []
    for line in invoice.lines.filter(kind=LineKind.DISCOUNT).order_by("number"):
        left, left_net = _left(line, drafted)
        gross = max(left, -excess)
        if gross >= 0:
            continue
        net = gross - money.tax_within(gross, line.vat_percent, currency)
        if gross == left:
            net = left_net
        credit = _credit_line(line, Interval(money.ZERO, Decimal(1)), net=net, gross=gross)
        credit.units = None
        made.append(credit)
        excess += gross
    return made


def _left(line: InvoiceLine, drafted: Iterable[CreditLine]) -> tuple[Decimal, Decimal]:
    """What of an invoice line neither live credit lines nor drafted ones cover: gross and net."""
    used = [*line.credit_lines.filter(live=True)]
    used += [credit for credit in drafted if credit.invoice_line_id == line.pk]
    gross = line.gross - sum((credit.gross for credit in used), money.ZERO)
    return gross, line.net - sum((credit.net for credit in used), money.ZERO)


def free_units(line: InvoiceLine, drafted: Sequence[CreditLine] = ()) -> Decimal:
    """How many units of an invoice line are not credited, nor by drafted lines to be."""
    free: Decimal = line.quantity - line.credited_units
    return free - sum((interval.size for interval in _covered(line, drafted)), money.ZERO)


def _taken(line: InvoiceLine) -> list[Interval]:
    if not line.credited_units:
        return []
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
    line: InvoiceLine,
    intervals: Sequence[Interval],
    currency: str,
    drafted: Sequence[CreditLine],
) -> list[CreditLine]:
    """The part of each discount on the same invoice that belongs to these units.

    Never more than is left of the discount: where given amounts left it untouched, other goods
    bore it in their stead.
    """
    made: list[CreditLine] = []
    for discount, whole in _discount_worths(line, currency):
        left = _left(discount, [*drafted, *made])
        for interval in intervals:
            gross = share(whole.gross, line.quantity, interval, currency)
            net = share(whole.net, line.quantity, interval, currency)
            if gross <= left[0]:
                gross, net = min(left[0], money.ZERO), min(left[1], money.ZERO)
            if gross or net:
                place = Interval(money.ZERO, Decimal(1))
                credit = _credit_line(discount, place, net=net, gross=gross)
                credit.units = None
                made.append(credit)
                left = left[0] - gross, left[1] - net
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
