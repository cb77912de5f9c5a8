"""The one thing that is wrong with a return right now, and the one step that mends it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from returns.counting import undecided, unmatched
from returns.models import ReturnOrder
from returns.selectors import permission_for
from returns.states import CLOSED, Goods, Status
from returns.web.record.history import person
from returns.web.record.loading import Dossier
from rmaproject.access.actors import Actor
from rmaproject.access.models import User
from rmaproject.shared import clock, money
from sales.states import RefundState

Banner = dict[str, Any]
#: How many of those who may approve are named.
NAMED: Final = 3
#: Refunds that nobody has to do anything about any more.
ENDED_REFUNDS: Final = (RefundState.DONE, RefundState.CANCELLED)


@dataclass(frozen=True)
class _Case:
    """A return with what is known of it, as the tellers look at it."""

    papers: Dossier
    actor: Actor
    refunds: Sequence[dict[str, Any]]
    open_verbs: frozenset[str]

    @property
    def order(self) -> ReturnOrder:
        return self.papers.order

    def step(self, verb: str, label: str) -> dict[str, str] | None:
        """The button to a verb's page; none where it is not open to this actor now."""
        if verb not in self.open_verbs:
            return None
        return {"label": label, "url": reverse(f"returns:{verb}", args=[self.order.uuid])}


def banner_for(
    papers: Dossier,
    actor: Actor,
    refunds: Sequence[dict[str, Any]],
    actions: Sequence[dict[str, Any]],
) -> Banner | None:
    """The most pressing problem; None where there is none."""
    if papers.order.status in CLOSED:
        return _failed_refund(_Case(papers, actor, refunds, frozenset()))
    open_verbs = frozenset(row["verb"] for row in actions if row["allowed"])
    case = _Case(papers, actor, refunds, open_verbs)
    return next((told for tell in TELLERS if (told := tell(case))), None)


def _failed_refund(case: _Case) -> Banner | None:
    for refund in case.refunds:
        if refund["state"] == RefundState.FAILED:
            return {
                "tone": "bad",
                "title": _("The refund was not paid."),
                "text": _("%(reference)s came back. Mend it and pay it again.") % refund,
                "action": {"label": _("Look at the refund"), "url": refund["url"]},
            }
    return None


def _unexpected(case: _Case) -> Banner | None:
    found = [row for row in case.papers.lines if row.unexpected and undecided(row) > 0]
    if not found:
        return None
    words = ngettext(
        "%(n)s thing came that nobody announced.",
        "%(n)s things came that nobody announced.",
        len(found),
    )
    loose = any(unmatched(row) for row in found)
    match = case.step("match", _("Find the sale")) if loose else None
    return {
        "tone": "wait",
        "title": words % {"n": len(found)},
        "text": _("Find the sale that it belongs to, or decide what becomes of it."),
        "action": match or case.step("dispose", _("Decide goods")),
    }


def _approval(case: _Case) -> Banner | None:
    if case.order.status != Status.AWAITING_APPROVAL:
        return None
    may = "approve" in case.open_verbs
    url = reverse("returns:preview_approve", args=[case.order.uuid])
    return {
        "tone": "wait",
        "title": _("Waits for approval."),
        "text": _("Look at what it gives before you say yes.") if may else _who_approves(),
        "action": {"label": _("Look and approve"), "url": url} if may else None,
    }


def _who_approves() -> str:
    """Who can approve returns, by name."""
    codename = permission_for("approve").partition(".")[2]
    allowed = Q(groups__permissions__codename=codename) | Q(user_permissions__codename=codename)
    rows = User.objects.filter(allowed, is_active=True).distinct().order_by("username")
    people = [person(user) for user in rows[: NAMED + 1]]
    if not people:
        return _("Nobody holds the right to approve returns.")
    names = ", ".join(people[:NAMED])
    if len(people) > NAMED:
        return _("%(names)s and others can approve it.") % {"names": names}
    return _("%(names)s can approve it.") % {"names": names}


def _held(case: _Case) -> Banner | None:
    if case.order.status != Status.ON_HOLD:
        return None
    text = case.order.status_reason or _("Nobody said why.")
    return {"tone": "info", "title": _("On hold."), "text": text}


def _overdue(case: _Case) -> Banner | None:
    order, today = case.order, clock.today(case.order.business)
    if order.deadline and order.deadline < today and order.goods == "expected":
        return {
            "tone": "bad",
            "title": _("The goods did not come in time."),
            "text": _("Give up waiting for them, or give the customer more time."),
            "action": case.step("release", _("Give up waiting")) or case.step("edit", _("Edit")),
        }
    # The target is what people agreed on: late by the reader's day, as in lists and tiles.
    late = (timezone.localdate() - order.target_date).days if order.target_date else 0
    if late > 0:
        words = ngettext("%(n)s day late.", "%(n)s days late.", late) % {"n": late}
        text, step = _waiting_for(case)
        return {"tone": "bad", "title": words, "text": text, "action": step}
    return None


def _waiting_for(case: _Case) -> tuple[str, dict[str, str] | None]:
    """What keeps an overdue return from its end, and the step that goes on."""
    order = case.order
    here = sum((undecided(row) for row in case.papers.lines if not row.void), money.ZERO)
    unpaid = [row for row in case.refunds if row["state"] not in ENDED_REFUNDS]
    if here:
        text = _("%(n)s units are here and undecided.") % {"n": money.plain(here)}
        return text, case.step("inspect", _("Inspect")) or case.step("dispose", _("Decide goods"))
    if order.credit_owed:
        return _("A credit is owed and not booked."), case.step("credit", _("Book credit"))
    if unpaid:
        step = {"label": _("Look at the refund"), "url": unpaid[0]["url"]}
        return _("The refund is not paid out yet."), step
    if order.status == Status.IN_PROGRESS and order.goods != Goods.RECEIVED:
        return _("It waits for the goods."), case.step("receive", _("Receive goods"))
    return "", None


TELLERS: Final[tuple[Callable[[_Case], Banner | None], ...]] = (
    _failed_refund,
    _unexpected,
    _approval,
    _held,
    _overdue,
)
