"""Which received quantities wait for a verdict or for their disposition, oldest receipt first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Sum

from returns.models import Disposal, Inspection, ReceiptLine, ReturnLine, ReturnOrder, Verdict
from rmaproject.access.actors import Actor
from rmaproject.shared import clock, money


@dataclass(frozen=True)
class Waiting:
    """A quantity of one receipt line; with its inspection, or None where nobody judged it yet."""

    row: ReceiptLine
    inspection: Inspection | None
    quantity: Decimal

    @property
    def decided_id(self) -> int | None:
        """The disposition that the inspection decided on, if it did."""
        return self.inspection.disposition_id if self.inspection else None


def live_rows(line: ReturnLine, serial: str = "") -> list[ReceiptLine]:
    """What arrived of a line and was not taken back; of one serial where it is named."""
    rows = ReceiptLine.objects.filter(
        line=line, receipt__reverses=None, receipt__reversed_by=None
    ).select_related("location", "movement__part", "line__part", "stock_item")
    if serial:
        rows = rows.filter(stock_item__serial__iexact=serial)
    return list(rows.order_by("pk"))


def unjudged(rows: Iterable[ReceiptLine]) -> list[Waiting]:
    """What of these receipt lines has no verdict yet."""
    rows = list(rows)
    judged: dict[int, Decimal] = dict(
        Inspection.objects.filter(receipt_line__in=rows)
        .values_list("receipt_line")
        .annotate(quantity=Sum("quantity"))
        .order_by()
    )
    left = [Waiting(row, None, row.quantity - judged.get(row.pk, money.ZERO)) for row in rows]
    return [waiting for waiting in left if waiting.quantity > 0]


def undisposed(rows: Sequence[ReceiptLine]) -> list[Waiting]:
    """What of these receipt lines was not moved on: judged quantities, then the others."""
    disposed: dict[int, Decimal] = dict(
        Disposal.objects.filter(receipt_line__in=rows)
        .values_list("inspection")
        .annotate(quantity=Sum("quantity"))
        .order_by()
    )
    known = {row.pk: row for row in rows}
    judged = [
        Waiting(
            known[inspection.receipt_line_id],
            inspection,
            inspection.quantity - disposed.get(inspection.pk, money.ZERO),
        )
        for inspection in Inspection.objects.filter(receipt_line__in=rows)
        .select_related("disposition")
        .order_by("receipt_line", "pk")
    ]
    return [waiting for waiting in judged if waiting.quantity > 0] + unjudged(rows)


def judge(
    order: ReturnOrder,
    row: ReceiptLine,
    quantity: Decimal,
    verdict: Verdict,
    *,
    actor: Actor,
    **values: object,
) -> Inspection:
    """Write one verdict of a locked return and count it on its line."""
    default_share = 100 if verdict == Verdict.ACCEPTED else 0
    found = Inspection(
        return_order=order,
        receipt_line=row,
        line_id=row.line_id,
        verdict=verdict,
        quantity=quantity,
        actor_id=actor.user_id,
        **{"share": Decimal(default_share), "at": clock.now(), **values},
    )
    found.save(force_insert=True)
    counted = {str(verdict): F(str(verdict)) + quantity}
    ReturnLine.objects.filter(pk=row.line_id).update(**counted)
    return found


def take(waiting: Iterable[Waiting], wanted: Decimal) -> list[Waiting]:
    """The first of these quantities, as many as are wanted."""
    taken = []
    for entry in waiting:
        part = min(entry.quantity, wanted)
        if part <= 0:
            break
        taken.append(Waiting(entry.row, entry.inspection, part))
        wanted -= part
    return taken


def total(waiting: Iterable[Waiting]) -> Decimal:
    """How many units these quantities are."""
    return sum((entry.quantity for entry in waiting), money.ZERO)
