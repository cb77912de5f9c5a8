"""What rules are asked about: a return, its customer and its lines, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class LineFacts:
    """One line; words in lower case, days as far as they are known."""

    key: int = 0
    id: str = ""
    number: int = 1
    name: str = ""
    sku: str = ""
    category: str = ""
    reason: str = ""
    channel: str = ""
    outcome: str = "refund"
    ordered_on: date | None = None
    shipped_on: date | None = None
    delivered_on: date | None = None


@dataclass(frozen=True)
class ReturnFacts:
    """A return; `amounts` is what it would credit, by currency."""

    requested_on: date
    customer: str = ""
    flags: frozenset[str] = frozenset()
    country: str = ""
    lines: tuple[LineFacts, ...] = ()
    amounts: dict[str, Decimal] = field(default_factory=dict)
