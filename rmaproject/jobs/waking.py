"""Tell the worker that a job waits. Only a hint: what waits is in the tables."""

from __future__ import annotations

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from rmaproject.shared.db import after_commit

RUN = "jobs.run"


def wake(job_id: int) -> None:
    """Once what is written now is committed, let the worker run the job."""
    after_commit(_defer, job_id)


def _defer(job_id: int) -> None:
    try:
        with transaction.atomic():
            task = app.configure_task(RUN, allow_unknown=True, queueing_lock=f"{RUN}.{job_id}")
            task.defer(job_id=job_id)
    except AlreadyEnqueued:
        return  # Somebody was quicker.
