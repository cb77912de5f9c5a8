"""The verbs of a return as buttons: what is next stands out, what is blocked says why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from returns.actions import actions_for
from returns.counting import still_expected, undisposed
from returns.models import ReturnLine, ReturnOrder
from returns.selectors import permission_for
from returns.services.approval import blocked_verbs
from returns.states import Status
from rmaproject.access.actors import Actor
from rmaproject.shared.transitions import Action

#: Verbs that need more than a click: each has a page of its own.
PAGES: Final = (
    "edit",
    "receive",
    "inspect",
    "dispose",
    "credit",
    "replace",
    "send_back",
    "charge",
    "release",
    "waive",
    "match",
)
DANGEROUS: Final = ("cancel", "delete", "reject")
ICONS: Final = {
    "issue": "go",
    "approve": "check",
    "receive": "receive",
    "inspect": "inspect",
    "dispose": "shelf",
    "credit": "refund",
    "replace": "part",
    "send_back": "truck",
    "charge": "print",
    "complete": "check",
    "edit": "edit",
    "release": "undo",
    "match": "search",
    "waive": "refund",
    "resume": "go",
    "hold": "pause",
    "reject": "x",
    "cancel": "x",
    "reopen": "undo",
    "delete": "trash",
}


def buttons(order: ReturnOrder, lines: Sequence[ReturnLine], actor: Actor) -> list[dict[str, Any]]:
    """The verbs that the status allows and the actor holds the right for."""
    offered = [
        row
        for row in actions_for(order, lines, actor, blocked_verbs(order, actor))
        if actor.may(permission_for(row.verb))
    ]
    step = next_step(order, lines)
    return [_button(order, row, primary=row.verb == step) for row in offered]


def next_step(order: ReturnOrder, lines: Sequence[ReturnLine]) -> str:
    """The verb that brings the return on."""
    early = {Status.PENDING: "issue", Status.AWAITING_APPROVAL: "approve", Status.ON_HOLD: "resume"}
    if order.status in early:
        return early[Status(order.status)]
    if any(undisposed(line) for line in lines):
        return "dispose"
    if any(still_expected(line) for line in lines):
        return "receive"
    return "credit" if order.credit_owed else "complete"


def verb_url(order: ReturnOrder, verb: str) -> str:
    """Where the button of a verb leads."""
    if verb in PAGES:
        return reverse(f"returns:{verb}", args=[order.uuid])
    return reverse("returns:act", args=[order.uuid, verb])


def preview_url(order: ReturnOrder, actor: Actor) -> str:
    """Where the next step can be looked at before it is taken; empty where there is none."""
    verbs = {
        Status.PENDING: "issue",
        Status.AWAITING_APPROVAL: "approve",
        Status.IN_PROGRESS: "receive",
    }
    verb = verbs.get(Status(order.status), "")
    if not verb or not actor.may(permission_for(verb)):
        return ""
    return reverse(f"returns:preview_{verb}", args=[order.uuid])


def _button(order: ReturnOrder, action: Action, *, primary: bool) -> dict[str, Any]:
    return {
        "verb": action.verb,
        "label": action.label,
        "allowed": action.allowed,
        "reason": action.reason,
        "url": verb_url(order, action.verb),
        "primary": primary,
        "needs_reason": action.needs_reason,
        "asks_reason": action.verb == "cancel",
        "link": action.verb in PAGES,
        "danger": action.verb in DANGEROUS,
        "icon": ICONS.get(action.verb, ""),
        "confirm": _confirm(action.verb),
    }


def _confirm(verb: str) -> str:
    if verb == "cancel":
        return _("The return ends here; what it held can be returned again.")
    if verb == "delete":
        return _("The return is cancelled and disappears from every list. Its history stays.")
    return ""
