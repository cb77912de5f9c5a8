"""Jobs are planned, started, run row by row or in one, undone and tried again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rmaproject.access.actors import Actor, person_of
from rmaproject.jobs.kinds import kind_of
from rmaproject.jobs.models import LIVE, Job, JobRow, RowState, State
from rmaproject.jobs.waking import wake
from rmaproject.shared import clock
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict, RuleViolation

#: As many rows are done while the person waits; more are left to the worker.
AT_ONCE: Final = 100
#: How long a file is kept, and a plan that nobody starts.
KEPT: Final = timedelta(days=7)
PLANNED_FOR: Final = timedelta(days=1)
#: How long a change of many rows may be taken back; the strip is shown for ten seconds of it.
UNDO_FOR: Final = timedelta(minutes=5)
#: A job that gave no sign for so long lost its worker.
LOST_AFTER: Final = timedelta(minutes=5)
ROWS_AT_ONCE: Final = 1000


@command
def plan(
    kind: str,
    rows: Iterable[JobRow],
    *,
    actor: Actor,
    values: dict[str, Any] | None = None,
    back: str = "",
    **links: Job,
) -> Job:
    """Write down what shall be done to which records; nothing is done before `start`."""
    job = Job.objects.create(
        kind=kind,
        owner=person_of(actor),
        values=values or {},
        back=back,
        language=get_language() or "",
        **links,
    )
    made = list(rows)
    for row in made:
        row.job = job
    JobRow.objects.bulk_create(made, batch_size=ROWS_AT_ONCE)
    job.total = len(made)
    job.skipped = sum(1 for row in made if row.state == RowState.SKIPPED)
    job.save(update_fields=["total", "skipped"])
    return job


@command
def start(job_id: int, *, values: dict[str, Any] | None = None, in_one: bool = False) -> Job:
    """Let a planned job run: a small one at once after the commit, a large one in the worker.

    Raises Conflict `started_already`, RuleViolation `nothing_to_do`, and `rows_left_out` where
    all or nothing was asked for and some cannot be done.
    """
    job = Job.objects.select_for_update().get(pk=job_id)
    if job.state != State.PLANNED:
        raise Conflict(_("This was started already."), code="started_already")
    if not job.left and kind_of(job).change is not None:
        raise RuleViolation(_("There is nothing that can be done here."), code="nothing_to_do")
    if in_one and job.skipped:
        message = _("Some rows cannot be done. Take them out, or choose to go row by row.")
        raise RuleViolation(message, code="rows_left_out", pointer="/in_one")
    job.state, job.in_one = State.WAITING, in_one
    job.values = {**job.values, **(values or {})}
    job.save(update_fields=["state", "in_one", "values"])
    if kind_of(job).change is None or job.left > AT_ONCE:
        wake(job.pk)
    return job


def carry_out(job: Job) -> Job:
    """Run a started job now where it is small enough; gives it as it stands then."""
    if job.total and job.left <= AT_ONCE and kind_of(job).change is not None:
        from rmaproject.jobs.running import run

        run(job.pk)
    return Job.objects.get(pk=job.pk)


@command
def ask_cancel(job_id: int) -> Job:
    """Stop a job after the row it is at; what was done stays done. A planned one ends at once.

    Raises Conflict `ended_already`.
    """
    job = Job.objects.select_for_update().get(pk=job_id)
    if job.state in (State.DONE, State.CANCELLED, State.FAILED):
        raise Conflict(_("This has ended already."), code="ended_already")
    job.cancel_asked = True
    if job.state == State.PLANNED:
        job.state, job.finished_at = State.CANCELLED, clock.now()
    job.save(update_fields=["cancel_asked", "state", "finished_at"])
    return job


def may_undo(job: Job) -> bool:
    """Whether the change can still be taken back."""
    ended = job.finished_at
    fresh = ended is not None and clock.now() - ended <= UNDO_FOR
    return fresh and bool(job.done and kind_of(job).undo) and not job.undone_by.exists()


@command
def undo(job_id: int, *, actor: Actor) -> Job:
    """Take back what a job did, as another job, on the rows that nobody has touched since.

    Raises Conflict `undo_too_late`.
    """
    job = Job.objects.select_for_update().get(pk=job_id)
    if not may_undo(job):
        raise Conflict(_("This cannot be undone any more."), code="undo_too_late")
    rows = [
        JobRow(record=row.record, label=row.label, version=row.after or 0, values=row.before)
        for row in job.rows.filter(state=RowState.DONE).order_by("pk")
    ]
    made = plan(kind_of(job).undo, rows, actor=actor, back=job.back, undoes=job)
    return start(made.pk)


@command
def retry(job_id: int, *, actor: Actor) -> Job:
    """Try the failed rows of a job again, as another job, on the records as they are now.

    Records that cannot be seen any more are left out. Raises Conflict `still_running`,
    RuleViolation `nothing_to_do`.
    """
    job = Job.objects.select_for_update().get(pk=job_id)
    if job.live or job.state == State.PLANNED:
        raise Conflict(_("This still goes on. Wait for its end."), code="still_running")
    records = list(failed_rows(job).values_list("record", flat=True))
    versions = kind_of(job).versions(actor, records)
    rows = [
        JobRow(record=row.record, label=row.label, version=versions[row.record], values=row.values)
        for row in failed_rows(job)
        if row.record in versions
    ]
    made = plan(job.kind, rows, actor=actor, values=job.values, back=job.back, repeats=job)
    return start(made.pk)


def failed_rows(job: Job) -> QuerySet[JobRow, JobRow]:
    """The rows that were not done, with why."""
    return job.rows.filter(state__in=[RowState.FAILED, RowState.SKIPPED]).order_by("pk")


def tidy() -> None:
    """Wake jobs whose worker went away; remove files that are old and plans nobody started."""
    now = clock.now()
    lost = Job.objects.filter(state__in=LIVE).exclude(seen_at__gte=now - LOST_AFTER)
    for key in lost.filter(created_at__lt=now - LOST_AFTER).values_list("pk", flat=True):
        wake(key)
    Job.objects.filter(state=State.PLANNED, created_at__lt=now - PLANNED_FOR).delete()
    for job in Job.objects.exclude(stored="").filter(expires_at__lt=now):
        _drop_file(job)


@transaction.atomic
def _drop_file(job: Job) -> None:
    stored, job.stored = job.stored, ""
    job.save(update_fields=["stored"])
    transaction.on_commit(lambda: default_storage.delete(stored))
