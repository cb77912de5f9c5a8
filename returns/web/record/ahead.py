"""What the next step of a return would give, on a page of its own from which it can be taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from returns import services
from returns.models import ReturnOrder
from returns.selectors import access_return
from returns.services.previewing import as_foreseen, preview_return, shown
from returns.states import VERBS
from returns.web.asking.previews import preview_context
from returns.web.crumbs import crumbs
from returns.web.record.detail import detail_page
from rmaproject.shared.errors import DomainError
from rmaproject.shared.http import status_of
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.versions import at_version

#: The verbs that the page carries out.
ACTS: Final[dict[str, Callable[..., Any]]] = {
    "issue": services.issue_return,
    "approve": services.approve_return,
}
WORDS: Final = {row.verb: row for row in VERBS}


@staff
def step(request: StaffRequest, ident: UUID, verb: str) -> HttpResponse:
    """Show what a verb would give; by POST carry it out, as long as it would give that."""
    order = access_return(request.actor, ident, for_action=verb)
    if request.method != "POST":
        return _page(request, order, verb)
    try:
        at_version(request, order, lambda: _act(request, order, verb))
    except DomainError as refusal:
        seen = refusal.facts.get("preview")
        if seen is None:
            return detail_page(request, ident, refusal)
        return _page(request, order, verb, refusal=refusal)
    messages.success(request, _("%(reference)s: done as shown.") % {"reference": order.reference})
    return redirect("returns:detail", ident)


@staff
@require_safe
def arrival(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Show what a return would give if all that is expected came and was accepted."""
    order = access_return(request.actor, ident, for_action="receive")
    return _page(request, order, "receive")


def _act(request: StaffRequest, order: ReturnOrder, verb: str) -> ReturnOrder:
    def act() -> ReturnOrder:
        done: ReturnOrder = ACTS[verb](order.pk, actor=request.actor)
        return done

    return as_foreseen(request.POST.get("preview", ""), order.pk, verb, act, actor=request.actor)


def _page(
    request: StaffRequest, order: ReturnOrder, verb: str, *, refusal: DomainError | None = None
) -> HttpResponse:
    """The look ahead as it is now; after a refusal with its sentence on top."""
    seen = preview_return(order.pk, verb, actor=request.actor)
    here = reverse("returns:detail", args=[order.uuid])
    context: dict[str, Any] = {
        "return_order": {"reference": order.reference, "url": here},
        "crumbs": crumbs(order),
        "version": ReturnOrder.objects.values_list("version", flat=True).get(pk=order.pk),
        "preview": preview_context(shown(seen)),
        "action_label": WORDS[verb].words if verb in ACTS and seen.token else "",
        "cancel_url": here,
    }
    if refusal is None:
        return page(request, "returns/ahead.html", context)
    context["banner"] = {"tone": "bad", "title": _("Not done."), "text": refusal.message}
    return page(request, "returns/ahead.html", context, status=status_of(refusal))
