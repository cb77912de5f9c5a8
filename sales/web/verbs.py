"""The verbs of a sales order that need no page of their own: one post, one step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from rmaproject.access.actors import Actor
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.versions import at_version
from sales.models import SalesOrder
from sales.selectors import access_order
from sales.services.orders import (
    cancel_order,
    complete_order,
    hold_order,
    issue_order,
    resume_order,
)

Step = Callable[[int, Actor, str], SalesOrder]

#: What each address does; the text is the reason where one was given.
SERVICES: Final[dict[str, Step]] = {
    "issue": lambda key, actor, text: issue_order(key, actor=actor),
    "hold": lambda key, actor, text: hold_order(key, actor=actor, reason=text),
    "resume": lambda key, actor, text: resume_order(key, actor=actor),
    "complete": lambda key, actor, text: complete_order(key, actor=actor),
    "complete-incomplete": lambda key, actor, text: complete_order(
        key, actor=actor, accept_incomplete=True
    ),
    "cancel": lambda key, actor, text: cancel_order(key, actor=actor, reason=text),
}
DONE: Final = {
    "issue": gettext_lazy("The order is issued."),
    "hold": gettext_lazy("The order is on hold."),
    "resume": gettext_lazy("The order goes on."),
    "complete": gettext_lazy("The order is complete."),
    "complete-incomplete": gettext_lazy("The order is complete as it is."),
    "cancel": gettext_lazy("The order is cancelled; its stock is free again."),
}
MOST_REASON: Final = 500


@require_POST
@staff
def carry_out(request: StaffRequest, ident: UUID, verb: str) -> HttpResponse:
    """One step of the order's status, then back to its page; a refusal has its own page."""
    action = "complete" if verb == "complete-incomplete" else verb
    order = access_order(request.actor, ident, for_action=action)
    reason = request.POST.get("reason", "").strip()[:MOST_REASON]
    at_version(request, order, lambda: SERVICES[verb](order.pk, request.actor, reason))
    messages.success(request, _(str(DONE[verb])))
    return redirect("sales:detail", order.uuid)
