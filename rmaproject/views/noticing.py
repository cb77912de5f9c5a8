"""Who is told of work in the background: its owner, once it has ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from django.urls import reverse

from rmaproject.access.actors import Actor
from rmaproject.jobs.kinds import ENDED, KINDS
from rmaproject.jobs.models import Job
from rmaproject.jobs.selectors import own_jobs
from rmaproject.notices.models import NoticeKind
from rmaproject.notices.registry import RECORDS, Draft, Shown
from rmaproject.notices.services import notify

KIND: Final = "job"


def shown_jobs(actor: Actor, idents: Iterable[UUID]) -> Mapping[UUID, Shown]:
    """Jobs as notices name them, those of the actor alone."""
    rows = own_jobs(actor).filter(uuid__in=list(idents), kind__in=KINDS)
    return {
        row.uuid: Shown(str(KINDS[row.kind].title), reverse("jobs:job", args=[row.uuid]))
        for row in rows
    }


def tell_owner(job: Job) -> None:
    """Tell who started it that a job has ended, however it did."""
    notify([Draft(job.owner_id, NoticeKind.JOB, KIND, job.uuid, f"job:{job.uuid}")])


def register() -> None:
    """Let notices know of jobs."""
    RECORDS[KIND] = shown_jobs
    ENDED.append(tell_owner)
