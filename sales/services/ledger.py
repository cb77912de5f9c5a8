"""Bookings on customer accounts: balanced entries, one for each document, never changed.

Debits are above zero, credits below, in the account's currency. An account's balance is the sum
of its receivable lines: above zero the customer owes us.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.db.models import Q

from rmaproject.shared import money
from rmaproject.shared.db import add_figures
from sales.models import (
    Account,
    Business,
    CreditNote,
    Invoice,
    Ledger,
    LedgerEntry,
    LedgerLine,
    Payment,
    Refund,
)

#: What an account is known by, and the order in which accounts are locked.
_ACCOUNT: Final = ("business_id", "company_id", "currency")


@dataclass
class Booking:
    """One entry to be: its document, its day and its sides."""

    document: Invoice | Payment | CreditNote | Refund
    on: date
    sides: dict[str, Decimal] = field(default_factory=dict)


def invoice_booking(invoice: Invoice) -> Booking:
    """The customer owes gross; revenue and tax are earned."""
    sides: dict[str, Decimal] = {
        Ledger.RECEIVABLE: invoice.gross,
        Ledger.REVENUE: -invoice.net,
        Ledger.TAX: -invoice.tax,
    }
    return Booking(invoice, invoice.invoiced_on, sides)


def payment_booking(payment: Payment) -> Booking:
    """Cash came in; the customer owes that much less."""
    sides: dict[str, Decimal] = {Ledger.CASH: payment.amount, Ledger.RECEIVABLE: -payment.amount}
    return Booking(payment, payment.paid_on, sides)


def credit_booking(note: CreditNote, *, goodwill: Decimal = money.ZERO) -> Booking:
    """Revenue and tax are taken back, goodwill (net) is given; the customer owes less.

    A note that reverses another books the opposite.
    """
    sign = -1 if note.reverses_id else 1
    sides: dict[str, Decimal] = {
        Ledger.REVENUE: sign * (note.net - goodwill),
        Ledger.GOODWILL: sign * goodwill,
        Ledger.TAX: sign * note.tax,
        Ledger.RECEIVABLE: -sign * note.gross,
    }
    return Booking(note, note.credited_on, sides)


def refund_booking(refund: Refund, on: date) -> Booking:
    """Cash went back; what the customer had to get is that much less."""
    sides: dict[str, Decimal] = {Ledger.RECEIVABLE: refund.amount, Ledger.CASH: -refund.amount}
    return Booking(refund, on, sides)


def lock_account(business: Business, company_id: int, currency: str) -> Account:
    """The account of a customer, made when new; the lock that decides what is owed elsewhere."""
    key = business.pk, company_id, currency
    return lock_accounts([key])[key]


def lock_accounts(keys: Iterable[tuple[int, int, str]]) -> dict[tuple[int, int, str], Account]:
    """Accounts by business, company and currency, made when new, all locked in that order."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    # Of several, none is locked before all are there: new ones would come out of their order.
    if len(wanted) == 1 and (found := _locked_accounts(wanted)):
        return found
    rows = [Account(**dict(zip(_ACCOUNT, key, strict=True))) for key in wanted]
    Account.objects.bulk_create(rows, ignore_conflicts=True)
    return _locked_accounts(wanted)


def _locked_accounts(
    keys: Sequence[tuple[int, int, str]],
) -> dict[tuple[int, int, str], Account]:
    either = Q()
    for business, currency in {(business, currency) for business, _, currency in keys}:
        companies = [key[1] for key in keys if (key[0], key[2]) == (business, currency)]
        either |= Q(business=business, currency=currency, company__in=companies)
    found = Account.objects.filter(either).order_by(*_ACCOUNT).select_for_update()
    return {(row.business_id, row.company_id, row.currency): row for row in found}


def post(bookings: Sequence[Booking], *, at: datetime) -> None:
    """Write entries, lines and balances of documents whose accounts the caller has locked."""
    booked = [booking for booking in bookings if any(booking.sides.values())]
    entries = LedgerEntry.objects.bulk_create([_entry(booking, at) for booking in booked])
    LedgerLine.objects.bulk_create(
        LedgerLine(entry=entry, ledger=ledger, amount=amount)
        for entry, booking in zip(entries, booked, strict=True)
        for ledger, amount in booking.sides.items()
        if amount
    )
    _raise_balances(booked)


def _entry(booking: Booking, at: datetime) -> LedgerEntry:
    document = booking.document
    entry = LedgerEntry(account_id=document.account_id, booked_on=booking.on, at=at)
    if isinstance(document, Invoice):
        entry.invoice = document
    elif isinstance(document, Payment):
        entry.payment = document
    elif isinstance(document, Refund):
        entry.refund = document
    else:
        entry.credit_note = document
    return entry


def _raise_balances(bookings: Iterable[Booking]) -> None:
    changes: dict[int, Decimal] = {}
    for booking in bookings:
        key = booking.document.account_id
        changes[key] = changes.get(key, money.ZERO) + booking.sides[Ledger.RECEIVABLE]
    raised = {key: (change,) for key, change in changes.items() if change}
    add_figures(Account, raised, "balance")
