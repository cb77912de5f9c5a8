"""A parcel that no return is known for: what was found in it becomes a return of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from customers.models import Company
from returns.models import ReturnOrder
from returns.services._advance import advance, lock_for
from returns.services.editing import add_parcel
from returns.services.inputs import ReceiveInput
from returns.services.receiving import receive_return
from returns.services.requesting import request_return
from rmaproject.access.actors import Actor
from rmaproject.shared import clock
from rmaproject.shared.db import command
from sales.models import Business


@command
def take_in_unknown(
    business: Business,
    given: ReceiveInput,
    *,
    actor: Actor,
    customer: Company | None = None,
    parcel: dict[str, Any] | None = None,
    note: str = "",
) -> ReturnOrder:
    """Make a return, its parcel and its receipt in one; all of it is unexpected goods.

    Nobody's approval is asked: the goods are here, and no line owes a credit before it is
    matched. Without a customer it is the business's anonymous one.
    Raises as `receive_return`; RuleViolation `customer_missing`, `not_a_customer`.
    """
    made = request_return(business=business, customer=customer, actor=actor, note=note)
    order = advance(lock_for(made.pk, "issue"), "issue", actor=actor, issued_at=clock.now())
    came = add_parcel(order.pk, parcel or {}, actor=actor)
    receive_return(order.pk, replace(given, parcel=came), actor=actor)
    return ReturnOrder.objects.get(pk=order.pk)
