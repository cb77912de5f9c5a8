"""What a run of the services did to money and stock, in plain values without ids or times.

The run may be one that is taken back: then this is what would happen. Two runs that do the same
give equal values.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from returns.counting import notes_of
from returns.eligibility import LineAnswer
from returns.models import (
    Disposal,
    Outbound,
    OutboundKind,
    ReceiptLine,
    ReturnLine,
    ReturnOrder,
)
from returns.ruling import rule_on
from returns.services.approval import approval_answer
from returns.services.eligible import shown_answer
from returns.services.foreseen_money import refund_approvals, shown_note, shown_refunds, totals
from returns.states import Status
from returns.terms import LineTerms
from rmaproject.shared import money
from rmaproject.shared.errors import DomainError
from sales.models import CreditNote
from stock.models import Movement

Row = dict[str, Any]


@dataclass(frozen=True)
class Before:
    """The papers that a return had before a run; what is beyond them was done by it."""

    notes: frozenset[int] = frozenset()
    movements: frozenset[int] = frozenset()
    outbound: frozenset[int] = frozenset()

    @classmethod
    def of(cls, order: ReturnOrder) -> Before:
        outbound = Outbound.objects.filter(return_order=order).values_list("pk", flat=True)
        return cls(frozenset(_notes(order)), frozenset(_movements(order)), frozenset(outbound))


@dataclass
class Run:
    """What was found on the way: approvals that were asked for, and the step that failed."""

    approvals: list[Row] = field(default_factory=list)
    stopped: Row | None = None


def told(order: ReturnOrder, before: Before, run: Run) -> Row:
    """All that a run did: line by line, its credit notes, refunds, stock, and approvals."""
    notes = new_notes(order, before)
    return {
        "policy": str(order.policy) if order.policy else None,
        "lines": _lines(order),
        "credit_notes": [shown_note(note) for note in notes],
        "totals": totals(notes),
        "refunds": [row for note in notes for row in shown_refunds(note)],
        "stock": _stock(order, before),
        "outbound": _outbound(order, before),
        "approvals": [*run.approvals, *(row for note in notes for row in refund_approvals(note))],
        "stopped": run.stopped,
    }


def new_notes(order: ReturnOrder, before: Before) -> list[CreditNote]:
    """The credit notes of a run, in the order in which they were booked."""
    made = set(_notes(order)) - before.notes
    return list(CreditNote.objects.filter(pk__in=made).select_related("invoice").order_by("pk"))


def refused(refusal: DomainError) -> Row:
    """A refusal as an answer."""
    return {
        "code": refusal.code,
        "message": refusal.message,
        "pointer": refusal.pointer,
        "facts": refusal.facts,
    }


def asked_approval(order: ReturnOrder) -> Row | None:
    """The approval of the return that a run came to wait for, and why it is asked."""
    if order.status != Status.AWAITING_APPROVAL:
        return None
    answer = approval_answer(order)
    amounts = rule_on(order).amounts
    return {
        "what": "return",
        "amounts": {code: money.amount(amounts[code], code) for code in sorted(amounts)},
        "code": answer.code,
        "four_eyes": answer.four_eyes,
        "rule": answer.rule,
        "facts": answer.facts,
    }


def _notes(order: ReturnOrder) -> list[int]:
    return list(notes_of(order))


def _movements(order: ReturnOrder) -> list[int]:
    received = ReceiptLine.objects.filter(receipt__return_order=order, movement__isnull=False)
    disposed = Disposal.objects.filter(return_order=order, movement__isnull=False)
    left = Outbound.objects.filter(return_order=order, movement__isnull=False)
    found = (rows.values_list("movement", flat=True) for rows in (received, disposed, left))
    return [key for keys in found for key in keys if key]


def _lines(order: ReturnOrder) -> list[Row]:
    ruled = rule_on(order)
    answers = {answer.key: answer for answer in ruled.answers}
    rows = order.lines.filter(void=False).select_related("part", "order_line", "kit_line__part")
    return [
        _line(line, answers.get(line.pk), ruled.line_terms.get(line.pk, LineTerms()))
        for line in rows.order_by("number")
    ]


def _line(line: ReturnLine, answer: LineAnswer | None, terms: LineTerms) -> Row:
    sold, part, kit = line.order_line, line.part, line.kit_line
    return {
        "number": line.number,
        "order_line": str(sold.uuid) if sold else None,
        "kit_line": str(kit.uuid) if kit else None,
        "kit": kit.part.sku if kit and kit.part else None,
        "sku": part.sku if part else None,
        "name": part.name if part else line.description,
        "outcome": line.outcome,
        "quantity": money.plain(line.quantity),
        "waived": money.plain(line.waived),
        **_verdict(answer),
        "fee_percent": money.plain(terms.fee_percent),
        "inspection_required": terms.inspection_required,
    }


def _verdict(answer: LineAnswer | None) -> Row:
    """What the rules say about a line that was let in; it may have been against them."""
    shown = shown_answer(answer) if answer is not None else NO_RULE
    names = ("code", "message", "rule", "facts", "checks")
    allowed = {"allowed": True, "overridden": not shown["allowed"]}
    return {**allowed, **{name: shown[name] for name in names}}


NO_RULE: Row = {
    "allowed": True,
    "code": "allowed",
    "message": "The line may be returned.",
    "rule": "",
    "facts": {},
    "checks": [],
}


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


def _outbound(order: ReturnOrder, before: Before) -> list[Row]:
    """What leaves for the customer: replacements, and goods that go back, repaired or not."""
    made = Outbound.objects.filter(return_order=order).exclude(pk__in=before.outbound)
    rows = made.select_related("line__part", "order_line__part", "order_line__order")
    sums: dict[tuple[str, ...], Decimal] = {}
    for row in rows.order_by("pk"):
        kind = "repaired" if row.repair else row.kind
        key = (kind, _sku_of(row))
        sums[key] = sums.get(key, money.ZERO) + row.quantity
    return [
        {"kind": kind, "sku": sku, "quantity": money.plain(quantity)}
        for (kind, sku), quantity in sorted(sums.items())
    ]


def _sku_of(row: Outbound) -> str:
    """What leaves: another part only where the replacement is one."""
    replaced = row.kind == OutboundKind.REPLACEMENT and row.order_line is not None
    part = row.order_line.part if replaced and row.order_line else row.line.part
    return part.sku if part else row.line.description
