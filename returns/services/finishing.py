"""Completing returns by themselves where their rules say so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from returns.actions import GUARDS
from returns.counting import unanswered, uncredited, undisposed, unmatched
from returns.locks import lines_of
from returns.models import Outcome, ReturnLine, ReturnOrder
from returns.services._advance import advance
from returns.states import Status
from returns.terms import LineTerms, all_line_terms, return_terms
from rmaproject.access.actors import Actor
from rmaproject.shared import clock


def acting_for(actor: Actor) -> Actor:
    """The program, through the door of somebody whose step set the rules going.

    That person stays answerable: what was asked for so, somebody else approves.
    """
    return Actor(None, door=actor.door, for_user_id=actor.answerable_id)


def on_behalf(actor: Actor) -> dict[str, Any]:
    """For the trail: who took the step that the rules answered."""
    return {"on_behalf_of": actor.answerable_id} if actor.answerable_id else {}


#: What holds for lines that no rule is about: surprises wait for somebody.
LOOKED_AT: Final = LineTerms(inspection_required=True)
#: Outcomes that are done only once something has left for the customer.
PROMISED: Final = (Outcome.REPLACEMENT, Outcome.REPAIR)


def finish_when_done(order: ReturnOrder, *, actor: Actor) -> None:
    """Complete a locked return of which nothing is left to do, where its rules want that.

    By itself a return waits longer than a person has to: for goods that lie where they were
    received, for replacements and repairs, and for the sale of accepted goods to be found.
    """
    if order.status != Status.IN_PROGRESS or order.policy_id is None:
        return
    lines = lines_of(order)
    worked_on = any(line.received or line.credited for line in lines)
    if not worked_on or GUARDS["complete"](order, lines) or not _done(order, lines):
        return
    told = {"rule": "complete_when_done", **on_behalf(actor)}
    advance(order, "complete", actor=acting_for(actor), facts=told, completed_at=clock.now())


def _done(order: ReturnOrder, lines: Sequence[ReturnLine]) -> bool:
    terms = return_terms(order)
    if not terms.complete_when_done or any(map(_promised, lines)):
        return False
    lying = [line for line in lines if undisposed(line) > 0]
    if not lying or not terms.accept_on_receipt:
        return not lying
    # Goods that are accepted without a look at them may lie where they are.
    asked = all_line_terms(order)
    return not any(asked.get(line.pk, LOOKED_AT).inspection_required for line in lying)


def _promised(line: ReturnLine) -> bool:
    """Whether the customer waits for something that no credit note is owed for yet."""
    blind = unmatched(line) and uncredited(line) > 0
    return blind or (line.outcome in PROMISED and unanswered(line) > 0)
