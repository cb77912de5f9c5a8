"""The whole life of one serialized unit: made, sold, returned, inspected, decided, sold again.

What somebody may not see is not left out but not named either: the event stays, its document is
"another document" and its facts are kept back. The number of queries does not grow with the life.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from returns.models import Disposal, Inspection, LineCredit, ReceiptLine, ReturnLine, ReturnOrder
from returns.selectors import VIEW as VIEW_RETURN
from returns.switch import returns_are_on
from rmaproject.access.actors import Actor
from rmaproject.shared import money
from rmaproject.shared.errors import RuleViolation
from sales.models import Allocation, CreditNote, Invoice, InvoiceLine, SalesOrder, UnitSale
from sales.selectors import VIEW as VIEW_ORDER
from stock.models import Cause, Location, Movement, StockItem

#: What happened, in the order in which events of one moment are told.
TITLES: Final = {
    "booked_in": "Booked in",
    "moved": "Moved",
    "corrected": "Corrected",
    "sold": "Sold",
    "invoiced": "Invoiced",
    "announced": "Announced for return",
    "received": "Received back",
    "receipt_reversed": "Receipt reversed",
    "inspected": "Inspected",
    "decided": "Decided",
    "scrapped": "Scrapped",
    "returned_to_vendor": "Returned to the vendor",
    "donated": "Donated",
    "repaired": "Repaired",
    "sent_back": "Sent back to the customer",
    "credited": "Credited",
}
_ORDER: Final = {kind: place for place, kind in enumerate(TITLES)}
#: Movements that no document stands behind, by their cause.
_BY_CAUSE: Final = {
    "book_in": "booked_in",
    "correction": "corrected",
    "move": "moved",
    "shipment": "sold",
    "receipt": "received",
    "disposal": "decided",
    "reversal": "receipt_reversed",
    "send_back": "sent_back",
}
#: States in which a unit has left for good; the event is called by them.
_GONE: Final = ("scrapped", "returned_to_vendor", "donated")


@dataclass(frozen=True)
class Document:
    """A paper behind an event; without id and reference where the caller may not see it."""

    kind: str
    id: UUID | None = None
    reference: str = ""


@dataclass(frozen=True)
class LifeEvent:
    """One thing that happened to a unit."""

    at: datetime
    kind: str
    documents: tuple[Document, ...] = ()
    actor: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What happened, in a word or two."""
        return TITLES.get(self.kind, self.kind.replace("_", " ").capitalize())


def life_of(unit: StockItem, actor: Actor) -> list[LifeEvent]:
    """All that happened to a unit, oldest first, as far as the actor may know of it.

    Raises RuleViolation `not_serialized` for bulk stock, of which no piece has a life of its own.
    """
    if unit.serial is None:
        message = "Only a unit with a serial number has a life of its own; see its movements."
        raise RuleViolation(message, code="not_serialized")
    events = _Life(unit, actor).events()
    return sorted(events, key=lambda event: (event.at, _ORDER.get(event.kind, len(_ORDER))))


