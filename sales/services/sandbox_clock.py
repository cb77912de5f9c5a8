"""The movable clock of a sandbox business: deadlines and retries can be tried without waiting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.utils.translation import gettext as _

from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.shared.db import after_commit, command
from rmaproject.shared.errors import RuleViolation
from sales.models import Business
from sales.services.businesses import lock_business
from sales.services.refunding import settle_due

#: As far as a clock can be moved in all: what comes later has no use and overflows dates.
FARTHEST: Final = timedelta(days=3650)

#: What the passing of time does to a business; each is safe to repeat.
WHEN_TIME_PASSES: Final[list[Callable[[Business], object]]] = [
    lambda business: settle_due(of=business)
]


@command
def advance_clock(business_id: int, by: timedelta, *, actor: Actor) -> Business:
    """Move a sandbox business's clock ahead; once that is kept, what became due is done.

    What was written keeps its date, and other businesses know nothing of it.
    Raises RuleViolation `not_a_sandbox`, `clock_goes_forward`, `too_far`.
    """
    business = lock_business(business_id)
    if not business.sandbox:
        message = _("Only the clock of a sandbox business can be moved.")
        raise RuleViolation(message, code="not_a_sandbox", business=business.code)
    if by <= timedelta(0):
        raise RuleViolation(
            _("A clock goes forward only."), code="clock_goes_forward", pointer="/days"
        )
    ahead = business.clock_ahead + by
    if ahead > FARTHEST:
        message = _("A clock can be %(days)s days ahead at most.") % {"days": FARTHEST.days}
        told = {"ahead_days": ahead.days, "farthest_days": FARTHEST.days}
        raise RuleViolation(message, code="too_far", pointer="/days", **told)
    seconds = int(by.total_seconds())
    trail.change(
        business, "advance_clock", actor=actor, fields={"clock_ahead": ahead}, seconds=seconds
    )
    after_commit(_do_what_became_due, business)
    return business


def _do_what_became_due(business: Business) -> None:
    for act in WHEN_TIME_PASSES:
        act(business)
