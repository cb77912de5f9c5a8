"""What the customer owes after all: replacements whose goods never came, charges beyond a credit.

The return's lock comes first, then replacement orders, accounts and order lines in key order; the
numbers of the invoices are drawn last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import F
from django.utils.translation import gettext as _

from returns.actions import GUARDS
from returns.counting import chargeable, creditable_units, still_expected
from returns.locks import lines_of
from returns.models import ExtraCharge, ExtraLine, Outbound, Release, ReturnLine, ReturnOrder
from returns.services._advance import advance, lock_for, touched
from returns.services._outbound import end, own_line, replacements
from returns.services.editing import extra_gross
from returns.services.inputs import ChargeInput, Charges
from returns.states import Status
from rmaproject.access.actors import Actor
from rmaproject.shared import clock, money
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict, RuleViolation, below
from sales.locks import lock_order, lock_order_lines
from sales.models import Account, Invoice, InvoiceLine, LineKind, OrderLine, SalesOrder
from sales.services.charging import Charged, book_charge
from sales.services.ledger import lock_account

#: Kinds of extra lines that an invoice knows too; the others are charged as fees.
INVOICED_KINDS = (LineKind.SHIPPING, LineKind.FEE)


@dataclass
class _Bill:
    """One invoice in the making: units of replacements, or extra lines."""

    account: Account
    order: SalesOrder | None = None
    lines: list[Charged] = field(default_factory=list)
    sources: list[Outbound | ExtraLine] = field(default_factory=list)

    def add(self, charged: Charged, source: Outbound | ExtraLine) -> None:
        self.lines.append(charged)
        self.sources.append(source)


@dataclass
class _Ground:
    """What a charge stands on, all locked: lines, replacements that count, open extra lines."""

    order: ReturnOrder
    lines: dict[int, ReturnLine]
    rows: list[Outbound]
    extra: list[ExtraLine]
    accounts: dict[str, Account]
    sold: dict[int, OrderLine]


@command
def charge_return(
    return_id: int, wanted: Charges | None = None, *, actor: Actor, reason: str = ""
) -> list[Invoice]:
    """Invoice replacements that went ahead of goods which never came, and charges without credit.

    Without `wanted` all that is due. Charged units count as bought: they are released, and the
    return is complete when nothing else is open. Raises RuleViolation `reason_required` for
    replacements before the deadline, `invalid_price`; Conflict `nothing_to_charge`,
    `line_credited`, `illegal_transition`; NotFound for lines of another return.
    """
    order = lock_for(return_id, "charge")
    given = wanted or Charges()
    ground = _locked(order)
    goods = _goods_bills(ground, given)
    bills = [*goods, *_extra_bills(ground, given)]
    if not bills:
        raise Conflict(_("Nothing waits for a charge."), code="nothing_to_charge")
    if goods:
        _require_due(order, reason)
    invoices = [_book(order, bill, actor) for bill in bills]
    _release_charged(order, goods, reason, actor)
    references = [invoice.uuid for invoice in invoices]
    touched(order, "charge", actor=actor, reason=reason[:500], invoices=references)
    lines = lines_of(order)
    if goods and order.status == Status.IN_PROGRESS and not GUARDS["complete"](order, lines):
        advance(order, "complete", actor=actor, completed_at=clock.now())
    return invoices


def _locked(order: ReturnOrder) -> _Ground:
    lines = {line.pk: line for line in lines_of(order)}
    rows = list(replacements(order))
    extra = list(order.extra_lines.filter(void=False, credited=False).order_by("number"))
    sales = {row.order_line.order for row in rows if row.order_line}
    for key in sorted(sale.pk for sale in sales):
        lock_order(key)
    currencies = {sale.currency for sale in sales} | {line.currency for line in extra}
    accounts = {
        currency: lock_account(order.business, order.customer_id, currency)
        for currency in sorted(currencies)
    }
    claimed = [line.order_line_id for line in lines.values() if line.order_line_id]
    replaced = [row.order_line_id for row in rows if row.order_line_id]
    return _Ground(order, lines, rows, extra, accounts, lock_order_lines([*claimed, *replaced]))


def _goods_bills(ground: _Ground, given: Charges) -> list[_Bill]:
    """An invoice for each replacement order with units that no goods came for."""
    if given.lines is None and given.extra_lines is not None:
        return []
    bills: dict[int, _Bill] = {}
    if given.lines is None:
        for line in ground.lines.values():
            _charge_line(ground, bills, line, ChargeInput(line))
    for number, entry in enumerate(given.lines or ()):
        with below(f"/lines/{number}"):
            line = own_line(ground.lines, entry.line)
            if not _charge_line(ground, bills, line, entry):
                message = _("No replacement of this line has left without goods for it.")
                raise Conflict(message, code="nothing_to_charge", line=str(line.uuid))
    return [bills[key] for key in sorted(bills)]


def _charge_line(
    ground: _Ground, bills: dict[int, _Bill], line: ReturnLine, entry: ChargeInput
) -> Decimal:
    """Put the shipped replacements of a line on their bills; gives how many units that are."""
    due = chargeable(line)
    rest = due
    for row in ground.rows:
        replaced = ground.sold[row.order_line_id or 0]
        left: Decimal = row.left  # type: ignore[attr-defined]
        units = min(left, replaced.shipped - (row.quantity - left), rest)
        if row.line_id != line.pk or units <= 0:
            continue
        sale = replaced.order
        bill = bills.setdefault(sale.pk, _Bill(ground.accounts[sale.currency], sale))
        bill.add(_charged(line, entry, replaced, units), row)
        rest -= units
    return due - rest


def _charged(line: ReturnLine, entry: ChargeInput, replaced: OrderLine, units: Decimal) -> Charged:
    """At the price of the sale, and the price difference where no invoice charged it yet."""
    sold = line.order_line or replaced
    price = sold.gross_unit_price if entry.gross_unit_price is None else entry.gross_unit_price
    if price < 0:
        message = _("A charge is not below zero.")
        raise RuleViolation(message, code="invalid_price", pointer="/gross_unit_price")
    if not replaced.invoice_lines.exists():
        price += replaced.gross_unit_price
    return Charged(
        name=replaced.name,
        quantity=units,
        gross_unit_price=price,
        vat_percent=sold.vat_percent,
        vat_type=sold.vat_type,
        kind=LineKind.GOODS,
        order_line=replaced,
    )


def _require_due(order: ReturnOrder, reason: str) -> None:
    """Replacements are charged past the deadline; before it only with a reason."""
    past = order.deadline is not None and clock.today(order.business) > order.deadline
    if not past and not reason.strip():
        message = _("The goods may still come in time; say why the replacement is charged.")
        facts = {"deadline": str(order.deadline) if order.deadline else None}
        raise RuleViolation(message, code="reason_required", pointer="/reason", **facts)


def _extra_bills(ground: _Ground, given: Charges) -> list[_Bill]:
    """An invoice for the charges of each currency; nothing while a credit note will bear them."""
    if given.extra_lines is not None:
        wanted = [_chargeable(ground, line) for line in given.extra_lines]
    elif given.lines is not None or creditable_units(ground.lines.values()):
        return []
    else:
        wanted = _beyond_credit(ground.extra)
    bills: dict[str, _Bill] = {}
    for line in wanted:
        bill = bills.setdefault(line.currency, _Bill(ground.accounts[line.currency]))
        bill.add(_charged_extra(line), line)
    return [bills[currency] for currency in sorted(bills)]


def _beyond_credit(lines: Sequence[ExtraLine]) -> list[ExtraLine]:
    """The charges of those currencies in which they are more than the credits."""
    sums: dict[str, Decimal] = {}
    for line in lines:
        sums[line.currency] = sums.get(line.currency, money.ZERO) + extra_gross(line)
    return [line for line in lines if extra_gross(line) < 0 and sums[line.currency] < 0]


def _chargeable(ground: _Ground, given: ExtraLine) -> ExtraLine:
    found = [line for line in ground.extra if line.pk == given.pk]
    if not found:
        message = _("The line is not one of this return that waits for a credit or charge.")
        raise Conflict(message, code="line_credited", line=str(given.uuid))
    if extra_gross(found[0]) >= 0:
        message = _("The line is in the customer's favour; it is credited, not charged.")
        raise RuleViolation(message, code="invalid_price", pointer="/extra_lines")
    return found[0]


def _charged_extra(line: ExtraLine) -> Charged:
    return Charged(
        name=line.name,
        quantity=line.quantity,
        gross_unit_price=-line.gross_unit_price,
        vat_percent=line.vat_percent,
        vat_type=line.vat_type,
        kind=line.kind if line.kind in INVOICED_KINDS else LineKind.FEE,
        tax=-line.tax if line.tax is not None else None,
    )


def _book(order: ReturnOrder, bill: _Bill, actor: Actor) -> Invoice:
    invoice, made = book_charge(order.business, bill.account, bill.order, bill.lines, actor=actor)
    now = clock.now()
    for source, line in zip(bill.sources, made, strict=True):
        if isinstance(source, Outbound):
            end(source, line.quantity, actor=actor, at=now, invoice_line=line)
        else:
            _mark_charged(source, line)
    return invoice


def _mark_charged(line: ExtraLine, charged: InvoiceLine) -> None:
    ExtraCharge.objects.create(extra_line=line, invoice_line=charged)
    ExtraLine.objects.filter(pk=line.pk).update(credited=True)


def _release_charged(order: ReturnOrder, bills: Sequence[_Bill], reason: str, actor: Actor) -> None:
    """The customer keeps what was to come for these units; it may be returned another time."""
    charged: dict[int, Decimal] = {}
    for bill in bills:
        for source, sold in zip(bill.sources, bill.lines, strict=True):
            if isinstance(source, Outbound):
                key = source.line_id
                charged[key] = charged.get(key, money.ZERO) + sold.quantity
    for line in lines_of(order):
        units = min(charged.get(line.pk, money.ZERO), still_expected(line))
        if units > 0:
            Release.objects.create(
                line=line,
                quantity=units,
                reason=(reason or "Charged instead.")[:500],
                actor_id=actor.user_id,
                at=clock.now(),
            )
            ReturnLine.objects.filter(pk=line.pk).update(released=F("released") + units)
