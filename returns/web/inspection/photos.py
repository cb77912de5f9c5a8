"""Photos of a line, sent one by one while the inspector goes on; sample photos of grades."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from returns.models import ReturnOrder, Sheet
from returns.selectors import VIEW, access_return
from returns.services import attach_file, remove_file
from returns.web.inspection.disposing import text_of
from returns.web.inspection.rows import photo_row
from rmaproject.audit.models import AuditEntry
from rmaproject.files.models import Attachment
from rmaproject.files.selectors import attachment_of
from rmaproject.files.serving import file_response
from rmaproject.shared.errors import DomainError, NotFound, RuleViolation
from rmaproject.shared.http import status_of
from rmaproject.web.staff import StaffRequest, staff


@staff
@require_POST
def add(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Keep one photo under its sender's key; sent again, the answer is the same."""
    order = access_return(request.actor, ident, for_action="comment")
    try:
        kept = _kept(request, order)
    except DomainError as refusal:
        return JsonResponse({"problem": refusal.message}, status=status_of(refusal))
    return JsonResponse({**photo_row(order, kept), **_step(order, kept, "attach")}, status=201)


def _kept(request: StaffRequest, order: ReturnOrder) -> Attachment:
    file = request.FILES.get("file")
    if file is None:
        raise RuleViolation(_("Choose a file."), code="empty_file", pointer="/file")
    return attach_file(
        order.pk,
        str(file.name),
        file.read(),
        about=_id(request, "about"),
        comment=text_of(request, "caption"),
        kind="evidence",
        key=_id(request, "key"),
        actor=request.actor,
    )


@staff
@require_POST
def remove(request: StaffRequest, ident: UUID, file_ident: UUID) -> HttpResponse:
    """Take a photo away again, before an inspection rests on it."""
    order = access_return(request.actor, ident, for_action="comment")
    kept = attachment_of(order, file_ident)
    try:
        remove_file(order.pk, file_ident, actor=request.actor)
    except DomainError as refusal:
        return JsonResponse({"problem": refusal.message}, status=status_of(refusal))
    return JsonResponse(_step(order, kept, "detach") if kept else {})


@staff
@require_safe
def sample(request: StaffRequest, sheet_ident: UUID, file_ident: UUID) -> HttpResponse:
    """A sample photo of a grade, for everybody who sees returns or keeps the settings."""
    if not request.actor.may("access.manage_settings"):
        request.actor.require(VIEW)
    sheet = Sheet.objects.filter(uuid=sheet_ident).first()
    found = attachment_of(sheet, file_ident) if sheet else None
    if found is None:
        raise NotFound(_("There is no such file."), code="not_found")
    return file_response(found)


def _id(request: StaffRequest, name: str) -> UUID | None:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        return None


def _step(order: ReturnOrder, kept: Attachment, verb: str) -> dict[str, Any]:
    """From which version of the return to which this step led.

    A form that was opened at the first may go on with the second: nobody else came between.
    """
    entries = AuditEntry.objects.filter(
        aggregate_id=order.uuid, verb=verb, facts__attachment=str(kept.uuid)
    )
    n = entries.values_list("n", flat=True).first() or order.version
    return {"before": n - 1, "version": n}
