"""The worker's part of imports by page: a trial that keeps nothing, the import, taking it back."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import localcontext
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from returns.importing.catalogue import REGISTERS, Catalogue
from returns.importing.classifying import Classifier, Shape
from returns.importing.documents import Survey, header_of, survey
from returns.importing.looking import reading_of
from returns.importing.refused import NoRemarks, RefusedLines
from returns.importing.reporting import Tally
from returns.importing.run import Import, done_for_good
from returns.importing.runs import (
    BRING_IN,
    CHECK,
    CREDIT_PREFIX,
    TAKE_BACK,
    drop_upload,
    file_of,
    lock_run,
    plan_of,
)
from returns.importing.spelling import SpelledColumns, Spelling
from returns.importing.taking_back import take_back_all
from returns.models import ImportRun
from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.audit.models import AuditEntry
from rmaproject.jobs.kinds import Kind, Stopped
from rmaproject.jobs.models import Job
from rmaproject.shared import clock
from rmaproject.shared.db import command
from rmaproject.shared.errors import Malformed
from rmaproject.shared.requestid import known_as
from sales.models import Business
from sales.selectors import visible_businesses

DOOR: Final = "import"
SIGN_EVERY: Final = 0.5
#: What is told by name in a trial: who and what would be new.
NAMED: Final = ("customers.company", "stock.part")


@dataclass
class JobProgress:
    """Writes down how far a job is, and ends it when its owner asked for that."""

    job: Job
    _last: float = 0.0

    def begin(self, lines: int) -> None:
        """So many lines are to be done; those of a worker that went away are done again."""
        signs = {"total": lines, "done": 0, "failed": 0, "seen_at": clock.now()}
        Job.objects.filter(pk=self.job.pk).update(**signs)

    def tick(self, tally: Tally) -> None:
        """Raises Stopped `import_stopped`."""
        if time.monotonic() - self._last >= SIGN_EVERY:
            self.write(tally)

    def write(self, tally: Tally) -> None:
        self._last = time.monotonic()
        done = tally.lines_sold + tally.lines_returned
        signs = {"done": done, "failed": tally.lines_rejected, "seen_at": clock.now()}
        Job.objects.filter(pk=self.job.pk).update(**signs)
        if Job.objects.filter(pk=self.job.pk, cancel_asked=True).exists():
            raise Stopped(_stopped(self.job), code="import_stopped")


def _stopped(job: Job) -> str:
    if job.kind == BRING_IN:
        return _("Stopped. What was imported so far stays; go on to bring in the rest.")
    return _("Stopped. The file was not checked to its end.")


@dataclass
class Trial:
    """Carries out each transaction and rolls it back; keeps whom and what it would have made."""

    key: str
    business: Business | None
    made: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def __call__(self, act: Callable[[], Any]) -> Any:
        try:
            with transaction.atomic():
                result = act()
                rows = AuditEntry.objects.filter(request_id=self.key, aggregate__in=NAMED, n=1)
                for aggregate, facts in rows.values_list("aggregate", "facts"):
                    self.made[aggregate].add(facts.get("reference") or facts.get("sku") or "")
                transaction.set_rollback(True)
            return result
        finally:
            if self.business is not None:
                self.business.refresh_from_db()


def check(job: Job, actor: Actor) -> None:
    """Try the whole file; what it would come to, and what is wrong with it, stays with the run."""
    run = _open_to(job, actor)
    trial = Trial(run.key, run.business)
    started, problems = time.monotonic(), []
    try:
        with _brought(run, job, actor, trial) as (tally, refused):
            made = {name: len(keys) for name, keys in trial.made.items()}
            found = _told(tally, made, time.monotonic() - started)
            refused.keep_with(job)
            problems = refused.shown
    except Malformed as refusal:
        found = {"refused": refusal.code, "said": refusal.message, "facts": refusal.facts}
    _checked(job, {"found": found, "problems": problems}, actor=actor)


def bring_in(job: Job, actor: Actor) -> None:
    """Bring the file in; a run that lost its worker, or was stopped, goes on where it was."""
    run = _open_to(job, actor)
    if run.result is not None:
        return
    started = time.monotonic()
    with _brought(run, job, actor, done_for_good) as (tally, refused):
        result = _told(tally, _made_by(run), time.monotonic() - started)
        refused.keep_with(job)
        problems = refused.shown
    _ended(job, {"result": result, "problems": problems}, actor=actor)


def take_back(job: Job, actor: Actor) -> None:
    """Take back all that an import made, or nothing."""
    _open_to(job, actor)
    take_back_all(job, actor=actor)


def _open_to(job: Job, actor: Actor) -> ImportRun:
    """The run of a job, while its owner still has the right and the business in sight."""
    run = ImportRun.objects.select_related("business").get(uuid=job.values["run"])
    plan_of(run).require(actor)
    if run.business is not None:
        visible_businesses(actor).get(pk=run.business.pk)
    return run


@contextmanager
def _brought(
    run: ImportRun, job: Job, actor: Actor, attempt: Callable[[Callable[[], Any]], Any]
) -> Iterator[tuple[Tally, RefusedLines]]:
    """All lines of the run's file carried out; gives where they ended."""
    acting, progress = Actor(actor.user, door=DOOR), JobProgress(job)
    # Sums of money stay exact whatever numbers a file holds.
    with file_of(run) as path, localcontext(prec=60), known_as(run.key):
        work = _Work(run, path, progress, acting, attempt)
        try:
            tally = work.sales() if run.business is not None else work.register()
            progress.write(tally)
            yield tally, work.refused
        finally:
            work.refused.close()


