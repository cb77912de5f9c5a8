"""What a run of the services did to money and stock, in plain values without ids or times.

The run may be one that is taken back: then this is what would happen. Two runs that do the same
give equal values, and so the same digest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from returns.counting import notes_of
from returns.locks import lines_of
from returns.models import Disposal, ReceiptLine, ReturnLine, ReturnOrder
from returns.states import Status
from rmaproject.shared import money
from rmaproject.shared.errors import DomainError
from sales.models import CreditLine, CreditNote, Settlement
from stock.models import Movement

Row = dict[str, Any]
AMOUNTS: Final = ("net", "tax", "gross")


@dataclass(frozen=True)
class Before:
    """The papers that a return had before a run; what is beyond them was done by it."""

    notes: frozenset[int] = frozenset()
    movements: frozenset[int] = frozenset()

    @classmethod
    def of(cls, order: ReturnOrder) -> Before:
        return cls(frozenset(_notes(order)), frozenset(_movements(order)))


@dataclass
class Run:
    """What was found on the way: approvals that were asked for, and the step that failed."""

    approvals: list[Row] = field(default_factory=list)
    stopped: Row | None = None


def told(order: ReturnOrder, before: Before, run: Run) -> Row:
    """All that a run did: line by line, its credit notes, refunds, stock, and approvals."""
    notes = new_notes(order, before)
    shown = [_note(note) for note in notes]
    refunds = [row for note in notes for row in _refunds(note)]
    return {
        "lines": [_line(line) for line in lines_of(order)],
        "credit_notes": shown,
        "totals": _totals(notes),
        "refunds": refunds,
        "stock": _stock(order, before),
        "approvals": [*run.approvals, *_refund_approvals(refunds)],
        "stopped": run.stopped,
    }


def new_notes(order: ReturnOrder, before: Before) -> list[CreditNote]:
    """The credit notes of a run, in the order in which they were booked."""
    made = set(_notes(order)) - before.notes
    return list(CreditNote.objects.filter(pk__in=made).select_related("invoice").order_by("pk"))


def lines_of_note(note: CreditNote) -> list[CreditLine]:
    """The lines of a note with what they show."""
    rows = note.lines.select_related("part", "invoice_line__invoice").order_by("number")
    return list(rows)


def refused(refusal: DomainError) -> Row:
    """A refusal as an answer."""
    return {
        "code": refusal.code,
        "message": refusal.message,
        "pointer": refusal.pointer,
        "facts": refusal.facts,
    }


def asked_approval(order: ReturnOrder) -> Row | None:
    """The approval of the return that a run came to wait for."""
    if order.status != Status.AWAITING_APPROVAL:
        return None
    return {"what": "return", "amount": None, "currency": ""}


def _notes(order: ReturnOrder) -> list[int]:
    return list(notes_of(order))


def _movements(order: ReturnOrder) -> list[int]:
    received = ReceiptLine.objects.filter(receipt__return_order=order, movement__isnull=False)
    disposed = Disposal.objects.filter(return_order=order, movement__isnull=False)
    keys = [*received.values_list("movement", flat=True)]
    return [key for key in (*keys, *disposed.values_list("movement", flat=True)) if key]


def _line(line: ReturnLine) -> Row:
    sold, part = line.order_line, line.part
    return {
        "number": line.number,
        "order_line": str(sold.uuid) if sold else None,
        "sku": part.sku if part else None,
        "name": part.name if part else line.description,
        "outcome": line.outcome,
        "quantity": money.plain(line.quantity),
        "waived": money.plain(line.waived),
        "allowed": True,
        "code": "",
        "message": "",
    }


def _note(note: CreditNote) -> Row:
    lines = lines_of_note(note)
    settled = Settlement.objects.filter(credit_note=note).select_related("invoice")
    used = note.applied + note.kept + note.refunded
    return {
        "invoice": note.invoice.reference if note.invoice else None,
        "currency": note.currency,
        **_amounts(note, note.currency),
        "lines": [_credit_line(line, note.currency) for line in lines],
        "rates": _rates(lines, note.currency),
        "settles": [
            {"invoice": row.invoice.reference, "amount": money.amount(row.amount, note.currency)}
            for row in settled.order_by("pk")
        ],
        "kept": money.amount(note.kept, note.currency),
        "to_refund": money.amount(note.gross - used, note.currency),
    }


def _credit_line(line: CreditLine, currency: str) -> Row:
    return {
        "kind": line.kind,
        "name": line.name or (line.part.name if line.part else ""),
        "sku": line.part.sku if line.part else None,
        "quantity": money.plain(line.quantity),
        **_amounts(line, currency),
        "vat_percent": money.plain(line.vat_percent),
        "vat_type": line.vat_type,
    }


def _rates(lines: Iterable[CreditLine], currency: str) -> list[Row]:
    """Net, tax and gross for each rate and kind of tax."""
    sums: dict[tuple[Decimal, str], dict[str, Decimal]] = {}
    for line in lines:
        total = sums.setdefault(
            (line.vat_percent, line.vat_type), dict.fromkeys(AMOUNTS, money.ZERO)
        )
        for name in AMOUNTS:
            total[name] += getattr(line, name)
    return [
        {
            "vat_percent": money.plain(percent),
            "vat_type": vat_type,
            **{name: money.amount(total[name], currency) for name in AMOUNTS},
        }
        for (percent, vat_type), total in sorted(sums.items())
    ]


def _totals(notes: list[CreditNote]) -> list[Row]:
    """What the customer gets in each currency, part by part: goods, discounts, fees, shipping."""
    found: dict[str, dict[str, Decimal]] = {}
    parts: dict[str, dict[str, Decimal]] = {}
    for note in notes:
        total = found.setdefault(note.currency, {})
        for name in (*AMOUNTS, "applied", "kept"):
            total[name] = total.get(name, money.ZERO) + getattr(note, name)
        kinds = parts.setdefault(note.currency, {})
        for line in note.lines.all():
            kinds[line.kind] = kinds.get(line.kind, money.ZERO) + line.gross
    return [_total(currency, found[currency], parts[currency]) for currency in sorted(found)]


def _total(currency: str, total: dict[str, Decimal], kinds: dict[str, Decimal]) -> Row:
    rest = total["gross"] - total["applied"] - total["kept"]
    return {
        "currency": currency,
        "components": {kind: money.amount(kinds[kind], currency) for kind in sorted(kinds)},
        **{name: money.amount(value, currency) for name, value in total.items()},
        "to_refund": money.amount(rest, currency),
    }


def _refunds(note: CreditNote) -> list[Row]:
    """The refunds that were intended for a note, and the way of each."""
    if not hasattr(note, "refunds"):
        return []
    return [
        {
            "currency": row.currency,
            "amount": money.amount(row.amount, row.currency),
            "via": row.via,
            "gateway": row.gateway,
            "state": row.state,
        }
        for row in note.refunds.order_by("pk")
    ]


def _refund_approvals(refunds: Iterable[Row]) -> list[Row]:
    return [
        {"what": "refund", "amount": row["amount"], "currency": row["currency"]}
        for row in refunds
        if row["state"] == "waiting_approval"
    ]


def _stock(order: ReturnOrder, before: Before) -> list[Row]:
    """What moves where, summed over equal moves; which unit of several is not foretold."""
    made = set(_movements(order)) - before.movements
    rows = Movement.objects.filter(pk__in=made)
    sums: dict[tuple[str, ...], Decimal] = {}
    for row in rows.select_related("part", "from_location", "to_location").order_by("pk"):
        ends = (row.from_location, row.from_state, row.to_location, row.to_state)
        key = (row.part.sku, *(str(end) if end else "" for end in ends))
        sums[key] = sums.get(key, money.ZERO) + row.quantity
    names = ("sku", "from", "from_state", "to", "to_state")
    return [
        {**dict(zip(names, key, strict=True)), "quantity": money.plain(quantity)}
        for key, quantity in sorted(sums.items())
    ]


def _amounts(row: CreditNote | CreditLine, currency: str) -> Row:
    return {name: money.amount(getattr(row, name), currency) for name in AMOUNTS}
