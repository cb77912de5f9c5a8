"""The buttons that take a receipt or a credit note back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from returns import services
from returns.counting import notes_of
from returns.models import ReturnOrder
from returns.selectors import access_return
from returns.services.reversing import REVERSE_CREDIT
from returns.web.record.detail import detail_page
from rmaproject.shared.errors import DomainError, NotFound
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.versions import at_version
from sales.selectors import visible_credit_notes


@staff
@require_POST
def reverse_receipt(request: StaffRequest, ident: UUID, receipt_ident: UUID) -> HttpResponse:
    """Take a receipt back; a refusal shows the return as it stands and says why not."""
    order = access_return(request.actor, ident)
    request.actor.require("returns.reverse_receipt")
    receipt = order.receipts.filter(uuid=receipt_ident).first()
    if receipt is None:
        raise NotFound(_("There is no such receipt."), code="not_found")
    done = _("Receipt %(n)s is taken back.") % {"n": receipt.number}
    return _undo(request, order, services.reverse_receipt, receipt.pk, done)


@staff
@require_POST
def reverse_credit(request: StaffRequest, ident: UUID, note_ident: UUID) -> HttpResponse:
    """Take a credit note of the return back."""
    order = access_return(request.actor, ident)
    request.actor.require(REVERSE_CREDIT)
    own = list(notes_of(order))
    note = visible_credit_notes(request.actor).filter(pk__in=own, uuid=note_ident).first()
    if note is None:
        raise NotFound(_("There is no such credit note."), code="not_found")
    done = _("%(reference)s is taken back.") % {"reference": note.reference}
    return _undo(request, order, services.reverse_credit, note.pk, done)


def _undo(
    request: StaffRequest, order: ReturnOrder, service: Callable[..., Any], key: int, done: str
) -> HttpResponse:
    reason = request.POST.get("reason", "").strip()
    try:
        at_version(request, order, lambda: service(key, actor=request.actor, reason=reason))
    except DomainError as refusal:
        return detail_page(request, order.uuid, refusal)
    messages.success(request, done)
    return redirect("returns:detail", order.uuid)
