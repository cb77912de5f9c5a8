"""The header's verbs: issue, approve, reject, hold, resume, cancel, complete, reopen, delete."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from returns.counting import computed_axes, still_expected, undecided
from returns.locks import lines_of
from returns.models import ApprovalStep, ReturnLine, ReturnOrder
from returns.services._advance import advance, lock_for
from returns.services.approval import ask_approval, keep, require_approvable
from returns.services.flow import proceed
from returns.services.replacing import cancel_replacements
from returns.states import Status
from returns.switch import require_returns_on
from returns.terms import return_terms
from rmaproject.access.actors import Actor
from rmaproject.shared import clock, money
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict, RuleViolation
from sales.locks import lock_order_lines


@command
def issue_return(return_id: int, *, actor: Actor) -> ReturnOrder:
    """Give the customer the permission to send the goods; an empty return may be issued.

    Where its rules want that, the return waits for approval first.
    """
    require_returns_on()
    order = lock_for(return_id, "issue")
    if ask_approval(order, actor=actor):
        return advance(order, "issue", actor=actor, status=Status.AWAITING_APPROVAL)
    return advance(order, "issue", actor=actor, issued_at=clock.now(), **_deadline(order))


@command
def approve_return(return_id: int, *, actor: Actor) -> ReturnOrder:
    """Let a return go on that waits for approval, up to what it is worth now.

    Where it was asked about again, what the rules let follow by itself and had to wait follows.
    Raises NotPermitted `own_request` where four eyes are wanted, `above_limit`.
    """
    order = lock_for(return_id, "approve")
    gross = require_approvable(order, actor=actor)
    asked_again = order.issued_at is not None
    advance(
        order,
        "approve",
        actor=actor,
        facts={"approved_gross": gross},
        approved_gross=gross,
        issued_at=order.issued_at or clock.now(),
        **({} if asked_again else _deadline(order)),
    )
    if asked_again:
        proceed(order, actor=actor)
    return order


@command
def reject_return(return_id: int, *, actor: Actor, reason: str) -> ReturnOrder:
    """Refuse a return that waits for approval; what it claimed may be claimed again.

    Raises RuleViolation `reason_required`; Conflict `replacement_shipped`.
    """
    order = lock_for(return_id, "reject")
    _require_reason(reason)
    keep(order, ApprovalStep.REJECTED, {}, actor=actor, reason=reason)
    _free_lines(order, actor)
    return advance(order, "reject", actor=actor, reason=reason)


@command
def hold_return(return_id: int, *, actor: Actor, reason: str) -> ReturnOrder:
    """Stop work on a return; while held, goods may still be received and notes written."""
    return advance(lock_for(return_id, "hold"), "hold", actor=actor, reason=reason)


@command
def resume_return(return_id: int, *, actor: Actor) -> ReturnOrder:
    """Go on with a held return where it was."""
    order = lock_for(return_id, "resume")
    return advance(order, "resume", actor=actor, status=order.held_from)


@command
def cancel_return(return_id: int, *, actor: Actor, reason: str = "") -> ReturnOrder:
    """Call a return off of which nothing came and nothing was credited, with its replacements.

    Raises Conflict `goods_received`, `credit_booked`, `replacement_shipped`.
    """
    order = lock_for(return_id, "cancel")
    _require_untouched(order)
    _free_lines(order, actor)
    return advance(order, "cancel", actor=actor, reason=reason)


@command
def delete_return(return_id: int, *, actor: Actor) -> ReturnOrder:
    """Cancel a return and take it out of sight; row, audit and its reference stay."""
    order = lock_for(return_id, "delete")
    _require_untouched(order)
    _free_lines(order, actor)
    return advance(order, "delete", actor=actor, discarded_at=clock.now())


@command
def complete_return(return_id: int, *, actor: Actor) -> ReturnOrder:
    """Close a return; nothing may be expected, undecided, or owed and unbooked.

    Raises Conflict `still_expected`, `undecided`, `credit_owed`, each with the figures.
    """
    order = lock_for(return_id, "complete")
    lines = lines_of(order)
    _require_nothing(lines, still_expected, "still_expected", _("%(quantity)s have not come."))
    _require_nothing(lines, undecided, "undecided", _("%(quantity)s are here and undecided."))
    if computed_axes(order, lines)["credit_owed"]:
        raise Conflict(_("A credit is owed and not booked."), code="credit_owed")
    return advance(order, "complete", actor=actor, completed_at=clock.now())


@command
def reopen_return(return_id: int, *, actor: Actor, reason: str) -> ReturnOrder:
    """Make a complete return workable again; nothing that was done is undone."""
    order = lock_for(return_id, "reopen")
    return advance(order, "reopen", actor=actor, reason=reason, completed_at=None)


def _deadline(order: ReturnOrder) -> dict[str, Any]:
    """The last day for the goods to come, by the rules, unless somebody has set one."""
    if order.deadline is not None:
        return {}
    last = return_terms(order).deadline(clock.today(order.business))
    return {"deadline": last} if last is not None else {}


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise RuleViolation(_("Say why."), code="reason_required", pointer="/reason")


def _require_untouched(order: ReturnOrder) -> None:
    lines = lines_of(order)
    if any(line.received for line in lines):
        message = _("Goods were received; reverse the receipts first.")
        raise Conflict(message, code="goods_received")
    extra = order.extra_lines.filter(credited=True).exists()
    if extra or any(line.credited for line in lines):
        message = _("A credit was booked; reverse it first.")
        raise Conflict(message, code="credit_booked")


def _free_lines(order: ReturnOrder, actor: Actor) -> None:
    """Void all lines: what they claimed may be claimed again, and no extra line is owed."""
    cancel_replacements(order, actor=actor)
    sold = order.lines.exclude(order_line=None).values_list("order_line", flat=True)
    lock_order_lines(sold)
    order.lines.filter(void=False).order_by("order_line_id").update(void=True)
    order.extra_lines.filter(void=False, credited=False).update(void=True)


def _require_nothing(lines: list[ReturnLine], measure: object, code: str, sentence: str) -> None:
    figures = {str(line.uuid): measure(line) for line in lines}  # type: ignore[operator]
    total: Decimal = sum(figures.values(), money.ZERO)
    if total > 0:
        open_lines = [
            {"line": key, "quantity": money.plain(value)} for key, value in figures.items() if value
        ]
        message = sentence % {"quantity": money.plain(total)}
        raise Conflict(message, code=code, lines=open_lines)
