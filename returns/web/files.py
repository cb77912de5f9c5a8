"""Files on a return: sent from its page, handed out by right, taken away."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from returns.selectors import access_return
from returns.services import attach_file, remove_file
from returns.web.detail import detail_page
from rmaproject.files.selectors import attachment_of
from rmaproject.files.serving import file_response
from rmaproject.shared.errors import DomainError, NotFound, RuleViolation
from rmaproject.web.staff import StaffRequest, staff


@staff
@require_POST
def add(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Hang the posted files on the return; those before a refused one are kept."""
    order = access_return(request.actor, ident, for_action="comment")
    try:
        files = request.FILES.getlist("file")
        if not files:
            raise RuleViolation(_("Choose a file."), code="empty_file", pointer="/file")
        for file in files:
            attach_file(order.pk, str(file.name), file.read(), actor=request.actor)
    except DomainError as refusal:
        return detail_page(request, ident, refusal)
    messages.success(request, _("Attached."))
    return redirect("returns:detail", ident)


@staff
@require_POST
def remove(request: StaffRequest, ident: UUID, file_ident: UUID) -> HttpResponse:
    """Take a file away."""
    order = access_return(request.actor, ident, for_action="comment")
    try:
        remove_file(order.pk, file_ident, actor=request.actor)
    except RuleViolation as refusal:
        return detail_page(request, ident, refusal)
    messages.success(request, _("The file is gone."))
    return redirect("returns:detail", ident)


@staff
def content(request: StaffRequest, ident: UUID, file_ident: UUID) -> HttpResponse:
    """The file itself: pictures shown, all else downloaded."""
    order = access_return(request.actor, ident)
    found = attachment_of(order, file_ident)
    if found is None:
        raise NotFound(_("There is no such file."), code="not_found")
    return file_response(found)
