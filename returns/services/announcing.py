"""Systems without a draft ask for a return and have it issued in one step."""

from __future__ import annotations

from datetime import date
from typing import Any

from customers.models import Company
from returns.models import ReturnOrder
from returns.services.inputs import LineInput
from returns.services.repeats import is_same_reference, known_return
from returns.services.requesting import request_return
from returns.services.status import issue_return
from rmaproject.access.actors import Actor
from rmaproject.shared import clock
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict, RuleViolation
from sales.models import Business

#: The right to book what happened on an earlier day.
RECORD = "returns.record_return"


def announce_return(
    *,
    business: Business,
    customer: Company,
    lines: list[LineInput],
    digest: str,
    actor: Actor,
    **values: Any,
) -> tuple[ReturnOrder, bool]:
    """Request a return and issue it, in one transaction; True when new, False for a repeat.

    The same reference with the same content (`digest`) again gives the first return. Another day
    than today needs the right to record what happened before, for the rules of that day hold.
    Raises as `request_return` and `issue_return`; Conflict `reference_exists` for the same
    reference with other content; RuleViolation `invalid_date`; NotPermitted.
    """
    reference = values.get("reference", "")
    known = known_return(business, reference, digest)
    if known is not None:
        return known, False
    asked = {**values, "business": business, "customer": customer, "lines": lines}
    try:
        return _announce(digest, asked, actor), True
    except Conflict as refusal:
        known = known_return(business, reference, digest) if is_same_reference(refusal) else None
        if known is None:
            raise
        return known, False


@command
def _announce(digest: str, asked: dict[str, Any], actor: Actor) -> ReturnOrder:
    if asked.get("requested_on") is not None:
        _require_day(asked["business"], asked["requested_on"], actor)
    made = request_return(content_digest=digest, actor=actor, **asked)
    return issue_return(made.pk, actor=actor)


def _require_day(business: Business, day: date, actor: Actor) -> None:
    today = clock.today(business)
    if day > today:
        message = "A return cannot have been asked for in the future."
        raise RuleViolation(message, code="invalid_date", pointer="/requested_on")
    if day < today:
        actor.require(RECORD)
