"""What the customer gets for decided goods: credit notes, one for each invoice concerned.

The return's lock comes first, then the account's, then invoice lines in key order; the number of
the note is drawn last.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import F, Sum

from returns.counting import uncredited
from returns.locks import lines_of
from returns.models import ExtraLine, LineCredit, ReturnLine, ReturnOrder
from returns.services._advance import lock_for, touched
from returns.services.editing import extra_gross
from returns.services.finishing import finish_when_done
from returns.services.inputs import CreditInput
from rmaproject.access.actors import Actor
from rmaproject.shared import money
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict, NotFound, RuleViolation
from sales.locks import lock_invoice_lines
from sales.models import Account, CreditLine, CreditNote, Invoice, InvoiceLine, LineKind
from sales.services.crediting import (
    GivenAmount,
    Target,
    book,
    free_units,
    goods_lines,
    rest_of_discounts,
)
from sales.services.ledger import lock_account
from sales.shares import Interval, share

#: What the goods of an invoice come to.
GOODS_AND_DISCOUNTS = (LineKind.GOODS, LineKind.DISCOUNT)


@dataclass
class Draft:
    """One credit note in the making: its account, its invoice and its lines with what they pay."""

    account: Account
    invoice: Invoice | None
    lines: list[CreditLine] = field(default_factory=list)
    pays: list[tuple[ReturnLine | ExtraLine, Decimal]] = field(default_factory=list)

    def add(self, credit: CreditLine, line: ReturnLine | ExtraLine, quantity: Decimal) -> None:
        self.lines.append(credit)
        self.pays.append((line, quantity))

    @property
    def gross(self) -> Decimal:
        return sum((line.gross for line in self.lines), money.ZERO)

    @property
    def room(self) -> Decimal:
        """What the invoice has left to credit beside its goods; nothing without an invoice."""
        if self.invoice is None:
            return money.ZERO
        goods = self.invoice.lines.filter(kind__in=GOODS_AND_DISCOUNTS)
        still = goods.aggregate(gross=Sum(F("gross") - F("credited_gross")))["gross"] or money.ZERO
        ours = [line for line in self.lines if line.kind in GOODS_AND_DISCOUNTS]
        still -= sum((line.gross for line in ours), money.ZERO)
        open_gross = self.invoice.gross - self.invoice.credited - self.gross
        return Decimal(open_gross - max(still, money.ZERO))


@command
def credit_return(
    return_id: int,
    wanted: Sequence[CreditInput] | None = None,
    *,
    actor: Actor,
    reference: str = "",
    credited_on: date | None = None,
) -> list[CreditNote]:
    """Book the credit for decided units and extra lines; all that is owed unless lines are named.

    Raises RuleViolation `exceeds_accepted`, `exceeds_invoiced`, `credit_below_zero`,
    `exceeds_invoice`; Conflict `nothing_to_credit`, `illegal_transition`, `reference_exists`.
    """
    order = lock_for(return_id, "credit")
    notes = book_credits(order, wanted, actor=actor, reference=reference, credited_on=credited_on)
    if not notes:
        message = "Nothing that was decided waits for a credit."
        raise Conflict(message, code="nothing_to_credit")
    touched(order, "credit", actor=actor, credit_notes=[note.uuid for note in notes])
    finish_when_done(order, actor=actor)
    return notes


def book_credits(
    order: ReturnOrder,
    wanted: Sequence[CreditInput] | None,
    *,
    actor: Actor,
    reference: str = "",
    credited_on: date | None = None,
) -> list[CreditNote]:
    """Book the credits of a locked return; none when nothing waits for one."""
    lines = {line.pk: line for line in lines_of(order)}
    entries = _entries(lines, wanted)
    extra = list(order.extra_lines.filter(void=False, credited=False).order_by("number"))
    drafts = Drafts(order, [entry.line for entry in entries], extra)
    for entry in entries:
        _draft_line(drafts, entry)
    for draft in drafts.all():
        _bear_discounts(draft)
    for line in extra:
        _draft_extra(drafts, line)
    made = [draft for draft in drafts.all() if draft.lines]
    return [
        _book(order, draft, actor, _numbered(reference, position), credited_on)
        for position, draft in enumerate(made, start=1)
    ]


def _bear_discounts(draft: Draft) -> None:
    """Let computed credits bear the discount that credits with given amounts left untouched."""
    if draft.invoice is None or any(line.given for line in draft.lines) or not draft.pays:
        return
    excess = draft.gross - (draft.invoice.gross - draft.invoice.credited)
    if excess > 0:
        bearer, _ = draft.pays[-1]
        currency = draft.account.currency
        for credit in rest_of_discounts(draft.invoice, excess, draft.lines, currency):
            draft.add(credit, bearer, money.ZERO)


def _numbered(given: str, position: int) -> str:
    """A given number is that of the first note; notes on further invoices add -2, -3 to it."""
    return f"{given}-{position}" if given and position > 1 else given


class Drafts:
    """The credit notes of one booking, by account and invoice; accounts locked in order."""

    def __init__(
        self, order: ReturnOrder, lines: Iterable[ReturnLine], extra: Iterable[ExtraLine]
    ) -> None:
        self.order = order
        currencies = {_currency(order, line) for line in lines} | {line.currency for line in extra}
        self._accounts = {
            currency: lock_account(order.business, order.customer_id, currency)
            for currency in sorted(currencies)
        }
        self._drafts: dict[tuple[str, int | None], Draft] = {}

    def draft(self, currency: str, invoice: Invoice | None) -> Draft:
        """The note for this invoice; the blind one of the currency for None."""
        key = currency, invoice.pk if invoice else None
        return self._drafts.setdefault(key, Draft(self._accounts[currency], invoice))

    def bearing(self, currency: str, kind: str, gross: Decimal) -> Draft:
        """The note that an extra line goes on: a charge on the largest, a credit where it fits.

        An invoice's note takes no more than what was charged beside goods, so that the goods can
        still be credited in full; a price difference was never charged on it. Else a blind one.
        """
        drafts = self._drafts.items()
        ours = [draft for (code, _), draft in drafts if code == currency and draft.lines]
        ours.sort(key=lambda draft: draft.gross, reverse=True)
        if gross >= 0:
            never = kind == LineKind.PRICE_DIFFERENCE
            ours = [draft for draft in ours if not never and draft.room >= gross]
        return ours[0] if ours else self.draft(currency, None)

    def all(self) -> list[Draft]:
        return list(self._drafts.values())


def _entries(
    lines: dict[int, ReturnLine], wanted: Sequence[CreditInput] | None
) -> list[CreditInput]:
    if wanted is None:
        return [CreditInput(line) for line in lines.values() if uncredited(line) > 0]
    checked = []
    for number, entry in enumerate(wanted):
        line = lines.get(entry.line.pk)
        if line is None:
            message = "The line does not belong to this return."
            raise NotFound(message, code="not_found", pointer=f"/lines/{number}/line")
        _require_decided(line, entry.quantity, number)
        checked.append(CreditInput(line, entry.quantity, entry.given))
    return checked


def _require_decided(line: ReturnLine, quantity: Decimal | None, number: int) -> None:
    open_units = uncredited(line)
    if quantity is not None and not 0 < quantity <= open_units:
        message = f"Only {money.plain(open_units)} of this line wait for a credit."
        pointer = f"/lines/{number}/quantity"
        raise RuleViolation(
            message, code="exceeds_accepted", pointer=pointer, open=money.plain(open_units)
        )


def _currency(order: ReturnOrder, line: ReturnLine) -> str:
    if line.order_line is not None:
        return str(line.order_line.order.currency)
    return str(order.business.currency)


def _draft_line(drafts: Drafts, entry: CreditInput) -> None:
    """Credit units on their invoice lines, the named one or the order line's oldest first."""
    line, currency = entry.line, _currency(drafts.order, entry.line)
    wanted = uncredited(line) if entry.quantity is None else entry.quantity
    if line.order_line_id is None:
        _draft_blind(drafts, line, wanted, entry.given, currency)
        return
    rest = wanted
    for invoiced in _invoice_lines(line):
        draft = drafts.draft(currency, invoiced.invoice)
        units = min(free_units(invoiced, draft.lines), rest)
        if units <= 0:
            continue
        given = _part_of(entry.given, units, wanted, rest, currency)
        covered = goods_lines(invoiced, units, currency, given=given, drafted=draft.lines)
        for credit in covered:
            own = credit.invoice_line_id == invoiced.pk
            draft.add(credit, line, credit.quantity if own else money.ZERO)
        rest -= units
    if rest and entry.quantity is not None:
        message = f"Only {money.plain(wanted - rest)} of this line were invoiced and not credited."
        raise RuleViolation(message, code="exceeds_invoiced", open=money.plain(wanted - rest))


