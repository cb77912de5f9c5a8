"""The whole life of one serialized unit: made, sold, returned, inspected, decided, sold again.

What somebody may not see is not left out but not named either: the event stays, its document is
"another document" and its facts are kept back. The number of queries does not grow with the life.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from returns.life_events import BY_CAUSE, ORDER, TITLES, Document, LifeEvent, end, name, places
from returns.life_papers import Papers
from returns.models import ReturnOrder
from rmaproject.access.actors import Actor
from rmaproject.shared import money
from rmaproject.shared.errors import RuleViolation
from sales.models import Allocation, SalesOrder, UnitSale
from stock.models import Cause, Movement, StockItem

__all__ = ["TITLES", "Document", "LifeEvent", "life_of"]


def life_of(unit: StockItem, actor: Actor) -> list[LifeEvent]:
    """All that happened to a unit, oldest first, as far as the actor may know of it.

    Raises RuleViolation `not_serialized` for bulk stock, of which no piece has a life of its own.
    """
    if unit.serial is None:
        message = _("Only a unit with a serial number has a life of its own; see its movements.")
        raise RuleViolation(message, code="not_serialized")
    events = _Life(Papers(unit, actor)).events()
    return sorted(events, key=lambda event: (event.at, ORDER.get(event.kind, len(ORDER))))


class _Life:
    """Tells the papers of one unit."""

    def __init__(self, papers: Papers) -> None:
        self.papers = papers
        self.moved = dict(papers.moved)

    def events(self) -> Iterator[LifeEvent]:
        """Every event once: a movement is told by the paper behind it where there is one."""
        yield from self._sold()
        yield from self._returned()
        yield from self._judged()
        yield from self._left()
        yield from self._settled()
        yield from (self._bare(row) for row in self.moved.values())

    def _sold(self) -> Iterator[LifeEvent]:
        papers = self.papers
        shipments = {row.movement_id: row for row in papers.allocations if row.movement_id}
        again = papers.returned_sales()
        starts = {row.since: row for row in papers.sales if row.since not in again}
        for movement in [row for row in papers.movements if row.cause == Cause.SHIPMENT]:
            self.moved.pop(movement.pk, None)
            sale = starts.pop(movement.at, None)
            allocation = shipments.get(movement.pk)
            order = allocation.shipment.order if allocation else _order_of(sale)
            yield self._sale(movement.at, order, allocation, movement)
        for sale in starts.values():
            yield self._sale(sale.since, _order_of(sale), None, None)

    def _sale(
        self,
        at: datetime,
        order: SalesOrder | None,
        allocation: Allocation | None,
        movement: Movement | None,
    ) -> LifeEvent:
        facts = places(movement)
        if allocation and self.papers.sees("sales_order", allocation.shipment.order_id):
            facts["shipment"] = allocation.shipment.reference
        documents = (self.papers.document("sales_order", order),) if order else ()
        return LifeEvent(at, "sold", documents, name(movement.actor if movement else None), facts)

    def _returned(self) -> Iterator[LifeEvent]:
        for line in self.papers.announced:
            order = line.return_order
            yield self._of_return(order.created_at, "announced", order, order.created_by, {})
        for row in self.papers.receipts:
            movement = self.moved.pop(row.movement_id, None)
            reverses = row.receipt.reverses_id is not None
            facts = {"condition": row.condition, "note": row.note, **places(movement)}
            kind = "receipt_reversed" if reverses else "received"
            order = row.line.return_order
            yield self._of_return(row.receipt.at, kind, order, row.receipt.actor, facts)
        for entry, order in self.papers.matches():
            yield self._of_return(entry.at, "matched", order, entry.actor, {})

    def _judged(self) -> Iterator[LifeEvent]:
        for row in self.papers.inspections:
            facts = {"verdict": row.verdict, "share": money.plain(row.share), "note": row.note}
            facts["grade"] = row.grade
            yield self._of_return(row.at, "inspected", row.return_order, row.actor, facts)
        for row in self.papers.disposals:
            movement = self.moved.pop(row.movement_id, None)
            facts = {"disposition": row.disposition.name, **places(movement)}
            kind = end(movement) or "decided"
            yield self._of_return(row.at, kind, row.return_order, row.actor, facts)

    def _left(self) -> Iterator[LifeEvent]:
        """Sent back, repaired or not; or another unit went to the customer for it."""
        for row in self.papers.sent:
            movement = self.moved.pop(row.movement_id, None)
            facts = {**places(movement), "carrier": row.carrier, "tracking": row.tracking_number}
            kind = "repaired" if row.repair else "sent_back"
            yield self._of_return(row.at, kind, row.return_order, row.actor, facts)
        returns = {row.order_line_id: row.return_order for row in self.papers.replaced}
        for row in self.papers.replaced:
            sale = row.order_line.order
            yield self._of_return(row.at, "replaced", row.return_order, row.actor, {}, sale)
        for row in self.papers.replacements:
            movement = row.movement
            at = movement.at if movement else row.shipment.created_at
            facts = {"serial": row.stock_item.serial if row.stock_item else ""}
            facts["shipment"] = row.shipment.reference
            who = movement.actor if movement else None
            order, sale = returns[row.order_line_id], row.shipment.order
            yield self._of_return(at, "replacement_shipped", order, who, facts, sale)

    def _settled(self) -> Iterator[LifeEvent]:
        for row in self.papers.invoiced:
            paper = self.papers.document("invoice", row.invoice)
            yield LifeEvent(row.invoice.created_at, "invoiced", (paper,))
        for note in self.papers.notes:
            paper = self.papers.document("credit_note", note)
            yield LifeEvent(note.created_at, "credited", (paper,))
        for note in self.papers.counter_notes:
            paper = self.papers.document("credit_note", note)
            yield LifeEvent(note.created_at, "credit_reversed", (paper,))
        for refund in self.papers.refunds:
            paper = self.papers.document("refund", refund)
            yield LifeEvent(refund.settled_at, "refunded", (paper,))

    def _of_return(
        self,
        at: datetime,
        kind: str,
        order: ReturnOrder,
        who: Any,
        facts: dict[str, Any],
        sale: SalesOrder | None = None,
    ) -> LifeEvent:
        paper = self.papers.document("return", order)
        more = (self.papers.document("sales_order", sale),) if sale else ()
        if paper.id is None:
            return LifeEvent(at, kind, (paper, *more))
        told = {key: value for key, value in facts.items() if value not in ("", None)}
        return LifeEvent(at, kind, (paper, *more), name(who), told)

    def _bare(self, movement: Movement) -> LifeEvent:
        kind = end(movement) or BY_CAUSE.get(movement.cause, movement.cause)
        facts = {**places(movement), **({"note": movement.note} if movement.note else {})}
        return LifeEvent(movement.at, kind, (), name(movement.actor), facts)


def _order_of(sale: UnitSale | None) -> SalesOrder | None:
    return sale.order_line.order if sale and sale.order_line else None
