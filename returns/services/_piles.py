"""Where the goods of a line lie: each receipt line, and what its disposals made of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from returns.models import Disposal, Outbound, OutboundKind, ReceiptLine, ReturnLine
from returns.services._outbound import total
from rmaproject.shared import money
from stock.models import Movement, State
from stock.services.moving import Place

#: Actions whose goods are here though no stock was booked for them.
STAYING = ("repair", "send_back")


@dataclass
class Pile:
    """What is left of a receipt line in one place and state; no place for what has no stock."""

    row: ReceiptLine
    left: Decimal
    disposal: Disposal | None = None
    place: Place | None = None

    @property
    def state(self) -> str:
        return self.place.state if self.place else str(State.HELD)

    @property
    def last_movement(self) -> Movement | None:
        """What brought the goods to where the pile is."""
        return self.disposal.movement if self.disposal else self.row.movement

    @property
    def serial(self) -> str:
        return str(self.row.stock_item.serial or "") if self.row.stock_item else ""

    @property
    def verdict(self) -> str:
        """What was decided about a unit; "" for one that nobody has decided about."""
        given = {row.verdict for row in self.row.inspections.all()}
        return given.pop() if len(given) == 1 else ""


def piles_of(line: ReturnLine) -> list[Pile]:
    """The goods of a line that are still somewhere, receipt by receipt."""
    sent = _sent(line)
    found = []
    for row in live_rows(line):
        disposals = list(row.disposals.all())
        rest = row.quantity - total(disposal.quantity for disposal in disposals)
        found.append(
            Pile(row, rest - sent.get((row.pk, None), money.ZERO), None, _at(row.movement))
        )
        for disposal in disposals:
            left = disposal.quantity - sent.get((row.pk, disposal.pk), money.ZERO)
            if _is_here(disposal):
                found.append(Pile(row, left, disposal, _at(disposal.movement)))
    return [pile for pile in found if pile.left > 0]


def live_rows(line: ReturnLine) -> list[ReceiptLine]:
    """The receipt lines of a line that were not taken back, oldest first."""
    rows = ReceiptLine.objects.filter(
        line=line, receipt__reverses=None, receipt__reversed_by=None
    ).select_related("movement__part", "stock_item")
    related = ("inspections", "disposals__movement", "disposals__disposition")
    return list(rows.prefetch_related(*related).order_by("pk"))


def unjudged(rows: Iterable[ReceiptLine]) -> Sequence[tuple[ReceiptLine, Decimal]]:
    """Receipt lines with the units of each that nobody has decided about."""
    left = [
        (row, row.quantity - total(verdict.quantity for verdict in row.inspections.all()))
        for row in rows
    ]
    return [(row, quantity) for row, quantity in left if quantity > 0]


def sent_undisposed(line_id: int) -> dict[int, Decimal]:
    """Units that went back before anybody decided where to put them, by receipt line."""
    rows = Outbound.objects.filter(line=line_id, kind=OutboundKind.SEND_BACK, disposal=None)
    sums = rows.values_list("receipt_line").annotate(quantity=Sum("quantity")).order_by()
    return {key: quantity for key, quantity in sums if key}


def _sent(line: ReturnLine) -> dict[tuple[int | None, int | None], Decimal]:
    rows = Outbound.objects.filter(line=line, kind=OutboundKind.SEND_BACK).order_by()
    sums = rows.values_list("receipt_line", "disposal").annotate(quantity=Sum("quantity"))
    return {(row, disposal): quantity for row, disposal, quantity in sums}


def _at(movement: Movement | None) -> Place | None:
    if movement is None or movement.to_location_id is None:
        return None
    return Place(movement.to_location_id, movement.to_state)


def _is_here(disposal: Disposal) -> bool:
    if disposal.movement is None:
        return disposal.disposition.action in STAYING
    return disposal.movement.to_location_id is not None