def _invoice_lines(line: ReturnLine) -> list[InvoiceLine]:
    if line.invoice_line_id is not None:
        keys = [line.invoice_line_id]
    else:
        rows = InvoiceLine.objects.filter(order_line=line.order_line_id)
        keys = list(rows.values_list("pk", flat=True))
    found = lock_invoice_lines(keys).values()
    return sorted(found, key=lambda row: (row.invoice.invoiced_on, row.pk))


def _part_of(
    given: GivenAmount | None, units: Decimal, wanted: Decimal, rest: Decimal, currency: str
) -> GivenAmount | None:
    """The share of a given amount for units [wanted - rest, wanted - rest + units)."""
    if given is None:
        return None
    place = Interval(wanted - rest, wanted - rest + units)
    return GivenAmount(
        gross=share(given.gross, wanted, place, currency),
        tax=share(given.tax, wanted, place, currency),
        vat_percent=given.vat_percent,
        vat_type=given.vat_type,
    )


def _draft_blind(
    drafts: Drafts, line: ReturnLine, quantity: Decimal, given: GivenAmount | None, currency: str
) -> None:
    """Without a known sale nothing can be computed: only given amounts are credited."""
    if given is None:
        return
    credit = CreditLine(
        part=line.part,
        kind="goods",
        name=line.part.name if line.part else line.description,
        quantity=quantity,
        given=True,
        net=given.gross - given.tax,
        tax=given.tax,
        gross=given.gross,
        vat_percent=given.vat_percent,
        vat_type=given.vat_type,
    )
    drafts.draft(currency, None).add(credit, line, quantity)


