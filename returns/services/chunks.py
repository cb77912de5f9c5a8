"""Which of a line's decided units a credit pays for: by the inspection that accepted them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from returns.models import Inspection, LineCredit, ReturnLine, Verdict
from returns.refunds import WHOLE
from rmaproject.shared import money


@dataclass(frozen=True)
class Chunk:
    """Units that one inspection accepted; without one, units that were waived."""

    inspection: Inspection | None
    units: Decimal

    @property
    def share(self) -> Decimal:
        return self.inspection.share if self.inspection else WHOLE


class Chunks:
    """The decided units of some lines that are not credited yet; what is taken counts at once.

    Credits that are still live count, so that reversing one frees its own units again. Where one
    does not say which inspection it paid for, it paid for what was waived, else for the oldest.
    """

    def __init__(self, lines: Sequence[ReturnLine]) -> None:
        keys = [line.pk for line in lines]
        rows = Inspection.objects.filter(
            line__in=keys, verdict=Verdict.ACCEPTED, receipt_line__receipt__reversed_by=None
        )
        # What was never credited has no live credits: the counter is the sum of theirs.
        paid_for = [line.pk for line in lines if line.credited]
        credited = LineCredit.objects.filter(inspection__line__in=paid_for, credit_line__live=True)
        used = dict(credited.values_list("inspection").annotate(units=Sum("quantity")).order_by())
        self._open: dict[int, list[Chunk]] = {}
        for row in rows.order_by("pk"):
            units = row.quantity - used.get(row.pk, money.ZERO)
            self._open.setdefault(row.line_id, []).append(Chunk(row, units))
        live = LineCredit.objects.filter(line__in=paid_for, credit_line__live=True)
        unsaid = live.filter(inspection=None)
        paid = dict(unsaid.values_list("line").annotate(units=Sum("quantity")).order_by())
        for line in lines:
            accepted = paid.get(line.pk, money.ZERO) - line.waived
            if accepted > 0:
                self.take(line, accepted)

    def take(self, line: ReturnLine, units: Decimal) -> list[Chunk]:
        """So many units of a line, oldest inspection first, what was waived last."""
        taken, left = [], []
        for chunk in self._open.get(line.pk, []):
            size = max(min(chunk.units, units), money.ZERO)
            if size:
                taken.append(Chunk(chunk.inspection, size))
            left.append(Chunk(chunk.inspection, chunk.units - size))
            units -= size
        self._open[line.pk] = left
        return [*taken, Chunk(None, units)] if units else taken
