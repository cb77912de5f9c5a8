"""The file of a list: at once where it is small, by the worker where it is large."""

from __future__ import annotations

import tempfile

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rmaproject.jobs.models import Job
from rmaproject.jobs.services import plan, start
from rmaproject.shared.errors import Malformed
from rmaproject.views import exporting
from rmaproject.views.exporting import AT_ONCE, EXPORT, TYPES
from rmaproject.views.looking import Look
from rmaproject.views.web.saved import back_to, look_of
from rmaproject.web.staff import StaffRequest, staff


@staff
@require_POST
def export(request: StaffRequest, key: str) -> HttpResponseBase:
    """All matching rows in the columns shown. Raises Malformed for an unknown format."""
    seen, ending = look_of(request, key), request.POST.get("format", "")
    if ending not in TYPES:
        raise Malformed(_("There is no such kind of file."), code="invalid")
    number = seen.found.order_by()[: AT_ONCE + 1].count()
    if number > AT_ONCE:
        return redirect("jobs:job", _started(request, key, seen, ending).uuid)
    return _at_once(seen, ending)


def _started(request: StaffRequest, key: str, seen: Look, ending: str) -> Job:
    values = {"list": key, "state": seen.state, "format": ending}
    if not seen.asked.GET.get("cols") and seen.chosen_keys:
        values["state"] += "&cols=" + ",".join(seen.chosen_keys)
    job = plan(EXPORT, [], actor=request.actor, values=values, back=back_to(request, key))
    Job.objects.filter(pk=job.pk).update(total=seen.found.order_by().count())
    return start(job.pk)


def _at_once(seen: Look, ending: str) -> HttpResponseBase:
    name, kind = exporting.file_name(seen, ending), TYPES[ending]
    if ending == "csv":
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return StreamingHttpResponse(exporting.as_csv(seen), content_type=kind, headers=headers)
    paper = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    exporting.write_xlsx(seen, paper)
    paper.seek(0)
    return FileResponse(paper, as_attachment=True, filename=name, content_type=kind)
