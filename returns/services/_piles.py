"""Where goods that may go back to the customer lie: set aside already, or still as received."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from returns.models import (
    PAID_OUTCOMES,
    Action,
    Disposal,
    Inspection,
    Outbound,
    OutboundKind,
    ReceiptLine,
    ReturnLine,
    Verdict,
)
from returns.services.waiting import Waiting, live_rows, undisposed
from rmaproject.shared import money

#: Dispositions whose goods may go back, in the order in which they are taken; None: undisposed.
LEAVING = (Action.SEND_BACK, None, Action.REPAIR)
LEAVING_REPAIRED = (Action.REPAIR, None, Action.SEND_BACK)


@dataclass(frozen=True)
class Pile:
    """A quantity of one receipt line; with the disposal that set it aside, if one did."""

    row: ReceiptLine
    left: Decimal
    inspection: Inspection | None
    disposal: Disposal | None = None

    @property
    def action(self) -> str | None:
        return self.disposal.action if self.disposal else None

    @property
    def serial(self) -> str:
        return str(self.row.stock_item.serial or "") if self.row.stock_item else ""

    @property
    def waiting(self) -> Waiting:
        """The same as something that waits for its disposition."""
        return Waiting(self.row, self.inspection, self.left)


def piles_of(line: ReturnLine, *, repaired: bool) -> list[Pile]:
    """The goods of a line that may go back, in the order in which they are taken.

    Repaired ones were not rejected; accepted ones stay where a credit is owed for them.
    """
    order = LEAVING_REPAIRED if repaired else LEAVING
    kept = Verdict.REJECTED if repaired else Verdict.ACCEPTED
    bound = repaired or line.outcome in PAID_OUTCOMES
    rows = live_rows(line)
    here = [Pile(row.row, row.quantity, row.inspection) for row in undisposed(rows)]
    found = [
        pile
        for pile in [*_set_aside(rows), *here]
        if not (bound and pile.inspection and pile.inspection.verdict == kept)
    ]
    return sorted(found, key=lambda pile: (order.index(_leaving(pile)), pile.row.pk))


def _leaving(pile: Pile) -> Action | None:
    return Action(pile.action) if pile.action else None


def _set_aside(rows: list[ReceiptLine]) -> list[Pile]:
    """What disposals set aside to go back or to be repaired and has not left."""
    known = {row.pk: row for row in rows}
    disposals = Disposal.objects.filter(receipt_line__in=rows, action__in=filter(None, LEAVING))
    sent = dict(
        Outbound.objects.filter(disposal__in=disposals, kind=OutboundKind.SEND_BACK)
        .values_list("disposal")
        .annotate(quantity=Sum("quantity"))
        .order_by()
    )
    piles = [
        Pile(
            known[disposal.receipt_line_id or 0],
            disposal.quantity - sent.get(disposal.pk, money.ZERO),
            disposal.inspection,
            disposal,
        )
        for disposal in disposals.select_related("inspection", "movement").order_by("pk")
    ]
    return [pile for pile in piles if pile.left > 0]