def _draft_extra(drafts: Drafts, line: ExtraLine) -> None:
    gross = extra_gross(line)
    tax = line.tax
    if tax is None:
        tax = money.tax_within(gross, line.vat_percent, line.currency)
    given = GivenAmount(gross, tax, line.vat_percent, line.vat_type)
    if line.invoice_line_id is not None:
        invoiced = lock_invoice_lines([line.invoice_line_id])[line.invoice_line_id]
        draft = drafts.draft(line.currency, invoiced.invoice)
        covered = goods_lines(
            invoiced, line.quantity, line.currency, given=given, drafted=draft.lines
        )
        for credit in covered:
            draft.add(credit, line, credit.quantity)
        return
    credit = CreditLine(
        kind=line.kind,
        name=line.name,
        quantity=line.quantity,
        given=line.tax is not None,
        net=gross - tax,
        tax=tax,
        gross=gross,
        vat_percent=line.vat_percent,
        vat_type=line.vat_type,
    )
    drafts.bearing(line.currency, line.kind, gross).add(credit, line, line.quantity)


def _book(
    order: ReturnOrder, draft: Draft, actor: Actor, reference: str, credited_on: date | None
) -> CreditNote:
    invoice = draft.invoice
    target = Target(order.business, draft.account, invoice, invoice.order if invoice else None)
    note = book(target, draft.lines, actor=actor, reference=reference, credited_on=credited_on)
    LineCredit.objects.bulk_create(
        LineCredit(
            line=line if isinstance(line, ReturnLine) else None,
            extra_line=line if isinstance(line, ExtraLine) else None,
            credit_line=credit,
            quantity=quantity,
        )
        for credit, (line, quantity) in zip(draft.lines, draft.pays, strict=True)
    )
    _count(draft.pays)
    return note


def _count(pays: Iterable[tuple[ReturnLine | ExtraLine, Decimal]]) -> None:
    for line, quantity in pays:
        if isinstance(line, ExtraLine):
            ExtraLine.objects.filter(pk=line.pk).update(credited=True)
        elif quantity:
            ReturnLine.objects.filter(pk=line.pk).update(credited=F("credited") + quantity)