class _Work:
    """One file with all that is needed to bring it in."""

    def __init__(
        self, run: ImportRun, path: Path, progress: JobProgress, actor: Actor, attempt: Any
    ) -> None:
        plan, how = plan_of(run), run.reading
        self.run, self.progress, self.actor, self.attempt = run, progress, actor, attempt
        self.source = reading_of(how).source(path)
        columns = {wanted.key: run.columns.get(wanted.key, "") for wanted in plan.wanted}
        spelling = Spelling(how.get("decimal", "."), how.get("dates", "iso"))
        self.columns = SpelledColumns(
            header_of(self.source), columns, spelling, figures=plan.figures, days=plan.days
        )
        self.refused = RefusedLines(self.columns)

    def sales(self) -> Tally:
        """Invoices and credit notes."""
        business = self.run.business
        assert business is not None  # noqa: S101 the database says so of sales
        shape = Shape(self.columns, self.run.reading.get("credit_prefix") or CREDIT_PREFIX)
        found = self._survey(shape)
        if found.credits:
            self.actor.require("returns.record_return")
        zone = ZoneInfo(business.time_zone)
        return Import(
            self.source,
            business,
            Classifier(shape, zone, clock.today(business)),
            self.refused,
            NoRemarks(),
            self.progress,
            actor=self.actor,
            whole=True,
            attempt=self.attempt,
        ).run(found)

    def register(self) -> Tally:
        """Parts or customers."""
        lines = sum(1 for _record in self.source.records()) - 1
        self.progress.begin(lines)
        return Catalogue(
            self.source,
            REGISTERS[self.run.subject],
            self.columns,
            self.refused,
            self.progress,
            self.actor,
            self.attempt,
        ).run(lines)

    def _survey(self, shape: Shape) -> Survey:
        found = survey(self.source, shape)
        self.progress.begin(found.lines)
        return found


def _told(tally: Tally, made: dict[str, int], seconds: float) -> dict[str, Any]:
    """The figures of a report."""
    summary = tally.summary(seconds)
    amounts = {name: summary[name] for name in summary if name.startswith("amount_")}
    return {
        **amounts,
        "lines": tally.lines_read,
        "taken": tally.lines_sold + tally.lines_returned,
        "refused": tally.lines_rejected,
        "sales": tally.orders,
        "returns": tally.returns,
        "known": tally.known,
        "exceeding": tally.lines_exceeding_known_sales,
        "reasons": summary["rejected_by_reason"],
        "made": made,
        "seconds": round(seconds, 1),
    }


def _made_by(run: ImportRun) -> dict[str, int]:
    """How many records of each kind the run made, over all its workers."""
    rows = AuditEntry.objects.filter(request_id=run.key, door=DOOR, n=1)
    counted = rows.values_list("aggregate").annotate(count=Count("pk"))
    return dict(counted.order_by("aggregate"))


@command
def _checked(job: Job, fields: dict[str, Any], *, actor: Actor) -> None:
    run, found = lock_run(job), fields["found"]
    if run.check_job_id == job.pk:
        facts = {name: found[name] for name in ("lines", "taken", "refused") if name in found}
        trail.change(run, "check", actor=actor, fields=fields, **facts)


@command
def _ended(job: Job, fields: dict[str, Any], *, actor: Actor) -> None:
    run, result = lock_run(job), fields["result"]
    if run.result is None:
        facts = {name: result[name] for name in ("lines", "taken", "refused", "made")}
        drop_upload(run, "end", actor=actor, fields=fields, **facts)


def _said(job: Job) -> str:
    return _("The import has ended.")


KINDS: Final = (
    Kind(CHECK, gettext_lazy("Check of a file"), said=lambda job: _("Checked."), whole=check),
    Kind(BRING_IN, gettext_lazy("Import"), said=_said, whole=bring_in),
    Kind(
        TAKE_BACK,
        gettext_lazy("Taking an import back"),
        said=lambda job: _("The import is taken back."),
        whole=take_back,
    ),
)
