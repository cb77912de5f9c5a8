"""Which verbs are open on a refund, to whom, and why not; buttons and API read the same."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.utils.translation import gettext as _

from rmaproject.access.actors import Actor
from rmaproject.shared import money
from rmaproject.shared.transitions import Action, Transition
from sales.actions import NO_RIGHT
from sales.models import Refund
from sales.services.limits import Limits
from sales.states import REFUND_VERBS, Via


def refund_actions(refund: Refund, actor: Actor, limits: Limits) -> list[Action]:
    """Every verb that the state allows, in the table's order."""
    return [_offer(row, refund, actor, limits) for row in REFUND_VERBS if _fits(row, refund)]


def allowed_refund_verbs(refund: Refund, actor: Actor, limits: Limits) -> list[str]:
    """The verbs that this actor can carry out now."""
    return [row.verb for row in refund_actions(refund, actor, limits) if row.allowed]


def _fits(row: Transition, refund: Refund) -> bool:
    """Nobody confirms for a gateway, and nobody but a gateway can be asked."""
    if refund.state not in row.sources:
        return False
    by_gateway = refund.via == Via.GATEWAY
    if row.verb == "details":
        return refund.via == Via.BANK
    return {"ask": by_gateway, "confirm": not by_gateway, "fail": not by_gateway}.get(
        row.verb, True
    )


def _offer(row: Transition, refund: Refund, actor: Actor, limits: Limits) -> Action:
    reason = ""
    if not actor.may(row.permission):
        reason = _(NO_RIGHT)
    elif row.verb in GUARDS:
        reason = GUARDS[row.verb](refund, actor, limits)
    return Action(row.verb, row.words, not reason, reason, row.needs_reason)


def _decides(refund: Refund, actor: Actor, limits: Limits, *, verb: str, others: list[str]) -> str:
    limit = limits.of(f"sales.{verb}_refund", refund.currency)
    if limit is not None and refund.amount > limit:
        shown = money.amount(limit, refund.currency)
        return f"It is above your limit of {shown} {refund.currency}."
    if not refund.asks_four_eyes or actor.user_id is None:
        return ""
    acted = actor.user_id in [getattr(refund, f"{name}_by_id") for name in others]
    return "Another person must do this: the amount asks for four eyes." if acted else ""


GUARDS: dict[str, Callable[[Refund, Actor, Limits], str]] = {
    "approve": partial(_decides, verb="approve", others=["requested"]),
    "pay": partial(_decides, verb="pay", others=["requested", "approved"]),
}
