"""The papers of one unit, read in a number of queries that does not grow with its life."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, Q, QuerySet

from returns.life_events import Document
from returns.models import (
    Disposal,
    Inspection,
    LineCredit,
    Outbound,
    OutboundKind,
    ReceiptLine,
    ReturnLine,
    ReturnOrder,
)
from returns.selectors import VIEW as VIEW_RETURN
from returns.switch import returns_are_on
from rmaproject.access.actors import Actor
from rmaproject.audit.models import AuditEntry
from sales.models import (
    Allocation,
    CreditNote,
    Invoice,
    InvoiceLine,
    Refund,
    SalesOrder,
    UnitSale,
)
from sales.refund_selectors import VIEW as VIEW_REFUND
from sales.selectors import VIEW as VIEW_ORDER
from sales.states import RefundState
from stock.models import Cause, Movement, StockItem


class Papers:
    """All rows about one unit, and which of their documents the actor may see."""

    def __init__(self, unit: StockItem, actor: Actor) -> None:
        self.unit, self.actor = unit, actor
        self._read_goods()
        self._read_money()
        self._look_up()

    def _read_goods(self) -> None:
        unit = self.unit
        related = ("from_location", "to_location", "actor")
        self.movements = list(Movement.objects.filter(unit=unit).select_related(*related))
        self.moved = {row.pk: row for row in self.movements}
        self.sales = _rows(UnitSale, "order_line__order", stock_item=unit)
        self.allocations = _rows(Allocation, "shipment__order", stock_item=unit)
        self.receipts = _rows(ReceiptLine, "receipt__actor", "line__return_order", stock_item=unit)
        self.announced = _rows(ReturnLine, "return_order__created_by", stock_item=unit, void=False)
        keys = [row.pk for row in self.receipts]
        told = Inspection.told.filter(receipt_line__in=keys)
        self.inspections = list(told.select_related("actor", "return_order").order_by("pk"))
        self.disposals = _rows(
            Disposal, "actor", "disposition", "return_order", receipt_line__in=keys
        )
        self.sent = _rows(
            Outbound, "actor", "return_order", receipt_line__in=keys, kind=OutboundKind.SEND_BACK
        )
        self.replaced = _rows(
            Outbound,
            "actor",
            "return_order",
            "order_line__order",
            line__in=self._own_lines(),
            kind=OutboundKind.REPLACEMENT,
        )
        self.replacements = _rows(
            Allocation,
            "shipment__order",
            "movement__actor",
            "stock_item",
            order_line__in={row.order_line_id for row in self.replaced},
            shipment__shipped_on__isnull=False,
        )

    def _own_lines(self) -> set[int]:
        """The lines of returns that are about this unit alone."""
        alone = {row.line_id for row in self.receipts if row.line.quantity == 1}
        return alone | {line.pk for line in self.announced}

    def _read_money(self) -> None:
        sold = {row.order_line_id for row in self.sales}
        self.invoiced = _rows(InvoiceLine, "invoice", order_line__in=sold)
        keys = [row.pk for row in self.receipts]
        mine = Q(line__stock_item=self.unit) | Q(inspection__receipt_line__in=keys)
        paid = LineCredit.objects.filter(mine).select_related("credit_line__credit_note")
        notes = [row.credit_line.credit_note for row in paid.order_by("pk")]
        self.notes = list({note.pk: note for note in notes}.values())
        own = [note.pk for note in self.notes]
        self.counter_notes = _rows(CreditNote, reverses__in=own)
        self.refunds = _rows(
            Refund, "paid_by", credit_note__in=own, state=RefundState.DONE, settled_at__isnull=False
        )

    def matches(self) -> list[tuple[AuditEntry, ReturnOrder]]:
        """When lines with this unit were given their sale."""
        lines = [*self.announced, *(row.line for row in self.receipts)]
        orders = {str(line.uuid): line.return_order for line in lines}
        uuids = {order.uuid for order in orders.values()}
        rows = AuditEntry.objects.filter(aggregate_id__in=uuids, verb="match")
        return [
            (entry, orders[key])
            for entry in rows.select_related("actor").order_by("pk")
            for key in map(str, entry.facts.get("matched", ()))
            if key in orders
        ]

    def returned_sales(self) -> set[Any]:
        """When the unit came to its holder again without being sold: sent back, not received."""
        causes = (Cause.SEND_BACK, Cause.REVERSAL)
        return {row.at for row in self.movements if row.cause in causes}

    def document(self, kind: str, row: Any) -> Document:
        """A paper; without id and reference where the actor may not see it."""
        if not self.sees(kind, row.pk):
            return Document(kind)
        return Document(kind, row.uuid, row.reference)

    def sees(self, kind: str, key: int) -> bool:
        """Whether the actor may see a paper of this unit."""
        return key in self._seen[kind]

    def _look_up(self) -> None:
        """Which of the documents the actor may see; one query for each kind."""
        actor, scope = self.actor, self.actor.scope
        orders = {row.order_line.order_id for row in self.sales if row.order_line}
        orders |= {row.shipment.order_id for row in self.allocations}
        orders |= {row.order_line.order_id for row in self.replaced}
        returns = {row.line.return_order_id for row in self.receipts}
        returns |= {row.return_order_id for row in self.announced}
        sees_returns = actor.may(VIEW_RETURN) and bool(returns) and returns_are_on()
        invoices = {row.invoice_id for row in self.invoiced}
        notes = {note.pk for note in (*self.notes, *self.counter_notes)}
        refunds = {row.pk for row in self.refunds}
        asked: tuple[tuple[str, Any, set[int], bool], ...] = (
            ("sales_order", SalesOrder.objects, orders, actor.may(VIEW_ORDER)),
            ("invoice", Invoice.objects, invoices, actor.may("sales.view_invoice")),
            ("credit_note", CreditNote.objects, notes, actor.may("sales.view_creditnote")),
            ("refund", Refund.objects, refunds, actor.may(VIEW_REFUND)),
            ("return", ReturnOrder.objects, returns, sees_returns),
        )
        self._seen = {
            kind: _keys(rows.visible_to(scope), keys, allowed)
            for kind, rows, keys, allowed in asked
        }


def _rows(model: type[Model], *related: str, **asked: Any) -> list[Any]:
    rows: QuerySet[Any, Any] = model._default_manager.filter(**asked)
    return list(rows.select_related(*related).order_by("pk"))


def _keys(rows: QuerySet[Any, Any], keys: Iterable[int | None], allowed: bool) -> set[int]:
    wanted = {key for key in keys if key}
    return set(rows.filter(pk__in=wanted).values_list("pk", flat=True)) if allowed else set()
