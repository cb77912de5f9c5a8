"""The strip over a list that says what was just done to many rows, and takes it back."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from rmaproject.jobs.kinds import kind_of
from rmaproject.jobs.models import Job
from rmaproject.jobs.services import may_undo
from rmaproject.web.staff import StaffRequest

DONE = "done_job"


def tell(request: StaffRequest, job: Job) -> None:
    """Let the next list that is opened say what the job did."""
    request.session[DONE] = job.pk


def strip_of(request: StaffRequest) -> dict[str, Any] | None:
    """What was done just before, told once."""
    key = request.session.pop(DONE, None)
    job = Job.objects.filter(pk=key, owner=request.actor.user_id).first() if key else None
    if job is None:
        return None
    undoable = may_undo(job)
    return {
        "said": kind_of(job).told(job),
        "left": job.failed + job.skipped,
        "url": reverse("jobs:job", args=[job.uuid]),
        "undo_url": reverse("jobs:undo", args=[job.uuid]) if undoable else "",
    }
