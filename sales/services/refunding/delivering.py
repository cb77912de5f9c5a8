"""Calls to gateways. None happens inside a transaction, and none under a key that was given up.

What is lost on the way - the answer, this process - is asked for by `settle_due` with the same
key; only what the gateway never heard of is sent again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.db import connection

from rmaproject.access.actors import SYSTEM, Actor
from rmaproject.shared import clock
from rmaproject.shared.db import command, session_lock
from rmaproject.shared.errors import DomainError
from sales.gateways import Answer, known_gateways
from sales.models import Business, Refund
from sales.services.refunding import hearing
from sales.services.refunding.locking import lock_refund
from sales.services.refunding.moving import finish, move
from sales.states import RefundState, Via

log = logging.getLogger(__name__)
S = RefundState
OPEN: Final = (S.SENT, S.UNKNOWN)
#: A payout is asked for when its call had this long to answer.
MOMENT: Final = timedelta(seconds=30)

#: The program itself, when it writes down what a gateway said.
GATEWAY: Final = Actor(SYSTEM.user, door="gateway")


def deliver(refund_id: int) -> None:
    """Send a payout whose intention is committed, and write down what the gateway said."""
    _call(refund_id, hearing.send)


def ask_gateway(refund_id: int) -> None:
    """Ask what became of a payout; send it, by the same key, when the gateway never heard of it."""
    _call(refund_id, hearing.ask)


def settle_due(*, older_than: timedelta = MOMENT, of: Business | None = None) -> int:
    """Ask for every payout whose answer is missing; safe to repeat. Gives how many were asked for.

    One that cannot be written down just now waits for the next turn and holds nobody up. `of` a
    business by whose clock it is late; without one all by the true time.
    """
    late = clock.now(of) - older_than
    rows = Refund.objects.filter(
        via=Via.GATEWAY, state__in=OPEN, gateway__in=known_gateways(), sent_at__lte=late
    )
    if of is not None:
        rows = rows.filter(business=of)
    # In any order: a gateway that breaks the rules, and so this job, must not block the others.
    keys = list(rows.order_by("?").values_list("pk", flat=True))
    for key in keys:
        try:
            ask_gateway(key)
        except DomainError as refusal:
            log.warning("Refund %s could not be settled now: %s", key, refusal.code)
    return len(keys)


def _call(refund_id: int, ask: Callable[[Refund], Answer | None]) -> None:
    if connection.in_atomic_block:
        raise RuntimeError("A gateway is never called inside a transaction.")
    with session_lock(f"refund:{refund_id}") as mine:
        if not mine:
            return
        rows = Refund.objects.filter(pk=refund_id, state__in=OPEN, via=Via.GATEWAY)
        refund = rows.prefetch_related("parts__payment").first()
        if refund is None:
            return
        _write_down(refund.pk, refund.key, ask(refund))


@command
def _write_down(refund_id: int, key: str, answer: Answer | None) -> None:
    """The outcome, unless somebody settled it or another attempt began; None: nobody knows."""
    refund = lock_refund(refund_id)
    if refund.state not in OPEN or refund.key != key:
        return
    if answer is None:
        if refund.state != S.UNKNOWN:
            move(refund, "ask", actor=GATEWAY, to=S.UNKNOWN)
    elif answer.state == "done":
        finish(refund, "ask", actor=GATEWAY, reference=answer.reference)
    elif answer.state == "failed":
        fields = {
            "failure_code": answer.code[:50] or "failed",
            "failure_text": answer.text[:500],
        }
        move(refund, "ask", actor=GATEWAY, to=S.FAILED, fields=fields, code=fields["failure_code"])
    elif refund.state != S.SENT:
        move(refund, "ask", actor=GATEWAY, to=S.SENT)
