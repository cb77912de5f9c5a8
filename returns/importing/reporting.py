"""Where every line of the ledger ended: counts, money, the file of rejected lines, the summary."""

from __future__ import annotations

import csv
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Final, Protocol

from rmaproject.shared import money
from rmaproject.shared.errors import Malformed

SECONDS_BETWEEN_LINES: Final = 2.0


@dataclass
class Tally:
    """Counts of lines, exact sums of quantity times price as the file has them, and documents.

    `known` are documents that were there before, with the same content.
    """

    lines_read: int = 0
    lines_sold: int = 0
    lines_returned: int = 0
    lines_rejected: int = 0
    amount_sold: Decimal = money.ZERO
    amount_returned: Decimal = money.ZERO
    amount_rejected: Decimal = money.ZERO
    orders: int = 0
    returns: int = 0
    known: int = 0
    blind_returns: int = 0
    lines_exceeding_known_sales: int = 0
    rejected_by_reason: dict[str, int] = field(default_factory=dict)

    @property
    def lines_done(self) -> int:
        return self.lines_sold + self.lines_returned + self.lines_rejected

    def summary(self, seconds: float) -> dict[str, object]:
        """The figures for a machine; amounts are decimal strings."""
        imported = self.amount_sold + self.amount_returned
        return {
            "lines_read": self.lines_read,
            "lines_sold": self.lines_sold,
            "lines_returned": self.lines_returned,
            "lines_rejected": self.lines_rejected,
            "amount_read": _amount(imported + self.amount_rejected),
            "amount_imported": _amount(imported),
            "amount_rejected": _amount(self.amount_rejected),
            "orders": self.orders,
            "returns": self.returns,
            "blind_returns": self.blind_returns,
            "lines_exceeding_known_sales": self.lines_exceeding_known_sales,
            "rejected_by_reason": dict(sorted(self.rejected_by_reason.items())),
            "seconds": round(seconds, 2),
            "lines_per_second": round(self.lines_read / seconds) if seconds else 0,
            "peak_megabytes": peak_megabytes(),
        }


class ReportFile:
    """A CSV that takes its place only when the import has ended, so none is half replaced."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        """Raises Malformed `unwritable_file` before anything is imported."""
        self.path = path
        self._fresh = _unfinished(path)
        try:
            self._stream = self._fresh.open("w", encoding="utf-8", newline="")
        except OSError as error:
            message = f"{path} cannot be written: {error.strerror or error}."
            raise Malformed(message, code="unwritable_file") from error
        self._rows = csv.writer(self._stream)
        self.add(*header)

    def add(self, *fields: object) -> None:
        self._rows.writerow(fields)

    def finish(self) -> None:
        self._stream.close()
        self._fresh.replace(self.path)

    def discard(self) -> None:
        self._stream.close()
        self._fresh.unlink(missing_ok=True)


class Ticking(Protocol):
    """Told how far an import has come, again and again."""

    def tick(self, tally: Tally) -> None:
        """May end the import by an exception."""


class Refusals(Protocol):
    """Where lines go that were refused or remarked on."""

    def add(self, *fields: object) -> None: ...


class Progress:
    """Says every couple of seconds how far the import has come."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self._last = time.monotonic()

    def tick(self, tally: Tally) -> None:
        if time.monotonic() - self._last < SECONDS_BETWEEN_LINES:
            return
        self._last = time.monotonic()
        share = 100 * tally.lines_done // max(tally.lines_read, 1)
        self.say(
            f"{share:3d} %: {tally.lines_done} of {tally.lines_read} lines, {tally.orders} orders, "
            f"{tally.returns} returns, {tally.lines_rejected} lines rejected"
        )


def write_summary(path: Path, summary: dict[str, object]) -> None:
    """The figures as JSON, whole or not at all."""
    fresh = _unfinished(path)
    fresh.write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    fresh.replace(path)


def _unfinished(path: Path) -> Path:
    """Where a file is written until it is whole; what a killed run left there is overwritten."""
    return path.with_name(f"{path.name}.part")


def peak_megabytes() -> int:
    """The most memory that this process has held so far."""
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak // (1024 * 1024) if sys.platform == "darwin" else peak // 1024)


def _amount(value: Decimal) -> str:
    """With two decimals at least, and with as many as the file's prices make."""
    digits = max(2, -int(value.normalize().as_tuple().exponent))
    return f"{value:.{digits}f}"
