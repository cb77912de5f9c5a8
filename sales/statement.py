"""What stands on a customer's account: open items, and the ledger as a statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import F, Q, QuerySet, Sum

from rmaproject.shared import money
from sales.models import Account, CreditNote, Invoice, Ledger, LedgerEntry, LedgerLine, Payment

#: How many open items of each kind are told one by one; the sums count them all.
MOST: Final = 100
#: The documents that a booking may belong to.
DOCUMENTS: Final = tuple(
    column.name
    for column in LedgerEntry._meta.get_fields()
    if column.many_to_one or column.one_to_one
    if column.concrete and column.name != "account"
)


@dataclass(frozen=True)
class OpenItem:
    """A document that is not used up; `open` is above zero what is due, below zero credit."""

    kind: str
    document: Invoice | Payment | CreditNote
    on: date
    amount: Decimal
    open: Decimal


@dataclass(frozen=True)
class OpenItems:
    """What is open on an account, by kind and one by one; in all they are its balance."""

    due: Decimal
    unapplied: Decimal
    credit: Decimal
    items: list[OpenItem]


@dataclass(frozen=True)
class Posted:
    """A line of the statement: a booking, what it did to the balance, and the balance then."""

    entry: LedgerEntry
    kind: str
    document: Any
    amount: Decimal
    balance: Decimal


def open_items(account: Account) -> OpenItems:
    """Due invoices, payments that settle nothing yet, and credit notes that are not used up."""
    found, sums = [], {}
    for kind, rows, day in _open_rows(account):
        sums[kind] = rows.aggregate(sum=Sum("open"))["sum"] or money.ZERO
        sign = 1 if kind == "invoice" else -1
        found += [
            OpenItem(kind, row, getattr(row, day), _amount_of(row), sign * row.open)
            for row in rows.order_by(day, "pk")[:MOST]
        ]
    found.sort(key=lambda item: item.on)
    return OpenItems(sums["invoice"], sums["payment"], sums["credit_note"], found)


def _open_rows(account: Account) -> list[tuple[str, QuerySet[Any, Any], str]]:
    live = Q(reverses=None, reversed_by=None)
    notes = CreditNote.objects.filter(live, account=account)
    invoices = account.invoices.select_related("order")
    return [
        ("invoice", _opened(invoices, F("gross") - F("settled")), "invoiced_on"),
        ("payment", _opened(account.payments.all(), F("amount") - F("applied")), "paid_on"),
        (
            "credit_note",
            _opened(notes, F("gross") - F("applied") - F("refunded")),
            "credited_on",
        ),
    ]


def _opened(rows: QuerySet[Any, Any], rest: Any) -> QuerySet[Any, Any]:
    return rows.annotate(open=rest).filter(open__gt=0)


def _amount_of(row: Invoice | Payment | CreditNote) -> Decimal:
    return row.amount if isinstance(row, Payment) else row.gross


def entries_of(account: Account) -> QuerySet[LedgerEntry, LedgerEntry]:
    """The bookings of an account with their sides and documents."""
    rows = LedgerEntry.objects.filter(account=account).select_related(*DOCUMENTS, "invoice__order")
    return rows.prefetch_related("lines")


def posted(
    account: Account, entries: Sequence[LedgerEntry], *, by_day: bool = False
) -> list[Posted]:
    """Neighbouring bookings of a statement, in either order, with the balance after each.

    They are neighbours as they were booked; `by_day`, by the day that they count for.
    """
    if not entries:
        return []
    order = (lambda row: (row.booked_on, row.pk)) if by_day else (lambda row: row.pk)
    oldest_first = sorted(entries, key=order)
    first = oldest_first[0]
    before = Q(entry__lt=first.pk)
    if by_day:
        before = Q(entry__booked_on__lt=first.booked_on) | (
            Q(entry__booked_on=first.booked_on) & before
        )
    balance = _receivable(account, before)
    found: dict[int, Posted] = {}
    for entry in oldest_first:
        sides = [line.amount for line in entry.lines.all() if line.ledger == Ledger.RECEIVABLE]
        amount = sum(sides, money.ZERO)
        balance += amount
        kind = next(name for name in DOCUMENTS if getattr(entry, f"{name}_id") is not None)
        found[entry.pk] = Posted(entry, kind, getattr(entry, kind), amount, balance)
    return [found[entry.pk] for entry in entries]


def between(
    rows: QuerySet[LedgerEntry, LedgerEntry], since: date | None, until: date | None
) -> QuerySet[LedgerEntry, LedgerEntry]:
    """Those of the bookings that count for these days, both included; None for no bound."""
    if since:
        rows = rows.filter(booked_on__gte=since)
    return rows.filter(booked_on__lte=until) if until else rows


def balance_before(account: Account, day: date) -> Decimal:
    """What the account stood at when a day began."""
    return _receivable(account, Q(entry__booked_on__lt=day))


def _receivable(account: Account, which: Q) -> Decimal:
    rows = LedgerLine.objects.filter(which, entry__account=account, ledger=Ledger.RECEIVABLE)
    return rows.aggregate(sum=Sum("amount"))["sum"] or money.ZERO
