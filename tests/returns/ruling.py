"""Words for tests about the rules for returns."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from returns.models import PolicyVersion, ReturnOrder
from returns.services import LineInput, request_return
from returns.services.policies import create_policy, publish_policy
from rmaproject.access.actors import SYSTEM, Actor
from rmaproject.shared import clock
from rmaproject.shared.errors import RuleViolation
from sales.models import Business, SalesOrder

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def rule(aspect: str, then: dict[str, Any], when: dict[str, Any] | None = None) -> dict[str, Any]:
    """One rule of a document."""
    return {"aspect": aspect, "then": then, **({"when": when} if when else {})}


def publish(business: Business, *rules: dict[str, Any], on: date | None = None) -> PolicyVersion:
    """A version with these rules, in force from today or from a later day on."""
    drafted = create_policy(business, rules={"rules": list(rules)}, actor=SYSTEM)
    return publish_policy(drafted.pk, on or clock.today(business), actor=SYSTEM)


def wait_until(monkeypatch: pytest.MonkeyPatch, day: date, hour: int = 12, minute: int = 0) -> None:
    """Let it be that moment in Amsterdam."""
    moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=AMSTERDAM)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)


def ask(
    order: SalesOrder, quantity: str = "1", actor: Actor = SYSTEM, **values: Any
) -> ReturnOrder:
    """A return of so many units of every goods line of a sale."""
    lines = [
        LineInput(order_line=line, quantity=Decimal(quantity))
        for line in order.lines.filter(kind="goods").order_by("number")
    ]
    return request_return(
        business=order.business, customer=order.customer, lines=lines, actor=actor, **values
    )


def refusal_of(order: SalesOrder, **values: Any) -> dict[str, Any]:
    """The answer to the first line of a return that the rules refuse."""
    with pytest.raises(RuleViolation) as refusal:
        ask(order, **values)
    assert refusal.value.code == "not_eligible"
    first: dict[str, Any] = refusal.value.facts["answers"][0]
    return first
