"""Which verbs are open on a sales order, to whom, and why not; buttons and API read the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from rmaproject.access.actors import Actor
from rmaproject.shared import money
from rmaproject.shared.transitions import Action, Transition
from sales.models import LineKind, OrderLine, SalesOrder
from sales.states import ORDER_VERBS

NO_RIGHT = gettext_noop("You lack the right to do this.")


def actions_for(order: SalesOrder, lines: Sequence[OrderLine], actor: Actor) -> list[Action]:
    """Every verb that the status allows, in the table's order; without a query."""
    return [_offer(row, order, lines, actor) for row in ORDER_VERBS if order.status in row.sources]


def allowed_verbs(order: SalesOrder, lines: Sequence[OrderLine], actor: Actor) -> list[str]:
    """The verbs that this actor can carry out now."""
    return [action.verb for action in actions_for(order, lines, actor) if action.allowed]


def invoice_action(uninvoiced: Decimal, actor: Actor) -> Action:
    """Whether this actor can charge the goods that left and were not invoiced yet."""
    reason = ""
    if not actor.may("sales.create_invoice"):
        reason = _(NO_RIGHT)
    elif not uninvoiced:
        reason = _("Nothing has left that was not invoiced.")
    return Action("invoice", pgettext("verb", "Invoice"), not reason, reason, needs_reason=False)


def not_shipped(lines: Sequence[OrderLine]) -> Decimal:
    """How much of the ordered goods has not left."""
    return sum((line.quantity - line.shipped for line in goods(lines)), money.ZERO)


def goods(lines: Sequence[OrderLine]) -> list[OrderLine]:
    """The lines of goods: only they are allocated, shipped and returned."""
    return [line for line in lines if line.kind == LineKind.GOODS]


def _offer(row: Transition, order: SalesOrder, lines: Sequence[OrderLine], actor: Actor) -> Action:
    reason = ""
    if not actor.may(row.permission):
        reason = _(NO_RIGHT)
    elif row.verb in GUARDS:
        reason = GUARDS[row.verb](order, lines)
    return Action(row.verb, row.words, not reason, reason, row.needs_reason)


def _nothing_left_here(order: SalesOrder, lines: Sequence[OrderLine]) -> str:
    if any(line.shipped for line in lines):
        return _("Goods of this order have left; take them back by a return.")
    return ""


def _all_gone(order: SalesOrder, lines: Sequence[OrderLine]) -> str:
    if any(line.allocated for line in lines):
        return _("Stock is allocated to a shipment that has not left.")
    if not goods(lines):
        return _("The order has no goods.")
    missing = not_shipped(lines)
    return (
        _("%(missing)s of the goods have not left.") % {"missing": money.plain(missing)}
        if missing
        else ""
    )


def _something_to_allocate(order: SalesOrder, lines: Sequence[OrderLine]) -> str:
    if any(line.quantity > line.shipped + line.allocated for line in goods(lines)):
        return ""
    return (
        _("All goods are allocated or have left.") if goods(lines) else _("The order has no goods.")
    )


def _something_allocated(order: SalesOrder, lines: Sequence[OrderLine]) -> str:
    return (
        "" if any(line.allocated for line in lines) else _("No stock is allocated to a shipment.")
    )


GUARDS: dict[str, Callable[[SalesOrder, Sequence[OrderLine]], str]] = {
    "allocate": _something_to_allocate,
    "ship": _something_allocated,
    "complete": _all_gone,
    "cancel": _nothing_left_here,
}
