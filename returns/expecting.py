"""What returns would credit in the end, by the arithmetic of crediting, without booking anything.

Fees and shipping are not in it: approval is asked for what the goods and extra lines come to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q

from returns.models import PAID_OUTCOMES, ExtraLine, LineCredit, ReturnLine, ReturnOrder
from rmaproject.shared import money
from sales.models import CreditLine, DiscountWeight, InvoiceLine, LineKind
from sales.shares import Interval, allotments, free_intervals, lowest, share

Amounts = dict[int, dict[str, Decimal]]


@dataclass
class Books:
    """What was invoiced and credited of the sold lines of some returns."""

    invoiced: dict[int, list[InvoiceLine]] = field(default_factory=lambda: defaultdict(list))
    taken: dict[int, list[Interval]] = field(default_factory=lambda: defaultdict(list))
    discounts: dict[tuple[int, int], InvoiceLine] = field(default_factory=dict)
    weights: dict[int, list[DiscountWeight]] = field(default_factory=lambda: defaultdict(list))
    #: The invoices on which a goods line stands: what shares a discount there.
    together: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))


@dataclass(frozen=True)
class Worth:
    """What one line comes to; the key is None for extra lines."""

    order: int
    line: int | None
    currency: str
    gross: Decimal


def expected_credits(orders: Sequence[ReturnOrder]) -> Amounts:
    """The gross amount of each return by currency: credited already, and still to be.

    A number of queries that does not grow with the returns.
    """
    return totals(orders, worth_of(orders))


def totals(orders: Sequence[ReturnOrder], entries: Iterable[Worth]) -> Amounts:
    """The amounts of returns, by key and currency."""
    found: Amounts = {order.pk: {} for order in orders}
    for entry in entries:
        sums = found[entry.order]
        sums[entry.currency] = sums.get(entry.currency, money.ZERO) + entry.gross
    return found


def worth_of(orders: Sequence[ReturnOrder]) -> list[Worth]:
    """What the lines and extra lines of returns come to, credited already and still to be."""
    keys = [order.pk for order in orders]
    return [*_credited(keys), *_extra(keys), *_still_open(keys)]


def _credited(keys: list[int]) -> list[Worth]:
    rows = LineCredit.objects.filter(credit_line__live=True).filter(
        Q(line__return_order__in=keys) | Q(extra_line__return_order__in=keys)
    )
    rows = rows.exclude(line__isnull=False, credit_line__kind=LineKind.FEE)
    values = rows.values_list(
        "line__return_order",
        "extra_line__return_order",
        "line",
        "credit_line__credit_note__currency",
        "credit_line__gross",
    )
    return [
        Worth(by_line or by_extra or 0, line, currency, gross)
        for by_line, by_extra, line, currency, gross in values
    ]


def _extra(keys: list[int]) -> list[Worth]:
    rows = ExtraLine.objects.filter(return_order__in=keys, void=False, credited=False)
    return [
        Worth(
            line.return_order_id,
            None,
            line.currency,
            money.rounded(line.quantity * line.gross_unit_price, line.currency),
        )
        for line in rows
    ]


def _still_open(keys: list[int]) -> list[Worth]:
    rows = ReturnLine.objects.filter(
        return_order__in=keys, void=False, order_line__isnull=False, outcome__in=PAID_OUTCOMES
    ).select_related("order_line__order")
    lines = [line for line in rows.order_by("return_order", "number") if _open(line) > 0]
    books = _books({line.order_line_id for line in lines if line.order_line_id})
    drafted: dict[tuple[int, int], list[Interval]] = defaultdict(list)
    found = []
    for line in lines:
        if line.order_line is not None:
            currency = line.order_line.order.currency
            gross = _gross(line, books, drafted, currency)
            found.append(Worth(line.return_order_id, line.pk, currency, gross))
    return found


def _open(line: ReturnLine) -> Decimal:
    """Units that may still be credited: announced or waived, and not answered otherwise."""
    answered = line.credited + line.replaced + line.repaired
    return Decimal(line.quantity + line.waived - line.released - line.rejected - answered)


def _gross(
    line: ReturnLine,
    books: Books,
    drafted: dict[tuple[int, int], list[Interval]],
    currency: str,
) -> Decimal:
    total, rest = money.ZERO, _open(line)
    for invoiced in books.invoiced[line.order_line_id or 0]:
        if line.invoice_line_id not in (None, invoiced.pk):
            continue
        ours = drafted[line.return_order_id, invoiced.pk]
        free = free_intervals(invoiced.quantity, [*books.taken[invoiced.pk], *ours])
        units = lowest(free, rest)
        total += sum(
            (share(invoiced.gross, invoiced.quantity, x, currency) for x in units), money.ZERO
        )
        total += _discounts(invoiced, units, books, currency)
        ours.extend(units)
        rest -= sum((interval.size for interval in units), money.ZERO)
    return total


def _discounts(
    line: InvoiceLine, units: Sequence[Interval], books: Books, currency: str
) -> Decimal:
    """The part of each discount on the same invoice that belongs to these units."""
    total = money.ZERO
    for key, weights in books.weights.items():
        discount = books.discounts.get((key, line.invoice_id))
        there = [row for row in weights if line.invoice_id in books.together[row.goods_id]]
        places = [row.goods_id for row in there]
        if discount is None or line.order_line_id not in places:
            continue
        parts = allotments(discount.gross, [row.weight for row in there], currency)
        own = parts[places.index(line.order_line_id)]
        total += sum((share(own, line.quantity, x, currency) for x in units), money.ZERO)
    return total


def _books(sold: Iterable[int]) -> Books:
    books = Books()
    rows = InvoiceLine.objects.filter(order_line__in=sold).select_related("invoice")
    for line in sorted(rows, key=lambda row: (row.invoice.invoiced_on, row.pk)):
        books.invoiced[line.order_line_id or 0].append(line)
    keys = [line.pk for lines in books.invoiced.values() for line in lines]
    live = CreditLine.objects.filter(invoice_line__in=keys, live=True, units__isnull=False)
    for key, units in live.values_list("invoice_line", "units"):
        if key is not None and units is not None:
            books.taken[key].append(Interval(units.lower, units.upper))
    _weigh(books, sold)
    return books


def _weigh(books: Books, sold: Iterable[int]) -> None:
    ours = DiscountWeight.objects.filter(goods__in=sold).values("discount")
    rows = DiscountWeight.objects.filter(discount__in=ours).select_related("goods")
    for row in rows.order_by("discount_id", "goods__number"):
        books.weights[row.discount_id].append(row)
    goods = {row.goods_id for weights in books.weights.values() for row in weights}
    named = Q(order_line__in=goods) | Q(order_line__in=list(books.weights))
    for line in InvoiceLine.objects.filter(named) if books.weights else ():
        key = line.order_line_id or 0
        if key in books.weights:
            books.discounts.setdefault((key, line.invoice_id), line)
        books.together[key].add(line.invoice_id)
