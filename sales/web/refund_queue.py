"""The queue beside a refund: tabs with counts, the neighbours, and what follows after a step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from rmaproject.access.actors import Actor
from rmaproject.web.lists import counted_together
from rmaproject.web.staff import StaffRequest
from sales.models import Refund
from sales.refund_actions import refund_actions
from sales.refund_queues import QUEUES, RefundQueue, around, next_in, queue_of
from sales.refund_selectors import visible_refunds
from sales.services.bank_files import CURRENCY, PAY
from sales.services.limits import Limits
from sales.states import RefundState, Via

Row = dict[str, Any]
BEFORE, AFTER = 12, 40

#: Queues of other apps that belong to the same day's work; each gives its tab, None without right.
LEADING: Final[list[Callable[[Actor], Row | None]]] = []


def leading_tabs(actor: Actor) -> list[Row]:
    """The tabs of other apps, as far as this person may see them."""
    made = [make(actor) for make in LEADING]
    return [{"current": False, "elsewhere": True, **row} for row in made if row is not None]


def work_tabs(actor: Actor, current: str) -> list[Row]:
    """Every queue of finance with its count; one query beside those of other apps."""
    rows = visible_refunds(actor)
    counts = counted_together([queue.narrow(rows) for queue in QUEUES.values()])
    own = [
        {
            "label": queue.label,
            "url": list_address(queue.key),
            "count": count,
            "current": queue.key == current,
        }
        for queue, count in zip(QUEUES.values(), counts, strict=True)
    ]
    return [{**row, "current": row.get("key") == current} for row in leading_tabs(actor)] + own


def list_address(queue: str) -> str:
    """The list of a queue."""
    return f"{reverse('refunds:list')}?queue={queue}"


def asked_queue(request: StaffRequest, refund: Refund) -> RefundQueue:
    """The queue that the address names while the refund waits in it, else where it waits."""
    named = QUEUES.get(request.GET.get("queue", ""))
    own = queue_of(refund.state)
    inside = named is not None and (named.states is None or refund.state in named.states)
    return named if inside and named is not None else own


def beside(request: StaffRequest, refund: Refund, queue: RefundQueue) -> list[Row]:
    """The refunds that wait in the same queue, the longest first."""
    rows: Any = queue.narrow(visible_refunds(request.actor))
    loaded = rows.select_related("customer", "bank_details")
    limits = Limits(request.actor)
    found = around(loaded, refund.pk, before=BEFORE, after=AFTER)
    return [_neighbour(row, refund, queue, request.actor, limits) for row in found]


def _neighbour(row: Refund, shown: Refund, queue: RefundQueue, actor: Actor, limits: Limits) -> Row:
    return {
        "url": f"{reverse('refunds:detail', args=[row.uuid])}?queue={queue.key}",
        "reference": row.reference,
        "customer": row.customer.name,
        "amount": row.amount,
        "currency": row.currency,
        "at": row.created_at,
        "current": row.pk == shown.pk,
        "state": row.state,
        **_standing(row, actor, limits),
    }


def _standing(row: Refund, actor: Actor, limits: Limits) -> Row:
    """Whether the next step is this person's; why not, in a few words."""
    verb = {RefundState.WAITING_APPROVAL: "approve", RefundState.READY: "pay"}.get(
        RefundState(row.state)
    )
    if verb is None:
        return {"said": ""}
    offered = {action.verb: action for action in refund_actions(row, actor, limits)}
    if offered[verb].allowed:
        return {"said": _("Yours to decide") if verb == "approve" else _("Yours to pay")}
    if not actor.may(f"sales.{verb}_refund"):
        return {"said": _("For others"), "locked": True}
    limit = limits.of(f"sales.{verb}_refund", row.currency)
    above = limit is not None and row.amount > limit
    return {"said": _("Above your limit") if above else _("Another person"), "locked": True}


def following(actor: Actor, refund: Refund, queue: RefundQueue) -> str:
    """The page to go on with after a step: the next of the queue, else the refund itself."""
    rows: Any = queue.narrow(visible_refunds(actor))
    found = next_in(rows, refund.pk) if queue.key not in ("all", "done") else None
    if found is None:
        return reverse("refunds:detail", args=[refund.uuid])
    return f"{reverse('refunds:detail', args=[found.uuid])}?queue={queue.key}"


def bank_links(actor: Actor) -> list[Row]:
    """The way to a new bank file, with how many refunds it could pay now; none without any."""
    if not actor.may(PAY):
        return []
    ready = visible_refunds(actor).filter(state=RefundState.READY, via=Via.BANK, currency=CURRENCY)
    count = ready.count()
    if not count:
        return []
    note = _("%(count)d to pay") % {"count": count}
    url = reverse("refunds:new_file")
    return [{"url": url, "label": _("Bank file"), "note": note, "icon": "bank"}]
