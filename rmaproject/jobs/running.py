"""A job carried out: each row by the ordinary service, with the version that its owner saw."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from rmaproject.access.actors import Actor
from rmaproject.jobs.kinds import Changed, Kind, Stopped, kind_of
from rmaproject.jobs.models import Job, JobRow, RowState, State
from rmaproject.jobs.services import LOST_AFTER
from rmaproject.shared import clock
from rmaproject.shared.errors import DomainError

DOOR: Final = "job"
#: So many rows are read ahead; between them the job looks whether it shall stop.
STEP: Final = 50
MESSAGE: Final = 500


class _Undone(Exception):
    """A row of a job that is done in one could not be done."""

    def __init__(self, row: JobRow, refusal: DomainError) -> None:
        super().__init__(refusal.message)
        self.row, self.refusal = row, refusal


def run(job_id: int) -> None:
    """Do what waits of a job, telling of it in the language of whoever started it.

    Safe to call again, and by two workers at once.
    """
    if not _claimed(job_id):
        return
    job = Job.objects.select_related("owner").get(pk=job_id)
    with override(job.language or settings.LANGUAGE_CODE):
        _run(job)


def _run(job: Job) -> None:
    actor, kind = Actor(job.owner, door=DOOR), kind_of(job)
    try:
        if kind.whole is not None:
            kind.whole(job, actor)
            _end(job, State.DONE)
        elif job.in_one:
            _run_in_one(job, kind, actor)
        else:
            _run_by_row(job, kind, actor)
    except Stopped as stop:
        _end(job, State.CANCELLED, stop.message)
    except DomainError as refusal:
        _end(job, State.FAILED, refusal.message)


def _claimed(job_id: int) -> bool:
    now = clock.now()
    lost = Q(state=State.RUNNING) & Q(seen_at__lt=now - LOST_AFTER)
    free = Job.objects.filter(Q(state=State.WAITING) | lost, pk=job_id)
    return bool(free.update(state=State.RUNNING, started_at=now, seen_at=now))


def _run_by_row(job: Job, kind: Kind, actor: Actor) -> None:
    while rows := list(job.rows.filter(state=RowState.WAITING).order_by("pk")[:STEP]):
        for row in rows:
            if _told_to_stop(job):
                _end(job, State.CANCELLED)
                return
            _do(job, row, kind, actor)
    _end(job, State.DONE)


def _do(job: Job, row: JobRow, kind: Kind, actor: Actor) -> None:
    """One row, its outcome and the job's count in one transaction."""
    try:
        with transaction.atomic():
            _keep(row, _change(job, row, kind, actor))
            Job.objects.filter(pk=job.pk).update(done=F("done") + 1, seen_at=clock.now())
    except DomainError as refusal:
        with transaction.atomic():
            _refuse(row, refusal.code, refusal.message)
            Job.objects.filter(pk=job.pk).update(failed=F("failed") + 1, seen_at=clock.now())


def _run_in_one(job: Job, kind: Kind, actor: Actor) -> None:
    """All rows or none: the first that cannot be done takes the others back."""
    rows = list(job.rows.filter(state=RowState.WAITING).order_by("pk"))
    try:
        with transaction.atomic():
            for row in rows:
                try:
                    _keep(row, _change(job, row, kind, actor))
                except DomainError as refusal:
                    raise _Undone(row, refusal) from refusal
            Job.objects.filter(pk=job.pk).update(done=len(rows))
    except _Undone as undone:
        _refuse_all(job, undone)
        return
    _end(job, State.DONE)


def _refuse_all(job: Job, undone: _Undone) -> None:
    others = _("Not done, because %(label)s could not be done.") % {"label": undone.row.label}
    with transaction.atomic():
        waiting = job.rows.filter(state=RowState.WAITING)
        failed = waiting.update(state=RowState.FAILED, code="all_or_nothing", message=others)
        _refuse(undone.row, undone.refusal.code, undone.refusal.message)
        Job.objects.filter(pk=job.pk).update(failed=failed)
        _end(job, State.FAILED, undone.refusal.message)


def _change(job: Job, row: JobRow, kind: Kind, actor: Actor) -> Changed:
    return kind.changing(job, row, actor)


def _keep(row: JobRow, changed: Changed) -> None:
    kept: dict[str, Any] = {"before": changed.before, "after": changed.version}
    JobRow.objects.filter(pk=row.pk).update(state=RowState.DONE, **kept)


def _refuse(row: JobRow, code: str, message: str) -> None:
    told = {"code": code, "message": message[:MESSAGE]}
    JobRow.objects.filter(pk=row.pk).update(state=RowState.FAILED, **told)


def _told_to_stop(job: Job) -> bool:
    return Job.objects.filter(pk=job.pk, cancel_asked=True).exists()


def _end(job: Job, state: State, message: str = "") -> None:
    ended = {"state": state, "message": message[:MESSAGE], "finished_at": clock.now()}
    Job.objects.filter(pk=job.pk).update(**ended)
