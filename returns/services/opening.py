"""Returns that are asked for and issued in one go, for callers who know no such two steps."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from customers.models import Company
from returns.models import ReturnOrder
from returns.services.inputs import LineInput
from returns.services.repeats import Told, known_return, made_once
from returns.services.requesting import request_return
from returns.services.status import issue_return
from returns.switch import require_returns_on
from rmaproject.access.actors import Actor
from rmaproject.shared import clock
from rmaproject.shared.db import command
from rmaproject.shared.errors import RuleViolation
from sales.models import Business

#: The right to book what happened on an earlier day.
RECORD = "returns.record_return"


def open_return(
    *,
    business: Business,
    customer: Company,
    lines: list[LineInput],
    actor: Actor,
    reference: str = "",
    digest: str = "",
    **values: Any,
) -> tuple[ReturnOrder, bool]:
    """Ask for a return and issue it in one transaction; True when new, False when known.

    A given reference with the same `digest` of its content answers the return that has it. Where
    the rules want approval the return waits for it. `requested_on` another day than today needs
    the right to record what happened before, for the rules of that day hold.
    Raises as `request_return` and `issue_return`; Conflict `reference_exists` for other content;
    RuleViolation `invalid_date`; NotPermitted.
    """
    find = partial(known_return, business, reference, digest)
    asked = {"business": business, "customer": customer, "lines": lines, **values}
    asked |= {"reference": reference, "content_digest": digest}
    return made_once(partial(_open, find, asked, actor), find)


@command
def _open(find: partial[ReturnOrder | None], asked: dict[str, Any], actor: Actor) -> Told:
    require_returns_on()
    known = find()
    if known is not None:
        return known, False
    if asked.get("requested_on") is not None:
        _require_day(asked["business"], asked["requested_on"], actor)
    made = request_return(**asked, actor=actor)
    return issue_return(made.pk, actor=actor), True


def _require_day(business: Business, day: date, actor: Actor) -> None:
    today = clock.today(business)
    if day > today:
        message = _("A return cannot have been asked for in the future.")
        raise RuleViolation(message, code="invalid_date", pointer="/requested_on")
    if day < today:
        actor.require(RECORD)
