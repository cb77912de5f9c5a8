"""What showing returns reads, loaded for all of them in a number of queries that stays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet

from returns.compat.zoho.history import comments_of
from returns.compat.zoho.receives import show_in_return
from returns.compat.zoho.sold import Sold
from returns.compat.zoho.tree import Node, planted
from returns.models import LineCredit, Receipt, ReceiptLine, ReturnLine, ReturnOrder
from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from sales.models import CreditNote, SalesOrder
from sales.selectors import visible_credit_notes

SEE_NOTES = "sales.view_creditnote"


def loaded(rows: Any) -> Any:
    """Returns with all that a list shows of them, but for `Papers`."""
    return rows.select_related("business__returns_location").with_parties().with_custom()


def with_receives(rows: Any) -> Any:
    """Returns with the receives that stand, and what is in them."""
    return rows.prefetch_related(Prefetch("receipts", standing_receipts(), to_attr="standing"))


def standing_receipts() -> QuerySet[Receipt, Receipt]:
    """Receipts that were not taken back and take none back, with their lines."""
    related = (
        "line__part",
        "line__kit_line",
        "line__order_line",
        "location",
        "stock_item",
        "movement__batch",
    )
    lines = ReceiptLine.objects.select_related(*related).order_by("pk")
    rows = Receipt.objects.filter(reverses=None, reversed_by=None).order_by("pk")
    return rows.prefetch_related(Prefetch("lines", lines))


class Papers:
    """The lines, sales and credit notes of some returns, and the sold lines behind their kits."""

    def __init__(self, orders: Sequence[ReturnOrder], actor: Actor) -> None:
        rows = ReturnLine.objects.filter(return_order__in=orders, unexpected=False)
        related = ("part", "location", "order_line__order", "kit_line")
        self._lines: dict[int, list[ReturnLine]] = {}
        for line in rows.select_related(*related).order_by("number"):
            self._lines.setdefault(line.return_order_id, []).append(line)
        kits = {
            line.kit_line.order_id
            for lines in self._lines.values()
            for line in lines
            if line.kit_line is not None
        }
        self.sold = Sold(kits)
        self._notes = _notes_of(orders, actor) if actor.may(SEE_NOTES) else None

    def nodes(self, order: ReturnOrder) -> list[Node]:
        """The items of a return: the lines that stand; where none stands, all that were."""
        lines = self._lines.get(order.pk, [])
        standing = [line for line in lines if not line.void] or lines
        leaves = [Node(line.order_line, line, told=line.quantity) for line in standing]
        for leaf in leaves:
            leaf.told_waived = leaf.line.waived if leaf.line else leaf.told_waived
        return planted(leaves, self.sold)

    def sale(self, order: ReturnOrder) -> SalesOrder | None:
        """The sales order that the first line with one was sold on."""
        lines = self._lines.get(order.pk, [])
        sales = [line.order_line.order for line in lines if line.order_line is not None]
        return sales[0] if sales else None

    def notes(self, order: ReturnOrder) -> list[CreditNote] | None:
        """The credit notes that pay for a return; None for who may not see any."""
        return None if self._notes is None else self._notes.get(order.pk, [])

    def comments(self, order: ReturnOrder) -> list[dict[str, Any]]:
        """The history of a return."""
        return comments_of(order, trail.history(order))

    def receives(self, order: ReturnOrder) -> list[dict[str, Any]]:
        """The receives of a return loaded `with_receives`."""
        standing: list[Receipt] = getattr(order, "standing", [])
        return [show_in_return(order, receipt, self.sold) for receipt in standing]


def _notes_of(orders: Sequence[ReturnOrder], actor: Actor) -> dict[int, list[CreditNote]]:
    paid = LineCredit.objects.filter(line__return_order__in=orders)
    extra = LineCredit.objects.filter(extra_line__return_order__in=orders)
    note = "credit_line__credit_note"
    pairs = {
        *paid.values_list("line__return_order", note),
        *extra.values_list("extra_line__return_order", note),
    }
    rows = visible_credit_notes(actor).filter(pk__in={key for _, key in pairs})
    notes = {row.pk: row for row in rows.select_related("reversed_by")}
    found: dict[int, list[CreditNote]] = {}
    for order, key in sorted(pairs):
        if key in notes:
            found.setdefault(order, []).append(notes[key])
    return found
