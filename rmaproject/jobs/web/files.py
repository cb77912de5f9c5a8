"""The file that a job made, sent to who may have it."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import FileResponse

from rmaproject.jobs.models import Job
from rmaproject.shared.errors import NotFound


def file_of(job: Job, gone: str) -> FileResponse:
    """The stored file of a job, to be kept and never cached.

    Raises NotFound with the sentence `gone` where the store has lost it.
    """
    try:
        content = default_storage.open(job.stored)
    except FileNotFoundError as error:
        raise NotFound(gone, code="not_found") from error
    answer = FileResponse(content, as_attachment=True, filename=job.file_name)
    answer["Content-Type"] = job.content_type
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
