"""An import as the pages show it: how far it is, what was found, what it made."""

from __future__ import annotations

from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from returns.importing.runs import plan_of
from returns.importing.subjects import Plan
from returns.importing.web.words import fault_of, of_file
from returns.models import ImportRun
from rmaproject.jobs.models import Job, State
from rmaproject.shared import clock
from sales.web.refund_accounts import name_of

#: How far a run is, with its words and its tone.
STAGES: Final = {
    "map": (gettext_lazy("Columns to choose"), "wait"),
    "checking": (gettext_lazy("Being checked"), "info"),
    "unreadable": (gettext_lazy("Cannot be read"), "bad"),
    "checked": (gettext_lazy("Checked, not imported"), "wait"),
    "running": (gettext_lazy("Being imported"), "info"),
    "stopped": (gettext_lazy("Stopped"), "wait"),
    "failed": (gettext_lazy("Failed"), "bad"),
    "done": (gettext_lazy("Imported"), "ok"),
    "taking_back": (gettext_lazy("Being taken back"), "info"),
    "taken_back": (gettext_lazy("Taken back"), "calm"),
    "discarded": (gettext_lazy("Thrown away"), "calm"),
}
#: Stages in which a worker is at it.
AT_WORK: Final = ("checking", "running", "taking_back")
#: Stages before whose end it was over.
BROKEN_OFF: Final = ("stopped", "failed")


def stage_of(run: ImportRun) -> str:
    """How far a run is, by its jobs and what they left."""
    if run.taken_back_at is not None:
        return "taken_back"
    if run.reversal is not None and run.reversal.live:
        return "taking_back"
    if run.result is not None:
        return "done"
    if run.job is not None:
        return "running" if run.job.live else _broken_off(run.job)
    if not run.stored:
        return "discarded"
    if run.check_job is None:
        return "map"
    if run.found is None:
        return "checking" if run.check_job.live else _broken_off(run.check_job)
    return "unreadable" if "refused" in run.found and "lines" not in run.found else "checked"


def _broken_off(job: Job) -> str:
    """Somebody stopped it, or it could not go on."""
    return "stopped" if job.state == State.CANCELLED else "failed"


def job_of(run: ImportRun, stage: str) -> Job | None:
    """The job that a stage tells of."""
    if stage in ("checking", "checked", "unreadable"):
        return run.check_job
    return run.reversal if stage == "taking_back" else run.job or run.check_job


def run_row(run: ImportRun) -> dict[str, Any]:
    """A line of the list."""
    stage = stage_of(run)
    label, tone = STAGES[stage]
    told = run.result or run.found or {}
    return {
        "url": reverse("imports:run", args=[run.uuid]),
        "name": run.file_name,
        "subject": run.get_subject_display(),
        "business": run.business.name if run.business else "",
        "when": run.created_at,
        "who": name_of(run.owner),
        "stage": label,
        "tone": tone,
        "lines": told.get("lines"),
        "refused": told.get("refused"),
    }


def progress_of(job: Job) -> dict[str, Any]:
    """How many lines are done of how many, how fast, and how long the rest may take."""
    done = job.done + job.failed
    started = job.started_at or clock.now()
    seconds = max((clock.now() - started).total_seconds(), 0.001)
    rate = int(done / seconds)
    left = (job.total - done) // rate if rate else None
    return {
        "done": done,
        "total": job.total,
        "rate": rate if done else 0,
        "left": _time_left(left) if left is not None and job.total else "",
        "waiting": job.state == "waiting",
        "stopping": job.cancel_asked,
    }


def _time_left(seconds: int) -> str:
    if seconds < 60:
        told = ngettext("about %(n)s second left", "about %(n)s seconds left", seconds)
        return told % {"n": seconds}
    minutes = round(seconds / 60)
    told = ngettext("about %(n)s minute left", "about %(n)s minutes left", minutes)
    return told % {"n": minutes}


def figures_of(run: ImportRun, told: dict[str, Any]) -> list[dict[str, Any]]:
    """The figures of a trial or of a report, in words."""
    made = told.get("made", {})
    sales = plan_of(run).figures
    labelled = [
        (_("Lines read"), told["lines"]),
        (_("Lines taken"), told["taken"]),
        (_("Lines left out"), told["refused"]),
        *([(_("Sales"), told["sales"]), (_("Returns"), told["returns"])] if sales else []),
        (_("There before, left as they are"), told["known"]),
        (_("New customers"), made.get("customers.company", 0)),
        (_("New parts"), made.get("stock.part", 0)),
    ]
    kept = [(label, value) for place, (label, value) in enumerate(labelled) if value or place < 3]
    return [{"label": label, "value": value} for label, value in kept]


def amounts_of(run: ImportRun, told: dict[str, Any]) -> list[dict[str, Any]]:
    """The money of a ledger: all of it is in one of two places."""
    if run.business is None or not plan_of(run).figures:
        return []
    named = (
        (_("In the file"), "amount_read"),
        (_("Taken"), "amount_imported"),
        (_("Left out"), "amount_rejected"),
    )
    return [{"label": label, "value": told[key]} for label, key in named if key in told]


def heads_of(plan: Plan) -> list[str]:
    return [str(wanted.label) for wanted in plan.wanted]


def problem_rows(run: ImportRun) -> list[dict[str, Any]]:
    """The first lines that do not come in: each cell, the wrong one marked, and what to do."""
    keys = [wanted.key for wanted in plan_of(run).wanted]
    return [_problem(problem, keys) for problem in run.problems]


def _problem(problem: dict[str, Any], keys: list[str]) -> dict[str, Any]:
    fault = fault_of(problem["code"], problem["said"])
    cells = problem["cells"]
    if len(cells) != len(keys):
        cells = ["", *[""] * (len(keys) - 1)]
    pairs = zip(keys, cells, strict=True)
    return {
        "line": problem["line"],
        "cells": [{"text": text, "bad": key == fault.column} for key, text in pairs],
        "said": fault.said,
        "mend": fault.mend,
    }


def unreadable(told: dict[str, Any]) -> str:
    """Why the file as a whole was refused."""
    return of_file(told["refused"], told.get("said", ""), told.get("facts", {}))
