"""What a count holds so far, from its scans and the lines that they count for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from returns.counting import still_expected
from returns.locks import lines_of
from returns.models import COUNTING, Count, CountScan, ReturnLine, ReturnOrder, ScanVerdict
from rmaproject.shared import money

#: What a scan shows of the books.
SHOWN: Final = ("part", "stock_item", "line__part", "location", "actor")


@dataclass(frozen=True)
class Pile:
    """Unexpected goods of one kind; `first` is the scan that named them."""

    first: CountScan
    quantity: Decimal


@dataclass(frozen=True)
class Tally:
    """The lines of a return, and every scan of one count of it in the order they came."""

    lines: Sequence[ReturnLine]
    scans: Sequence[CountScan]

    @property
    def live(self) -> list[CountScan]:
        """The scans that hold: neither taken back nor answered by a later one."""
        replaced = {scan.replaces_id for scan in self.scans}
        return [
            scan
            for scan in self.scans
            if scan.pk not in replaced and scan.verdict != ScanVerdict.UNDONE
        ]

    @property
    def counting(self) -> list[CountScan]:
        """The scans that count goods."""
        return [scan for scan in self.live if scan.verdict in COUNTING]

    @property
    def expected(self) -> list[ReturnLine]:
        """The lines that were announced, with those of which nothing is open any more."""
        return [line for line in self.lines if not line.void and not line.unexpected]

    def of_line(self, line: ReturnLine) -> list[CountScan]:
        """The scans that count goods of a line."""
        return [scan for scan in self.counting if scan.line_id == line.pk]

    def counted(self, line: ReturnLine) -> Decimal:
        """How much of a line is in this count."""
        return _sum(self.of_line(line))

    def left(self, line: ReturnLine) -> Decimal:
        """How much of a line is neither booked nor counted; never below nothing."""
        return max(still_expected(line) - self.counted(line), money.ZERO)

    @property
    def short(self) -> list[ReturnLine]:
        """The announced lines that are not wholly here."""
        return [line for line in self.expected if self.left(line)]

    @property
    def piles(self) -> list[Pile]:
        """Unexpected goods, the same ones together."""
        found: dict[tuple[object, ...], list[CountScan]] = {}
        for scan in self.counting:
            if scan.verdict == ScanVerdict.UNEXPECTED:
                found.setdefault(_kind(scan), []).append(scan)
        piles = [Pile(scans[0], _sum(scans)) for scans in found.values()]
        return [pile for pile in piles if pile.quantity > 0]

    @property
    def units(self) -> Decimal:
        """All that was counted, expected or not."""
        return _sum(self.counting)


def tally_of(order: ReturnOrder, count: Count | None) -> Tally:
    """The count of a return as it stands; an empty one where nobody counts."""
    return Tally(lines_of(order), list(scans_of(count)) if count else [])


def scans_of(count: Count) -> list[CountScan]:
    """Every scan of a count with what it shows, in the order they came."""
    return list(count.scans.select_related(*SHOWN).order_by("pk"))


def same_kind(one: CountScan, other: CountScan) -> bool:
    """Whether two scans of unexpected goods named the same thing."""
    return _kind(one) == _kind(other)


def _kind(scan: CountScan) -> tuple[object, ...]:
    words = "" if scan.part_id else scan.description.casefold()
    return scan.part_id, scan.stock_item_id, scan.serial.casefold(), scan.batch.casefold(), words


def _sum(scans: Sequence[CountScan]) -> Decimal:
    return sum((scan.quantity for scan in scans), money.ZERO)
