"""Imports by page: a file is kept, told how to read it, tried, and brought in by the worker."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO, Final
from uuid import UUID, uuid4

from django.core.files import File
from django.core.files.storage import default_storage
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from returns.importing.looking import Looked, Reading, digest_and_size, look, reading_of
from returns.importing.spelling import guess_spelling
from returns.importing.subjects import PLANS, RECORD, Plan, guess_columns
from returns.models import ImportRun
from rmaproject.access.actors import SYSTEM, Actor, person_of
from rmaproject.access.selectors import access
from rmaproject.audit import trail
from rmaproject.jobs import services as jobs
from rmaproject.jobs.models import Job
from rmaproject.shared import clock
from rmaproject.shared.db import after_commit, command
from rmaproject.shared.errors import Conflict, Malformed, RuleViolation
from sales.models import Business
from sales.selectors import visible_businesses

CHECK, BRING_IN, TAKE_BACK = "imports.check", "imports.bring_in", "imports.take_back"
CREDIT_PREFIX: Final = "C"
#: So long a file waits for whoever uploaded it.
KEPT: Final = timedelta(days=30)


def visible_runs(actor: Actor) -> QuerySet[ImportRun, ImportRun]:
    """The imports of businesses in this actor's sight, and those of parts and customers."""
    actor.require(RECORD)
    own = Q(business=None) | Q(business__in=visible_businesses(actor))
    return ImportRun.objects.filter(own).order_by("-pk")


def access_run(actor: Actor, ident: UUID) -> ImportRun:
    """One import that the actor sees. Raises NotFound, NotPermitted."""
    rows = visible_runs(actor).select_related("business", "owner", "check_job", "job", "reversal")
    run = access(rows, ident, actor=actor, permissions=(RECORD,))
    plan_of(run).require(actor)
    return run


def plan_of(run: ImportRun) -> Plan:
    return PLANS[run.subject]


