"""The page of a job: how far it is, what was not done and why, and what can be done about it."""

from __future__ import annotations

import csv
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rmaproject.jobs import services
from rmaproject.jobs.kinds import kind_of
from rmaproject.jobs.models import Job, State
from rmaproject.jobs.selectors import access_job
from rmaproject.jobs.web.files import file_of
from rmaproject.shared.errors import Conflict, NotFound, RuleViolation
from rmaproject.shared.spreadsheets import without_formula
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff

#: So many rows that were not done are named on the page; the file has all of them.
NAMED: Final = 50


@staff
def job(request: StaffRequest, ident: UUID) -> HttpResponse:
    """One job of one's own; a script asks for the part that changes while it goes on."""
    found = access_job(request.actor, ident)
    return page(request, "jobs/job.html", _context(found), part="jobs/_progress.html")


def _context(found: Job) -> dict[str, Any]:
    kind = kind_of(found)
    ended = found.state in (State.DONE, State.CANCELLED, State.FAILED)
    failed = services.failed_rows(found)
    return {
        "job": found,
        "heading": kind.title,
        "said": kind.told(found) if found.state == State.DONE else "",
        "ended": ended,
        "here": reverse("jobs:job", args=[found.uuid]),
        "failed_rows": failed[:NAMED],
        "not_done": found.failed + found.skipped,
        "undo": services.may_undo(found),
        "file_url": reverse("jobs:file", args=[found.uuid]) if found.stored else "",
        "crumbs": [{"label": _("Back to the list"), "url": found.back}] if found.back else [],
    }


@staff
@require_POST
def cancel(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Stop after the row that is being done; what was done stays done."""
    found = access_job(request.actor, ident)
    try:
        services.ask_cancel(found.pk)
    except Conflict as refusal:
        messages.error(request, refusal.message)
    return redirect("jobs:job", ident)


@staff
@require_POST
def undo(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Take back what was done, where nobody has touched it since."""
    found = access_job(request.actor, ident)
    try:
        made = services.carry_out(services.undo(found.pk, actor=request.actor))
    except (Conflict, RuleViolation) as refusal:
        messages.error(request, refusal.message)
        return redirect(found.back or reverse("jobs:job", args=[ident]))
    if made.state == State.DONE and not made.failed and made.back:
        messages.success(request, kind_of(made).told(made))
        return redirect(made.back)
    return redirect("jobs:job", made.uuid)


@staff
@require_POST
def retry(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Try again what was not done."""
    found = access_job(request.actor, ident)
    try:
        made = services.carry_out(services.retry(found.pk, actor=request.actor))
    except (Conflict, RuleViolation) as refusal:
        messages.error(request, refusal.message)
        return redirect("jobs:job", ident)
    return redirect("jobs:job", made.uuid)


@staff
def errors(request: StaffRequest, ident: UUID) -> HttpResponse:
    """The rows that were not done, with why, as a file."""
    found = access_job(request.actor, ident)
    headers = {"Content-Disposition": 'attachment; filename="not-done.csv"'}
    answer = HttpResponse(content_type="text/csv; charset=utf-8", headers=headers)
    answer.write("\ufeff")
    writer = csv.writer(answer)
    writer.writerow([_("Record"), _("Code"), _("Why not")])
    for row in services.failed_rows(found).iterator(chunk_size=500):
        writer.writerow([without_formula(text) for text in (row.label, row.code, row.message)])
    return answer


@staff
def file(request: StaffRequest, ident: UUID) -> FileResponse:
    """The file that the job made. Raises NotFound once it is removed."""
    found = access_job(request.actor, ident)
    if not found.stored:
        raise NotFound(_("The file is removed. Make it anew from the list."), code="not_found")
    return file_of(found, _("The file is not in the store any more."))
