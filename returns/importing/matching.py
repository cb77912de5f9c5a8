"""Which sold units a credit line of a ledger takes back, and for how much (DOMAIN 7).

Matched against sales of the same business, customer and code on or before that day, oldest
first, as far as they are invoiced and neither claimed nor credited. What no sale covers is
blind; what is dearer than its sale is a price difference.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import F
from django.db.models.functions import Lower

from customers.models import Company
from returns.importing.classifying import SourceLine
from rmaproject.shared import money
from sales.models import Business, InvoiceLine, LineKind
from sales.shares import Interval, share


@dataclass(frozen=True)
class Match:
    """Units of one invoice line with what is credited for them; blind without an invoice line."""

    line: SourceLine
    quantity: Decimal
    gross: Decimal
    sold: InvoiceLine | None = None


@dataclass
class Matched:
    """One credit line with all that it takes back and what it pays beyond the sales' prices."""

    parts: list[Match] = field(default_factory=list)
    difference: Decimal = money.ZERO


class KnownSales:
    """Sold lines that one customer can still send back, counted down as they are matched."""

    def __init__(self, business: Business, customer: Company, skus: set[str], until: date) -> None:
        self._currency = business.currency
        self._lines: dict[str, list[InvoiceLine]] = defaultdict(list)
        self._claimed: dict[int, Decimal] = defaultdict(Decimal)
        self._credited: dict[int, Decimal] = defaultdict(Decimal)
        self._invoiced: dict[int, Decimal] = {}
        for line in _returnable(business, customer, skus, until):
            self._lines[line.part.sku.lower() if line.part else ""].append(line)

    def match(self, line: SourceLine) -> Matched:
        """Take the units of a credit line from the oldest sales; the rest is a blind part."""
        matched = Matched()
        wanted = abs(line.quantity)
        worth = money.rounded(wanted * line.price, self._currency)
        taken = money.ZERO
        for sold in self._lines[line.sku.lower()]:
            units = min(self._open(sold), wanted - taken)
            if units > 0:
                asked = share(worth, wanted, Interval(taken, taken + units), self._currency)
                gross = min(asked, self._price(sold, units))
                self._take(sold, units, gross)
                matched.parts.append(Match(line, units, gross, sold))
                matched.difference += asked - gross
                taken += units
        if taken < wanted:
            rest = share(worth, wanted, Interval(taken, wanted), self._currency)
            matched.parts.append(Match(line, wanted - taken, rest))
        return matched

    def _open(self, sold: InvoiceLine) -> Decimal:
        order_line = sold.order_line
        if order_line is None:
            return money.ZERO
        unclaimed = order_line.shipped - order_line.claimed - self._claimed[order_line.pk]
        uncredited = sold.quantity - sold.credited_units - self._credited[sold.pk]
        return Decimal(min(unclaimed, uncredited))

    def _price(self, sold: InvoiceLine, units: Decimal) -> Decimal:
        """What these units were sold for, and no more than their invoice has left to credit."""
        start = sold.credited_units + self._credited[sold.pk]
        price = share(sold.gross, sold.quantity, Interval(start, start + units), self._currency)
        invoice = sold.invoice
        left = invoice.gross - invoice.credited - self._invoiced.get(invoice.pk, money.ZERO)
        return Decimal(max(min(price, left), money.ZERO))

    def _take(self, sold: InvoiceLine, units: Decimal, gross: Decimal) -> None:
        self._claimed[sold.order_line_id or 0] += units
        self._credited[sold.pk] += units
        used = self._invoiced.get(sold.invoice_id, money.ZERO)
        self._invoiced[sold.invoice_id] = used + gross


def _returnable(
    business: Business, customer: Company, skus: set[str], until: date
) -> list[InvoiceLine]:
    rows = InvoiceLine.objects.annotate(sku_key=Lower("part__sku")).filter(
        sku_key__in=skus,
        kind=LineKind.GOODS,
        invoice__customer=customer,
        invoice__business=business,
        invoice__currency=business.currency,
        order_line__order__customer=customer,
        order_line__order__ordered_on__lte=until,
        order_line__shipped__gt=F("order_line__claimed"),
        quantity__gt=F("credited_units"),
    )
    return list(
        rows.select_related("invoice", "order_line", "part").order_by(
            "order_line__order__ordered_on", "order_line__order", "order_line__number", "pk"
        )
    )
