"""What a run of the services came to in money: credit notes, their sums, refunds."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from rmaproject.shared import money
from sales.models import CreditLine, CreditNote, LineKind, Refund, Settlement

Row = dict[str, Any]
AMOUNTS: Final = ("net", "tax", "gross")
_KINDS: Final = list(LineKind)


def lines_of_note(note: CreditNote) -> list[CreditLine]:
    """The lines of a note with what they show."""
    rows = note.lines.select_related("part", "invoice_line__invoice").order_by("number")
    return list(rows)


def shown_note(note: CreditNote) -> Row:
    """A note with its lines, its sums for each rate, and what becomes of its amount."""
    lines = lines_of_note(note)
    settled = Settlement.objects.filter(credit_note=note).select_related("invoice")
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
        **_uses(note, note.currency),
    }


def totals(notes: Iterable[CreditNote]) -> list[Row]:
    """What the customer gets in each currency, component by component, and how."""
    found: dict[str, list[CreditNote]] = {}
    for note in notes:
        found.setdefault(note.currency, []).append(note)
    return [_total(currency, found[currency]) for currency in sorted(found)]


def shown_refunds(note: CreditNote) -> list[Row]:
    """The refunds that were intended for a note: the way of each, and what it waits for."""
    return [_refund(row) for row in note.refunds.order_by("pk")]


def refund_approvals(note: CreditNote) -> list[Row]:
    """The refunds of a note that somebody has to approve, at once or once an account is named."""
    return [_asked(row) for row in note.refunds.order_by("pk") if row.asks_approval]


def _refund(row: Refund) -> Row:
    return {
        "currency": row.currency,
        "amount": money.amount(row.amount, row.currency),
        "via": row.via,
        "gateway": row.gateway,
        "state": row.state,
    }


def _asked(row: Refund) -> Row:
    limit = row.approval_above or money.ZERO
    return {
        "what": "refund",
        "amounts": {row.currency: money.amount(row.amount, row.currency)},
        "code": "above_limit" if limit else "always",
        "four_eyes": row.asks_four_eyes,
        "rule": "",
        "facts": {"above": money.amount(limit, row.currency), "currency": row.currency},
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
    by_rate: dict[tuple[Decimal, str], list[CreditLine]] = {}
    for line in lines:
        by_rate.setdefault((line.vat_percent, line.vat_type), []).append(line)
    return [
        {
            "vat_percent": money.plain(percent),
            "vat_type": vat_type,
            **_sums(by_rate[percent, vat_type], AMOUNTS, currency),
        }
        for percent, vat_type in sorted(by_rate)
    ]


def _total(currency: str, notes: list[CreditNote]) -> Row:
    uses = [_used(note) for note in notes]
    return {
        "currency": currency,
        "components": _components(notes, currency),
        **_sums(notes, AMOUNTS, currency),
        **{
            name: money.amount(sum((used[name] for used in uses), money.ZERO), currency)
            for name in uses[0]
        },
    }


def _components(notes: Iterable[CreditNote], currency: str) -> list[Row]:
    """Sums by kind; of what stands beside the goods, each by its name."""
    found: dict[tuple[int, str], list[CreditLine]] = {}
    for line in (line for note in notes for line in note.lines.order_by("number")):
        name = "" if line.kind == LineKind.GOODS else line.name
        found.setdefault((_KINDS.index(LineKind(line.kind)), name), []).append(line)
    return [
        {"kind": str(_KINDS[kind]), "name": name, **_sums(found[kind, name], AMOUNTS, currency)}
        for kind, name in sorted(found)
    ]


def _used(note: CreditNote) -> dict[str, Decimal]:
    """Where the amount of a note goes; `left` stays open, because no payment holds it."""
    paid = note.refunded + note.refunding
    return {
        "applied": note.applied,
        "kept": note.kept,
        "to_refund": paid,
        "left": note.gross - note.applied - note.kept - paid,
    }


def _uses(note: CreditNote, currency: str) -> Row:
    return {name: money.amount(amount, currency) for name, amount in _used(note).items()}


def _sums(rows: Iterable[CreditNote | CreditLine], names: Iterable[str], currency: str) -> Row:
    listed = list(rows)
    return {
        name: money.amount(sum((getattr(row, name) for row in listed), money.ZERO), currency)
        for name in names
    }


def _amounts(row: CreditNote | CreditLine, currency: str) -> Row:
    return {name: money.amount(getattr(row, name), currency) for name in AMOUNTS}
