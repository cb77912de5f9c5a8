"""States in that system's words; each map is total, and a test holds it so."""

from __future__ import annotations

from typing import Final

from returns.models import ReturnOrder
from returns.states import Goods, Money, Status
from sales.models import CreditNote

#: A held return shows what it was held from.
SALESRETURN_STATUS: Final[dict[str, str]] = {
    Status.PENDING: "draft",
    Status.AWAITING_APPROVAL: "pending_approval",
    Status.IN_PROGRESS: "approved",
    Status.COMPLETE: "closed",
    Status.REJECTED: "declined",
    Status.CANCELLED: "void",
}
RECEIVE_STATUS: Final[dict[str, str]] = {
    Goods.NONE: "",
    Goods.EXPECTED: "not_received",
    Goods.PARTIALLY_RECEIVED: "partially_received",
    Goods.RECEIVED: "received",
}
REFUND_STATUS: Final[dict[str, str]] = {
    Money.NONE: "",
    Money.DUE: "",
    Money.PARTIALLY_REFUNDED: "partially_refunded",
    Money.REFUNDED: "refunded",
}
#: Kinds of operations that have a word of their own there; the others are called as here.
OPERATIONS: Final[dict[str, str]] = {
    "create": "Added",
    "record": "Added",
    "edit": "Updated",
    "edit_line": "Updated",
    "add_lines": "Updated",
    "remove_line": "Updated",
    "receive": "Received",
    "delete": "Deleted",
    "comment": "Commented",
}


def salesreturn_status(order: ReturnOrder) -> str:
    """How far the return is."""
    held = order.status == Status.ON_HOLD
    return SALESRETURN_STATUS[order.held_from if held else order.status]


def creditnote_status(note: CreditNote) -> str:
    """`void` when it was taken back, `closed` when all of it was used, else `open`."""
    if hasattr(note, "reversed_by"):
        return "void"
    return "closed" if note.applied + note.refunded >= note.gross else "open"


def operation(verb: str) -> str:
    """What was done, in a word or two."""
    return OPERATIONS.get(verb) or verb.replace("_", " ").capitalize()
