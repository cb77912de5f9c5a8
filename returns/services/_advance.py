"""The one writer of a return's status and of its computed axes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from returns.counting import computed_axes
from returns.locks import lines_of, lock_return
from returns.models import ReturnLine, ReturnOrder
from returns.states import CLOSED, VERBS, Status
from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.shared import clock
from rmaproject.shared.errors import Conflict, RuleViolation
from rmaproject.shared.transitions import find_verb, legal_verbs, require_legal
from rmaproject.shared.words import within


def lock_for(return_id: int, verb: str) -> ReturnOrder:
    """The return, locked, in a status in which the verb is legal.

    Raises Conflict `illegal_transition` or, while it is held, `on_hold`; NotFound.
    """
    order = lock_return(return_id)
    require(order, verb)
    return order


def require(order: ReturnOrder, verb: str) -> None:
    """Refuse a verb that the return's status does not allow."""
    held = order.status == Status.ON_HOLD
    code = "on_hold" if held else "illegal_transition"
    require_legal(VERBS, verb, order.status, code=code)


def require_in_progress(order: ReturnOrder, doing: str) -> None:
    """Refuse to take something back unless the return is worked on.

    Raises Conflict `illegal_transition` or, while it is held, `on_hold`.
    """
    if order.status == Status.IN_PROGRESS:
        return
    shown = within(order.get_status_display())
    code = "on_hold" if order.status == Status.ON_HOLD else "illegal_transition"
    message = _("Cannot %(doing)s while the status is %(shown)s.") % {
        "doing": doing,
        "shown": shown,
    }
    legal = legal_verbs(VERBS, order.status)
    raise Conflict(message, code=code, status=order.status, legal_verbs=legal)


def advance(
    order: ReturnOrder,
    verb: str,
    *,
    actor: Actor,
    reason: str = "",
    facts: dict[str, Any] | None = None,
    lines: list[ReturnLine] | None = None,
    **fields: Any,
) -> ReturnOrder:
    """Move a locked return by a verb, stamp it, recount its axes and write its trail.

    `lines` are all of the return as they stand, from a caller who holds them.
    """
    require(order, verb)
    if find_verb(VERBS, verb).needs_reason and not reason.strip():
        message = _("Say why: %(verb)s needs a reason.") % {"verb": verb}
        raise RuleViolation(message, code="reason_required", pointer="/reason")
    before = order.status
    after = fields.pop("status", None) or find_verb(VERBS, verb).target or before
    closed_at = (order.closed_at or clock.now()) if after in CLOSED else None
    held_from = before if after == Status.ON_HOLD else ""
    stamps = {"status": after, "closed_at": closed_at, "held_from": held_from}
    if reason or after not in (Status.ON_HOLD, Status.REJECTED):
        stamps["status_reason"] = reason[:500]
    told = {"from": before, "to": after, **({"reason": reason} if reason else {}), **(facts or {})}
    axes = computed_axes(order, lines_of(order) if lines is None else lines)
    written = {**stamps, **fields, **axes}
    trail.change(order, verb, actor=actor, fields=written, **told)
    return order


def ask_again(order: ReturnOrder, *, actor: Actor, **facts: Any) -> ReturnOrder:
    """Send a locked return in progress back to wait for approval, after an edit (DOMAIN 1)."""
    require(order, "edit")
    told = {"from": order.status, "to": Status.AWAITING_APPROVAL, **facts}
    fields = {"status": Status.AWAITING_APPROVAL}
    trail.change(order, "ask_approval", actor=actor, fields=fields, **told)
    return order


def touched(
    order: ReturnOrder,
    verb: str,
    *,
    actor: Actor,
    fields: dict[str, Any] | None = None,
    lines: list[ReturnLine] | None = None,
    **facts: Any,
) -> ReturnOrder:
    """Recount a locked return whose lines or documents changed, and write its trail."""
    axes = computed_axes(order, lines_of(order) if lines is None else lines)
    trail.change(order, verb, actor=actor, fields={**(fields or {}), **axes}, **facts)
    return order


def recounted(order: ReturnOrder, verb: str, *, actor: Actor) -> None:
    """Let a locked return show what happened around it; only what changed is written."""
    axes = computed_axes(order, lines_of(order))
    if any(getattr(order, name) != value for name, value in axes.items()):
        trail.change(order, verb, actor=actor, fields=axes, money=axes["money"])