class _Life:
    """Reads the papers of one unit and tells them."""

    def __init__(self, unit: StockItem, actor: Actor) -> None:
        self.unit, self.actor = unit, actor
        related = ("from_location", "to_location", "actor")
        self.movements = list(Movement.objects.filter(unit=unit).select_related(*related))
        self.sales = _rows(UnitSale, "order_line__order", stock_item=unit)
        self.allocations = _rows(Allocation, "shipment__order", stock_item=unit)
        self.invoiced = _rows(
            InvoiceLine, "invoice", order_line__in={row.order_line_id for row in self.sales}
        )
        self.receipts = _rows(ReceiptLine, "receipt__actor", "line__return_order", stock_item=unit)
        self.announced = _rows(ReturnLine, "return_order__created_by", stock_item=unit, void=False)
        keys = [row.pk for row in self.receipts]
        self.inspections = _rows(Inspection, "actor", "return_order", receipt_line__in=keys)
        self.disposals = _rows(
            Disposal, "actor", "disposition", "return_order", receipt_line__in=keys
        )
        mine = Q(line__stock_item=unit) | Q(inspection__receipt_line__in=keys)
        paid = LineCredit.objects.filter(mine).select_related("credit_line__credit_note", "line")
        self.credits = list(paid)
        self.moved = {row.pk: row for row in self.movements}
        self._look_up()

    def _look_up(self) -> None:
        """Which of the documents the actor may see; one query for each kind."""
        actor, scope = self.actor, self.actor.scope
        orders = {row.order_line.order_id for row in self.sales if row.order_line}
        orders |= {row.shipment.order_id for row in self.allocations}
        returns = {row.line.return_order_id for row in self.receipts}
        returns |= {row.return_order_id for row in self.announced}
        sees_returns = actor.may(VIEW_RETURN) and bool(returns) and returns_are_on()
        seen_orders: Any = SalesOrder.objects.visible_to(scope)
        seen_invoices: Any = Invoice.objects.visible_to(scope)
        seen_notes: Any = CreditNote.objects.visible_to(scope)
        self.seen = {
            "sales_order": _keys(seen_orders, orders, actor.may(VIEW_ORDER)),
            "invoice": _keys(
                seen_invoices,
                {row.invoice_id for row in self.invoiced},
                actor.may("sales.view_invoice"),
            ),
            "credit_note": _keys(
                seen_notes,
                {row.credit_line.credit_note_id for row in self.credits},
                actor.may("sales.view_creditnote"),
            ),
            "return": _keys(ReturnOrder.objects.visible_to(scope), returns, sees_returns),
        }

    def events(self) -> Iterator[LifeEvent]:
        """Every event once: a movement is told by the paper behind it where there is one."""
        yield from self._sold()
        yield from self._returned()
        yield from self._judged()
        yield from self._settled()
        yield from (self._bare(row) for row in self.moved.values())

    def _sold(self) -> Iterator[LifeEvent]:
        shipments = {row.movement_id: row for row in self.allocations if row.movement_id}
        starts = {row.since: row for row in self.sales}
        for movement in [row for row in self.movements if row.cause == Cause.SHIPMENT]:
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
        facts = _places(movement)
        if allocation and self._sees("sales_order", allocation.shipment.order_id):
            facts["shipment"] = allocation.shipment.reference
        papers = (self._document("sales_order", order),) if order else ()
        return LifeEvent(at, "sold", papers, _name(movement.actor if movement else None), facts)

    def _returned(self) -> Iterator[LifeEvent]:
        for line in self.announced:
            order = line.return_order
            yield self._of_return(order.created_at, "announced", order, order.created_by, {})
        for row in self.receipts:
            movement = self.moved.pop(row.movement_id, None)
            reverses = row.receipt.reverses_id is not None
            facts = {"condition": row.condition, "note": row.note, **_places(movement)}
            kind = "receipt_reversed" if reverses else "received"
            order = row.line.return_order
            yield self._of_return(row.receipt.at, kind, order, row.receipt.actor, facts)

    def _judged(self) -> Iterator[LifeEvent]:
        for row in self.inspections:
            facts = {"verdict": row.verdict, "share": money.plain(row.share), "note": row.note}
            if grade := getattr(row, "grade", None):
                facts["grade"] = grade.name
            yield self._of_return(row.at, "inspected", row.return_order, row.actor, facts)
        for row in self.disposals:
            movement = self.moved.pop(row.movement_id, None)
            facts = {"disposition": row.disposition.name, **_places(movement)}
            kind = _end(movement) or "decided"
            yield self._of_return(row.at, kind, row.return_order, row.actor, facts)

    def _settled(self) -> Iterator[LifeEvent]:
        for row in self.invoiced:
            paper = self._document("invoice", row.invoice)
            yield LifeEvent(row.invoice.created_at, "invoiced", (paper,))
        notes = {
            row.credit_line.credit_note_id: row.credit_line.credit_note for row in self.credits
        }
        for note in notes.values():
            paper = self._document("credit_note", note)
            yield LifeEvent(note.created_at, "credited", (paper,))

    def _of_return(
        self, at: datetime, kind: str, order: ReturnOrder, who: Any, facts: dict[str, Any]
    ) -> LifeEvent:
        paper = self._document("return", order)
        if paper.id is None:
            return LifeEvent(at, kind, (paper,))
        told = {name: value for name, value in facts.items() if value not in ("", None)}
        return LifeEvent(at, kind, (paper,), _name(who), told)

    def _bare(self, movement: Movement) -> LifeEvent:
        kind = _end(movement) or _BY_CAUSE.get(movement.cause, movement.cause)
        facts = {**_places(movement), **({"note": movement.note} if movement.note else {})}
        return LifeEvent(movement.at, kind, (), _name(movement.actor), facts)

    def _document(self, kind: str, row: Any) -> Document:
        if not self._sees(kind, row.pk):
            return Document(kind)
        return Document(kind, row.uuid, row.reference)

    def _sees(self, kind: str, key: int) -> bool:
        return key in self.seen[kind]


def _rows(model: type[Model], *related: str, **asked: Any) -> list[Any]:
    rows: QuerySet[Any, Any] = model._default_manager.filter(**asked)
    return list(rows.select_related(*related).order_by("pk"))


def _keys(rows: QuerySet[Any, Any], keys: Iterable[int | None], allowed: bool) -> set[int]:
    wanted = {key for key in keys if key}
    return set(rows.filter(pk__in=wanted).values_list("pk", flat=True)) if allowed else set()


def _order_of(sale: UnitSale | None) -> SalesOrder | None:
    return sale.order_line.order if sale and sale.order_line else None


def _places(movement: Movement | None) -> dict[str, Any]:
    if movement is None:
        return {}
    told = {
        "from": _place(movement.from_location, movement.from_state),
        "to": _place(movement.to_location, movement.to_state),
    }
    return {name: text for name, text in told.items() if text}


def _end(movement: Movement | None) -> str:
    """How a unit left for good; "" while it has not."""
    gone = movement is not None and movement.to_state in _GONE
    return movement.to_state if movement and gone else ""


def _place(location: Location | None, state: str) -> str:
    return ", ".join(text for text in (location.code if location else "", state) if text)


def _name(user: Any) -> str:
    return user.get_username() if user else ""
