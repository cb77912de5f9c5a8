"""What a document comes to at each VAT rate; pure arithmetic."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol


class Taxed(Protocol):
    """A line with its amounts and its rate."""

    net: Decimal
    tax: Decimal
    gross: Decimal
    vat_percent: Decimal
    vat_type: str


@dataclass(frozen=True)
class Tax:
    """The sums of all lines at one rate."""

    vat_percent: Decimal
    vat_type: str
    net: Decimal
    tax: Decimal
    gross: Decimal


def taxes_of(lines: Iterable[Taxed]) -> list[Tax]:
    """The sums of lines by rate and kind of VAT, the highest rate first."""
    found: dict[tuple[Decimal, str], Tax] = {}
    for line in lines:
        key = line.vat_percent, line.vat_type
        known = found.get(key, Tax(*key, Decimal(0), Decimal(0), Decimal(0)))
        sums = known.net + line.net, known.tax + line.tax, known.gross + line.gross
        found[key] = Tax(*key, *sums)
    return [found[key] for key in sorted(found, key=lambda key: (-key[0], key[1]))]
