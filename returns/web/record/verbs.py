"""One click, one verb: the posts of the buttons and of the note form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from returns import services
from returns.models import ReturnOrder
from returns.selectors import access_return
from returns.web.record.detail import detail_page
from rmaproject.shared.errors import DomainError, NotFound
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.versions import at_version

#: Verbs that need no more than a click and perhaps a reason: service and what to say after it.
VERBS: Final[dict[str, tuple[Callable[..., Any], Any]]] = {
    "issue": (services.issue_return, gettext_lazy("Issued: the customer may send the goods.")),
    "approve": (services.approve_return, gettext_lazy("Approved.")),
    "reject": (services.reject_return, gettext_lazy("Rejected.")),
    "hold": (services.hold_return, gettext_lazy("On hold.")),
    "resume": (services.resume_return, gettext_lazy("Back to work.")),
    "cancel": (services.cancel_return, gettext_lazy("Cancelled.")),
    "complete": (services.complete_return, gettext_lazy("Complete.")),
    "reopen": (services.reopen_return, gettext_lazy("Open again.")),
    "delete": (services.delete_return, gettext_lazy("Deleted.")),
}
WITH_REASON: Final = {"reject", "hold", "cancel", "reopen"}


@staff
@require_POST
def act(request: StaffRequest, ident: UUID, verb: str) -> HttpResponse:
    """Carry out a verb; a refusal shows the return as it stands now and says why not."""
    if verb not in VERBS:
        raise NotFound(_("There is no such step."), code="not_found")
    order = access_return(request.actor, ident, for_action=verb)
    service, done = VERBS[verb]
    values = {"reason": request.POST.get("reason", "").strip()} if verb in WITH_REASON else {}
    try:
        at_version(request, order, lambda: service(order.pk, actor=request.actor, **values))
    except DomainError as refusal:
        return detail_page(request, ident, refusal)
    messages.success(request, f"{order.reference}: {done}")
    return redirect("returns:list") if verb == "delete" else redirect("returns:detail", ident)


@staff
@require_POST
def note(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Write a note; legal in every state and whatever happened since the page was opened."""
    order: ReturnOrder = access_return(request.actor, ident, for_action="comment")
    outward = request.POST.get("customer_visible", "") not in ("", "no")
    text = request.POST.get("text", "").strip()
    try:
        services.add_comment(
            order.pk,
            text,
            audience="customer" if outward else "internal",
            actor=request.actor,
        )
    except DomainError as refusal:
        return detail_page(request, ident, refusal)
    told = _("The customer can read the note.") if outward else _("Note added.")
    messages.success(request, told)
    return redirect("returns:detail", ident)
