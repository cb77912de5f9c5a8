"""Which verbs are open on a return, to whom, and why not; buttons and API read the same answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from django.utils.translation import gettext as _

from returns.counting import (
    chargeable,
    sendable,
    still_expected,
    unanswered_in_advance,
    undecided,
    undisposed,
    unmatched,
)
from returns.models import ReturnLine, ReturnOrder
from returns.states import VERBS
from rmaproject.access.actors import Actor
from rmaproject.shared import money
from rmaproject.shared.transitions import Action, Transition

#: Why verbs would be refused that no column tells, where somebody has looked: verb to reason.
Blocked = Mapping[str, str]
NOT_ASKED: Final[Blocked] = {}


def actions_for(
    order: ReturnOrder,
    lines: Sequence[ReturnLine],
    actor: Actor,
    blocked: Blocked = NOT_ASKED,
) -> list[Action]:
    """Every verb that the status allows, in the table's order; no query after `with_lines`."""
    rows = [row for row in VERBS if order.status in row.sources]
    return [_offer(row, order, lines, actor, blocked) for row in rows]


def allowed_verbs(
    order: ReturnOrder,
    lines: Sequence[ReturnLine],
    actor: Actor,
    blocked: Blocked = NOT_ASKED,
) -> list[str]:
    """The verbs that this actor can carry out now."""
    return [action.verb for action in actions_for(order, lines, actor, blocked) if action.allowed]


def _offer(
    row: Transition,
    order: ReturnOrder,
    lines: Sequence[ReturnLine],
    actor: Actor,
    blocked: Blocked,
) -> Action:
    reason = ""
    if not actor.may(row.permission):
        reason = _("You lack the right to do this.")
    elif blocked.get(row.verb):
        reason = blocked[row.verb]
    elif row.verb in GUARDS:
        reason = GUARDS[row.verb](order, lines)
    return Action(row.verb, row.words, not reason, reason, row.needs_reason)


def _untouched(order: ReturnOrder, lines: Sequence[ReturnLine]) -> str:
    if any(line.received for line in lines):
        return _("Goods were received; reverse the receipts first.")
    extra = any(line.credited for line in order.extra_lines.all())
    if extra or any(line.credited for line in lines):
        return _("A credit was booked; reverse it first.")
    if any(row.order_line and row.order_line.shipped for row in order.outbound.all()):
        return _("A replacement has left; charge it or wait for the goods.")
    return ""


def _finished(order: ReturnOrder, lines: Sequence[ReturnLine]) -> str:
    expected = sum((still_expected(line) for line in lines), money.ZERO)
    waiting = sum((undecided(line) for line in lines), money.ZERO)
    if expected:
        return _("%(expected)s have not come; receive or release them.") % {
            "expected": money.plain(expected)
        }
    if waiting:
        return _("%(waiting)s are here and undecided.") % {"waiting": money.plain(waiting)}
    return _("A credit is owed and not booked.") if order.credit_owed else ""


def _something_undisposed(order: ReturnOrder, lines: Sequence[ReturnLine]) -> str:
    """Goods that are here wait for it; those that are not may be left with the customer."""
    waits = any(undisposed(line) or still_expected(line) for line in lines)
    return "" if waits else _("Nothing here waits for a decision.")


def _something_uninspected(order: ReturnOrder, lines: Sequence[ReturnLine]) -> str:
    return (
        "" if any(undecided(line) for line in lines) else _("Nothing here waits to be inspected.")
    )


def _something_owed(order: ReturnOrder, lines: Sequence[ReturnLine]) -> str:
    return "" if order.credit_owed else _("Nothing that was decided waits for a credit.")


def _something_expected(order: ReturnOrder, lines: Sequence[ReturnLine]) -> str:
    return "" if any(still_expected(line) for line in lines) else _("Nothing is expected.")


def _something_unmatched(order: ReturnOrder, lines: Sequence[ReturnLine]) -> str:
    return "" if any(unmatched(line) for line in lines) else _("Every line has its sale.")


def _something_to_replace(order: ReturnOrder, lines: Sequence[ReturnLine]) -> str:
    return (
        ""
        if any(unanswered_in_advance(line) for line in lines)
        else _("Every unit has its answer.")
    )


def _something_to_send(order: ReturnOrder, lines: Sequence[ReturnLine]) -> str:
    return "" if any(sendable(line) for line in lines) else _("Nothing here may go back.")


def _something_to_charge(order: ReturnOrder, lines: Sequence[ReturnLine]) -> str:
    """Charges that a credit will bear are not charged, unless somebody names them."""
    short = {line.pk for line in lines if chargeable(line)}
    left = (row for row in order.outbound.all() if row.order_line and row.order_line.shipped)
    if any(row.line_id in short for row in left):
        return ""
    extra = [line for line in order.extra_lines.all() if not line.void and not line.credited]
    if any(line.gross_unit_price < 0 for line in extra):
        return ""
    return _("No replacement left without its goods, and no charge is open.")


GUARDS: dict[str, Callable[[ReturnOrder, Sequence[ReturnLine]], str]] = {
    "cancel": _untouched,
    "delete": _untouched,
    "complete": _finished,
    "inspect": _something_uninspected,
    "dispose": _something_undisposed,
    "replace": _something_to_replace,
    "send_back": _something_to_send,
    "charge": _something_to_charge,
    "credit": _something_owed,
    "release": _something_expected,
    "match": _something_unmatched,
}
