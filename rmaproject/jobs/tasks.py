"""The work that the worker does for jobs."""

from __future__ import annotations

from procrastinate.contrib.django import app

from rmaproject.jobs.kinds import ENDED
from rmaproject.jobs.models import Job
from rmaproject.jobs.running import run
from rmaproject.jobs.waking import RUN


@app.task(name=RUN)
def run_job(job_id: int) -> None:
    """Run a job that waits, or go on with one whose worker went away; its end is told."""
    run(job_id)
    ended = Job.objects.filter(pk=job_id).exclude(finished_at=None).first()
    if ended is not None:
        for tell in ENDED:
            tell(ended)
