from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from rmaproject.access.actors import Actor
from rmaproject.shared import clock
from rmaproject.shared.db import after_commit, command
from rmaproject.shared.errors import Conflict, RuleViolation
from rmaproject.shared.transitions import require_legal
from sales.gateways import known_gateways
from sales.models import Refund
from sales.services.limits import require_within_limit
from sales.services.refunding.changing import require_no_gateway, require_other_person
from sales.services.refunding.delivering import ask_gateway, deliver
from sales.services.refunding.locking import lock_refund
from sales.services.refunding.moving import another_attempt, finish, move
from sales.states import REFUND_VERBS, Via

#: The one gateway that moves no money.
SANDBOX: Final = "sandbox"


@command
def pay_refund(refund_id: int, *, actor: Actor) -> Refund:
    """Send a refund: the intention is stored first, and the gateway is called after the commit.

    By bank or by hand, somebody pays it and confirms it then. Raises Conflict
    `illegal_transition`, `gateway_unknown`; NotPermitted `four_eyes`, `above_limit`.
    """
    refund = lock_refund(refund_id)
    require_payable(refund, actor)
    if refund.via == Via.GATEWAY and refund.business.sandbox and refund.gateway != SANDBOX:
        message = _("A sandbox business moves no money: no real gateway pays for it.")
        raise Conflict(message, code="sandbox_business", gateway=refund.gateway)
    if refund.via == Via.GATEWAY and refund.gateway not in known_gateways():
        message = _("No gateway %(gateway)s is set up; pay this by bank instead.") % {
            "gateway": refund.gateway
        }
        raise Conflict(message, code="gateway_unknown", gateway=refund.gateway)
    mark_sent(refund, actor)
    if refund.via == Via.GATEWAY:
        after_commit(deliver, refund.pk)
    return refund


def require_payable(refund: Refund, actor: Actor) -> None:
    """Refuse who may not pay this refund, or a refund that is not ready."""
    require_legal(REFUND_VERBS, "pay", refund.state)
    require_other_person(refund, actor, refund.requested_by_id, refund.approved_by_id)
    require_within_limit(actor, "sales.pay_refund", refund.amount, refund.currency)


def mark_sent(refund: Refund, actor: Actor, **fields: object) -> None:
    """Write that a refund is on its way, before anything goes."""
    sent = {"paid_by_id": actor.user_id, "sent_at": clock.now(), "attempts": refund.attempts + 1}
    move(refund, "pay", actor=actor, fields={**sent, **fields}, amount=refund.amount)


@command
def ask_refund(refund_id: int, *, actor: Actor) -> Refund:
    """Ask the gateway what became of a payout, once this is committed; by the same key.

    Raises Conflict `illegal_transition`, `no_gateway`.
    """
    refund = lock_refund(refund_id)
    require_legal(REFUND_VERBS, "ask", refund.state)
    if refund.via != Via.GATEWAY:
        message = _("Nobody but the bank can be asked; confirm it when it was paid.")
        raise Conflict(message, code="no_gateway", via=refund.via)
    move(refund, "ask", actor=actor)
    after_commit(ask_gateway, refund.pk)
    return refund


@command
def confirm_refund(refund_id: int, *, actor: Actor) -> Refund:
    """Take finance's word that the money went out by bank or by hand.

    Raises Conflict `illegal_transition`, `gateway_decides`.
    """
    refund = lock_refund(refund_id)
    require_legal(REFUND_VERBS, "confirm", refund.state)
    require_no_gateway(refund)
    return finish(refund, "confirm", actor=actor)


@command
def fail_refund(refund_id: int, *, actor: Actor, reason: str) -> Refund:
    """Take finance's word that the money did not go out; the refund may be tried again.

    Raises Conflict `illegal_transition`, `gateway_decides`; RuleViolation `reason_required`.
    """
    refund = lock_refund(refund_id)
    require_legal(REFUND_VERBS, "fail", refund.state)
    require_no_gateway(refund)
    if not reason.strip():
        message = _("Say why the payout failed.")
        raise RuleViolation(message, code="reason_required", pointer="/reason")
    fields = {"failure_code": "not_paid", "failure_text": reason.strip()[:500]}
    return move(refund, "fail", actor=actor, fields=fields)


@command
def retry_refund(refund_id: int, *, actor: Actor) -> Refund:
    """Make a failed refund ready again under a new key: the old one is known to have failed.

    Raises Conflict `illegal_transition`.
    """
    refund = lock_refund(refund_id)
    return move(refund, "retry", actor=actor, fields=another_attempt())
