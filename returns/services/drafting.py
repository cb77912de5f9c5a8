"""Credit notes in the making: which lines go on which note, and what they pay for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import F, Sum

from returns.models import ExtraLine, Inspection, Outcome, ReturnLine, ReturnOrder
from rmaproject.shared import money
from sales.models import Account, CreditLine, Invoice, LineKind
from sales.services.ledger import lock_account
from sales.services.units import rest_of_discounts

#: What the goods of an invoice come to.
GOODS_AND_DISCOUNTS = (LineKind.GOODS, LineKind.DISCOUNT)


@dataclass(frozen=True)
class Paid:
    """What a credit line pays for: units of a line by the inspection that accepted them, or an
    extra line. Lines beside the goods (discounts, fees) pay for no units of their own."""

    line: ReturnLine | ExtraLine
    quantity: Decimal
    inspection: Inspection | None = None


@dataclass
class Draft:
    """One credit note in the making: its account, its invoice and its lines with what they pay.

    With `keep` it is store credit.
    """

    account: Account
    invoice: Invoice | None
    keep: bool = False
    lines: list[CreditLine] = field(default_factory=list)
    pays: list[Paid] = field(default_factory=list)

    def add(self, credit: CreditLine, paid: Paid) -> None:
        self.lines.append(credit)
        self.pays.append(paid)

    @property
    def gross(self) -> Decimal:
        return sum((line.gross for line in self.lines), money.ZERO)


class Drafts:
    """The credit notes of one booking, by account, invoice and whether the credit is kept.

    Accounts are locked in order of their currencies.
    """

    def __init__(
        self, order: ReturnOrder, lines: Iterable[ReturnLine], extra: Iterable[ExtraLine]
    ) -> None:
        self.order = order
        lines = list(lines)
        currencies = {currency_of_line(order, line) for line in lines}
        currencies |= {line.currency for line in extra}
        self._accounts = {
            currency: lock_account(order.business, order.customer_id, currency)
            for currency in sorted(currencies)
        }
        self._drafts: dict[tuple[str, int | None, bool], Draft] = {}
        self._keeps = bool(lines) and all(keeps(line) for line in lines)

    def draft(self, currency: str, invoice: Invoice | None, *, keep: bool = False) -> Draft:
        """The note for this invoice; the blind one of the currency for None."""
        key = currency, invoice.pk if invoice else None, keep
        return self._drafts.setdefault(key, Draft(self._accounts[currency], invoice, keep))

    def on(self, invoice: Invoice) -> list[CreditLine]:
        """All lines drafted on notes of this invoice."""
        ours = [draft for draft in self.all() if draft.invoice == invoice]
        return [line for draft in ours for line in draft.lines]

    def of(self, invoice: Invoice, currency: str) -> Draft:
        """The note for an extra line of this invoice: one of its notes that is there, else new."""
        ours = [draft for draft in self.filled(currency) if draft.invoice == invoice]
        return ours[0] if ours else self.draft(currency, invoice, keep=self._keeps)

    def bearing(self, currency: str, kind: str, gross: Decimal) -> Draft:
        """The note that an extra line goes on: a charge on the largest, a credit where it fits.

        An invoice's note takes no more than what was charged beside goods, so that the goods can
        still be credited in full; a price difference was never charged on it. Else a blind one.
        """
        ours = self.filled(currency)
        if gross >= 0:
            never = kind == LineKind.PRICE_DIFFERENCE
            ours = [draft for draft in ours if not never and self._room(draft) >= gross]
        return ours[0] if ours else self.draft(currency, None, keep=self._keeps)

    def filled(self, currency: str) -> list[Draft]:
        """The notes of a currency that have lines, the largest first."""
        ours = [d for d in self.all() if d.account.currency == currency and d.lines]
        return sorted(ours, key=lambda draft: draft.gross, reverse=True)

    def all(self) -> list[Draft]:
        return list(self._drafts.values())

    def bear_discounts(self) -> None:
        """Let computed credits bear the discount that credits with given amounts left untouched."""
        for draft in self.all():
            if draft.invoice is None or not draft.pays or any(line.given for line in draft.lines):
                continue
            excess = min(self._excess(draft.invoice), draft.gross)
            if excess <= 0:
                continue
            bearer = Paid(draft.pays[-1].line, money.ZERO)
            lines, currency = self.on(draft.invoice), draft.account.currency
            for credit in rest_of_discounts(draft.invoice, excess, lines, currency):
                draft.add(credit, bearer)

    def _excess(self, invoice: Invoice) -> Decimal:
        """What is drafted beyond what the invoice's lines have left, whatever fees have kept."""
        whole = invoice.lines.aggregate(credited=Sum("credited_gross"))["credited"] or money.ZERO
        lines = self.on(invoice)
        on_lines = sum((line.gross for line in lines if line.invoice_line_id), whole)
        in_all = sum((line.gross for line in lines), invoice.credited)
        return Decimal(max(on_lines, in_all) - invoice.gross)

    def _room(self, draft: Draft) -> Decimal:
        """What the invoice has left to credit beside its goods; nothing without an invoice."""
        if draft.invoice is None:
            return money.ZERO
        goods = draft.invoice.lines.filter(kind__in=GOODS_AND_DISCOUNTS)
        still = goods.aggregate(gross=Sum(F("gross") - F("credited_gross")))["gross"] or money.ZERO
        lines = self.on(draft.invoice)
        ours = [line for line in lines if line.kind in GOODS_AND_DISCOUNTS]
        still -= sum((line.gross for line in ours), money.ZERO)
        drafted = sum((line.gross for line in lines), money.ZERO)
        open_gross = draft.invoice.gross - draft.invoice.credited - drafted
        return Decimal(open_gross - max(still, money.ZERO))


def keeps(line: ReturnLine) -> bool:
    """Whether what a line is worth stays with us as the customer's credit."""
    return line.outcome == Outcome.STORE_CREDIT


def currency_of_line(order: ReturnOrder, line: ReturnLine) -> str:
    """The currency that a line was sold in; without a sale the business's own."""
    if line.order_line is not None:
        return str(line.order_line.order.currency)
    return str(order.business.currency)
