"""Files on a return: sent from its page, handed out by right, taken away."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID, uuid5

from django.contrib import messages
from django.core.files.base import File
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from returns.models import ReturnOrder
from returns.selectors import access_return
from returns.services import attach_file, remove_file
from returns.web.detail import detail_page
from rmaproject.files.checking import shown_name
from rmaproject.files.selectors import attachment_of
from rmaproject.files.serving import file_response
from rmaproject.shared.errors import DomainError, NotFound, RuleViolation
from rmaproject.web.staff import StaffRequest, staff


@staff
@require_POST
def add(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Hang the posted files on the return, each once however often its form is sent.

    What can be kept is kept, and each file that cannot be is named with its reason.
    """
    order = access_return(request.actor, ident, for_action="comment")
    files = request.FILES.getlist("file")
    if not files:
        refusal = RuleViolation(_("Choose a file."), code="empty_file", pointer="/file")
        return detail_page(request, ident, refusal)
    refused: list[tuple[str, DomainError]] = []
    for file in files:
        try:
            _attach(request, order, file)
        except DomainError as refusal:
            refused.append((shown_name(str(file.name)), refusal))
    if refused:
        return detail_page(request, ident, _not_kept(refused))
    messages.success(request, _("Attached."))
    return redirect("returns:detail", ident)


def _attach(request: StaffRequest, order: ReturnOrder, file: File[bytes]) -> None:
    content = file.read()
    key = _key(request.POST.get("key", ""), str(file.name), content)
    attach_file(order.pk, str(file.name), content, key=key, actor=request.actor)


def _key(form: str, name: str, content: bytes) -> UUID | None:
    """The same for the same file of the same form; None for a form without a key."""
    try:
        return uuid5(UUID(form), f"{sha256(content).hexdigest()} {name}")
    except ValueError:
        return None


def _not_kept(refused: list[tuple[str, DomainError]]) -> RuleViolation:
    """One refusal for all: each reason once, with the names of its files."""
    told: dict[str, list[str]] = {}
    for name, refusal in refused:
        told.setdefault(refusal.message, []).append(name)
    words = " ".join(f"{', '.join(names)}: {reason}" for reason, names in told.items())
    return RuleViolation(words, code=refused[0][1].code, pointer="/file")


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