@contextmanager
def file_of(run: ImportRun) -> Iterator[Path]:
    """A copy of the run's file while it is read. Raises Conflict `file_gone`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        try:
            with default_storage.open(run.stored or "-") as kept, path.open("wb") as copy:
                shutil.copyfileobj(kept, copy)
        except FileNotFoundError as error:
            message = _("The file is not kept any more. Upload it again.")
            raise Conflict(message, code="file_gone") from error
        yield path


def keep_upload(
    subject: str, business: Business | None, name: str, content: BinaryIO, *, actor: Actor
) -> ImportRun:
    """Keep a file that somebody sent, with what a first look says of it.

    The caller has fetched the business as one that the actor sees. Raises Malformed as
    `looking.look` and `file_too_large`; NotPermitted.
    """
    plan = PLANS[subject]
    plan.require(actor)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        with path.open("wb") as copy:
            shutil.copyfileobj(content, copy)
        seen = look(path)
        sha256, size = digest_and_size(path)
        with path.open("rb") as fresh:
            stored = default_storage.save(f"imports/{uuid4().hex}", File(fresh))
    kept = {"file_name": name[:200], "stored": stored, "size": size, "sha256": sha256}
    return _opened(plan, business, seen, kept, actor=actor)


@command
def _opened(
    plan: Plan, business: Business | None, seen: Looked, kept: dict[str, Any], *, actor: Actor
) -> ImportRun:
    columns, reading = _proposed(plan, business, seen)
    run = ImportRun(
        subject=plan.subject,
        business=business,
        owner=person_of(actor),
        header=seen.header,
        sample=seen.sample,
        columns={},
        reading={**reading, "guess": columns},
        **kept,
    )
    facts = {"subject": run.subject, "sha256": run.sha256, "size": run.size}
    trail.create(run, actor=actor, verb="upload", **facts)
    return run


def _proposed(
    plan: Plan, business: Business | None, seen: Looked
) -> tuple[dict[str, str], dict[str, Any]]:
    """The columns and spelling of the last file with this header, else what it looks like."""
    last = (
        ImportRun.objects.filter(subject=plan.subject, business=business, header=seen.header)
        .exclude(columns={})
        .order_by("-pk")
        .first()
    )
    how = asdict(seen.reading)
    if last is not None:
        told = {name: last.reading[name] for name in SPELLED if name in last.reading}
        return last.columns, {**how, **told, "remembered": True}
    columns = guess_columns(plan, seen.header)
    figures = [cell for key in plan.figures for cell in seen.under(columns[key])]
    days = [cell for key in plan.days for cell in seen.under(columns[key])]
    spelling = asdict(guess_spelling(figures, days))
    return columns, {**how, **spelling, "credit_prefix": CREDIT_PREFIX}


SPELLED: Final = ("decimal", "dates", "credit_prefix")


@command
def read_otherwise(run_id: int, *, encoding: str, delimiter: str, actor: Actor) -> ImportRun:
    """Read the text of a run's file in another way.

    Raises as `looking.look`; Conflict `import_begun`.
    """
    run = _lock(run_id)
    _require_open(run)
    how = Reading(reading_of(run.reading).sheet, encoding, delimiter)
    with file_of(run) as path:
        seen = look(path, how)
    columns, reading = _proposed(plan_of(run), run.business, seen)
    fields = {
        "header": seen.header,
        "sample": seen.sample,
        "reading": {**reading, "guess": columns},
        "columns": {},
        "check_job": None,
        "found": None,
    }
    trail.change(run, "read", actor=actor, fields=fields, encoding=encoding)
    return run


@command
def map_columns(
    run_id: int, columns: Mapping[str, str], spelling: Mapping[str, str], *, actor: Actor
) -> ImportRun:
    """Say which column holds what, and try the whole file without keeping anything of it.

    Raises RuleViolation `column_missing`, `column_twice`; Conflict `import_begun`.
    """
    run = _lock(run_id)
    _require_open(run)
    _require_mapping(plan_of(run), run.header, columns)
    check = jobs.plan(CHECK, [], actor=actor, values={"run": str(run.uuid)})
    reading = {key: value for key, value in run.reading.items() if key != "guess"}
    fields = {
        "columns": dict(columns),
        "reading": {**reading, **spelling},
        "check_job": check,
        "found": None,
    }
    trail.change(run, "map", actor=actor, fields=fields)
    jobs.start(check.pk)
    return run


@command
def bring_in(run_id: int, *, actor: Actor) -> ImportRun:
    """Let the worker bring the file in, or go on with what was stopped.

    Raises Conflict `import_begun`, `not_checked`; RuleViolation `nothing_to_do`.
    """
    run = _lock(run_id)
    if run.result is not None or (run.job is not None and run.job.live):
        raise Conflict(_("This import has begun already."), code="import_begun")
    if not run.found or "lines" not in run.found:
        raise Conflict(_("The file has not been checked yet."), code="not_checked")
    if not run.found["taken"]:
        message = _("No line of the file can be imported.")
        raise RuleViolation(message, code="nothing_to_do")
    job = jobs.plan(BRING_IN, [], actor=actor, values={"run": str(run.uuid)})
    trail.change(run, "bring_in", actor=actor, fields={"job": job})
    jobs.start(job.pk)
    return run


@command
def ask_back(run_id: int, *, actor: Actor) -> ImportRun:
    """Let the worker take back all that an import made.

    Raises Conflict `not_imported`, `taken_back`.
    """
    run = _lock(run_id)
    if run.result is None:
        raise Conflict(_("Nothing was imported yet."), code="not_imported")
    if run.taken_back_at is not None or (run.reversal is not None and run.reversal.live):
        raise Conflict(_("This import was taken back already."), code="taken_back")
    job = jobs.plan(TAKE_BACK, [], actor=actor, values={"run": str(run.uuid)})
    trail.change(run, "ask_back", actor=actor, fields={"reversal": job})
    jobs.start(job.pk)
    return run


@command
def discard(run_id: int, *, actor: Actor) -> ImportRun:
    """Throw away the file of a run that nothing came of. Raises Conflict `import_begun`."""
    run = _lock(run_id)
    _require_open(run)
    drop_upload(run, "discard", actor=actor)
    return run


def discard_forgotten() -> int:
    """Throw away files that nobody brought in for KEPT; gives how many. Safe to run again."""
    before = clock.now() - KEPT
    left = ImportRun.objects.filter(job=None, created_at__lt=before).exclude(stored="")
    forgotten = list(left.values_list("pk", flat=True))
    for run_id in forgotten:
        discard(run_id, actor=SYSTEM)
    return len(forgotten)


def kept_uploads(names: Sequence[str]) -> Iterable[str]:
    """Those of the stored names that are the file of a run."""
    return ImportRun.objects.filter(stored__in=names).values_list("stored", flat=True)


def drop_upload(
    run: ImportRun,
    verb: str,
    *,
    actor: Actor,
    fields: dict[str, Any] | None = None,
    **facts: Any,
) -> None:
    """Change a locked run so that its file is kept no longer."""
    stored = run.stored
    gone = {"stored": "", "sample": [], **(fields or {})}
    trail.change(run, verb, actor=actor, fields=gone, **facts)
    if stored:
        after_commit(default_storage.delete, stored)


def _lock(run_id: int) -> ImportRun:
    rows = ImportRun.objects.select_for_update(of=("self",))
    return rows.select_related("business", "check_job", "job", "reversal").get(pk=run_id)


def lock_run(job: Job) -> ImportRun:
    """The run that a job works for, locked until the transaction ends."""
    return _lock(ImportRun.objects.get(uuid=job.values["run"]).pk)


def _require_open(run: ImportRun) -> None:
    if run.job is not None or not run.stored:
        message = _("This import has begun already. Upload the file again to read it otherwise.")
        raise Conflict(message, code="import_begun")


def _require_mapping(plan: Plan, header: list[str], columns: Mapping[str, str]) -> None:
    if unknown := [name for name in columns.values() if name and name not in header]:
        message = _("The file has no column %(name)s.") % {"name": unknown[0]}
        raise Malformed(message, code="missing_column")
    used = [name for name in columns.values() if name]
    for wanted in plan.wanted:
        name = columns.get(wanted.key, "")
        if wanted.required and not name:
            message = _("Choose the column that holds this: every line needs it.")
            raise RuleViolation(message, code="column_missing", pointer=f"/{wanted.key}")
        if name and used.count(name) > 1:
            message = _("%(name)s is chosen more than once.") % {"name": name}
            raise RuleViolation(message, code="column_twice", pointer=f"/{wanted.key}")
