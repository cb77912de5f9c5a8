"""The verbs of a return as buttons: what is next stands out, what is blocked says why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from returns.actions import actions_for
from returns.counting import sendable, still_expected, unanswered, undecided, undisposed
from returns.models import Action as Fate
from returns.models import Outcome, ReturnLine, ReturnOrder, Sheet
from returns.selectors import permission_for
from returns.services.approval import blocked_verbs
from returns.states import Status
from returns.terms import all_line_terms
from rmaproject.access.actors import Actor
from rmaproject.shared.transitions import Action
from sales.states import RefundState

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
#: Verbs whose work starts on a page of another name: goods are counted by scan, which leads on.
STARTS: Final = {"receive": "count"}
#: What becomes of goods that are to go back to the customer.
GOING_BACK: Final = (Fate.SEND_BACK, Fate.REPAIR)
#: What a refund waits for, and the right to do it.
WAITING_REFUNDS: Final = {
    RefundState.WAITING_DETAILS: ("Enter bank details", "sales.edit_bank_details"),
    RefundState.WAITING_APPROVAL: ("Approve refund", "sales.approve_refund"),
    RefundState.READY: ("Pay refund", "sales.pay_refund"),
    RefundState.FAILED: ("Look at refund", "sales.pay_refund"),
}
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


def buttons(
    order: ReturnOrder,
    lines: Sequence[ReturnLine],
    actor: Actor,
    refunds: Sequence[dict[str, Any]] = (),
) -> list[dict[str, Any]]:
    """The verbs that the status allows and the actor holds the right for, and waiting refunds."""
    offered = [
        row
        for row in actions_for(order, lines, actor, blocked_verbs(order, actor))
        if actor.may(permission_for(row.verb))
    ]
    step, paying = next_step(order, lines), _paying(refunds, actor)
    first = paying is not None and step in ("receive", "complete", "")
    shown = [_button(order, row, primary=row.verb == step and not first) for row in offered]
    # Money that waits is never behind the menu: the bar takes what comes first.
    return [{**paying, "primary": first}, *shown] if paying else shown


def next_step(order: ReturnOrder, lines: Sequence[ReturnLine]) -> str:
    """The verb that brings the return on; empty where it has ended."""
    early = {Status.PENDING: "issue", Status.AWAITING_APPROVAL: "approve", Status.ON_HOLD: "resume"}
    if order.status in early:
        return early[Status(order.status)]
    live = [line for line in lines if not line.void]
    if order.status == Status.IN_PROGRESS and (step := _about_goods_here(order, live)):
        return step
    if any(line.outcome == Outcome.REPLACEMENT and unanswered(line) > 0 for line in live):
        return "replace"
    if _set_aside(order, live):
        return "send_back"
    if order.status != Status.IN_PROGRESS:
        return ""
    return "receive" if any(still_expected(line) for line in live) else "complete"


def _about_goods_here(order: ReturnOrder, lines: Sequence[ReturnLine]) -> str:
    """What is to be done with goods that came: look at them, decide, credit them."""
    unseen = [line for line in lines if undecided(line) > 0]
    if unseen and _to_inspect(order, unseen):
        return "inspect"
    if any(undisposed(line) for line in lines):
        return "dispose"
    return "credit" if order.credit_owed else ""


def _to_inspect(order: ReturnOrder, lines: Sequence[ReturnLine]) -> bool:
    """Whether the rules or a sheet ask to look at one of these lines."""
    asked = set(Sheet.objects.filter(active=True).values_list("category", flat=True))
    if None in asked or any(line.part and line.part.category_id in asked for line in lines):
        return True
    terms = all_line_terms(order)
    return any(line.pk in terms and terms[line.pk].inspection_required for line in lines)


def _set_aside(order: ReturnOrder, lines: Sequence[ReturnLine]) -> bool:
    """Whether goods wait to go back to the customer, as they were or repaired."""
    waiting = {line.pk for line in lines if sendable(line) > 0 and not undisposed(line)}
    if not waiting:
        return False
    rows = order.disposals.all()
    return any(row.line_id in waiting and row.action in GOING_BACK for row in rows)


def _paying(refunds: Sequence[dict[str, Any]], actor: Actor) -> dict[str, Any] | None:
    """The first refund that waits for something this actor may do, as a link to it."""
    for refund in refunds:
        label, right = WAITING_REFUNDS.get(refund["state"], ("", ""))
        if label and actor.may(right):
            return {
                "verb": "refund",
                "label": _(label),
                "allowed": True,
                "reason": "",
                "url": refund["url"],
                "link": True,
                "icon": "refund",
            }
    return None


def verb_url(order: ReturnOrder, verb: str) -> str:
    """Where the button of a verb leads."""
    if verb in PAGES:
        return reverse(f"returns:{STARTS.get(verb, verb)}", args=[order.uuid])
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
