"""The steps of an import: columns, encoding, start, stop, throw away, take back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from returns.importing import runs
from returns.importing.runs import access_run, plan_of
from returns.importing.taking_back import MANAGE, standing_against
from returns.importing.web import rows
from returns.importing.web.forms import MapForm, ReadForm
from returns.importing.web.pages import crumbs
from returns.importing.web.words import of_refusal
from returns.models import ImportRun
from rmaproject.jobs.models import Job
from rmaproject.jobs.running import run as carry_out
from rmaproject.jobs.services import ask_cancel
from rmaproject.shared.errors import Conflict, Malformed, RuleViolation
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.submitting import submit

#: Files of so many bytes, and imports of so many lines, are done while the person waits.
BYTES_AT_ONCE: Final = 50_000
LINES_AT_ONCE: Final = 300


@staff
def columns(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Which column holds what; once that is said the whole file is tried."""
    run = access_run(request.actor, ident)
    if run.job is not None or not run.stored:
        return redirect("imports:run", ident)
    form = MapForm(request.POST if request.method == "POST" else None, run=run)
    outcome = submit(request, form, lambda: _mapped(run, form, request))
    if outcome.done:
        return redirect("imports:run", ident)
    return _columns_page(request, run, form, outcome.status)


def _mapped(run: ImportRun, form: MapForm, request: StaffRequest) -> None:
    made = runs.map_columns(run.pk, form.columns(), form.spelling(), actor=request.actor)
    if run.size <= BYTES_AT_ONCE:
        _at_once(made.check_job)


def _columns_page(
    request: StaffRequest, run: ImportRun, form: MapForm, status: int = 200
) -> HttpResponse:
    context = {
        "run": run,
        "form": form,
        "read_form": None if run.reading.get("sheet") else ReadForm(initial=run.reading),
        "remembered": bool(run.reading.get("remembered")),
        "crumbs": crumbs(),
    }
    return page(request, "imports/columns.html", context, status=status)


@staff
@require_POST
def encoding(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Read the text in another way, and show its first lines again."""
    run = access_run(request.actor, ident)
    form = ReadForm(request.POST)
    if form.is_valid():
        try:
            runs.read_otherwise(run.pk, **form.cleaned_data, actor=request.actor)
        except Malformed as refusal:
            messages.error(request, of_refusal(refusal))
        except Conflict as refusal:
            messages.error(request, refusal.message)
    return redirect("imports:columns", ident)


@staff
@require_POST
def start(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Bring the file in, or go on with what was stopped."""
    run = access_run(request.actor, ident)

    def act() -> None:
        made = runs.bring_in(run.pk, actor=request.actor)
        if made.found["lines"] <= LINES_AT_ONCE:
            _at_once(made.job)

    return _stepped(request, run, act)


@staff
@require_POST
def stop(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Stop after the documents that are being written; what is there stays."""
    run = access_run(request.actor, ident)
    job = rows.job_of(run, rows.stage_of(run))

    def act() -> None:
        if job is not None and job.live:
            ask_cancel(job.pk)

    return _stepped(request, run, act)


@staff
@require_POST
def discard(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Throw the file away that nothing came of."""
    run = access_run(request.actor, ident)
    return _stepped(request, run, lambda: runs.discard(run.pk, actor=request.actor), "imports:list")


@staff
def take_back(request: StaffRequest, ident: UUID) -> HttpResponse:
    """What goes when an import is taken back, or what stands against it; then its taking back."""
    request.actor.require(MANAGE)
    run = access_run(request.actor, ident)
    if request.method == "POST":

        def act() -> None:
            made = runs.ask_back(run.pk, actor=request.actor)
            if made.result["lines"] <= LINES_AT_ONCE:
                _at_once(made.reversal)

        return _stepped(request, run, act)
    if rows.stage_of(run) != "done":
        return redirect("imports:run", ident)
    context = {
        "run": run,
        "against": standing_against(run),
        "figures": rows.figures_of(run, run.result),
        "sales": bool(plan_of(run).figures),
        "crumbs": crumbs(run),
    }
    return page(request, "imports/take_back.html", context)


def _stepped(
    request: StaffRequest, run: ImportRun, act: Callable[[], Any], then: str = ""
) -> HttpResponse:
    """A step carried out; what stands against it is said on the page of the run."""
    here = reverse("imports:run", args=[run.uuid])
    try:
        act()
    except (Conflict, RuleViolation) as refusal:
        messages.error(request, refusal.message)
        return redirect(here)
    return redirect(then or here)


def _at_once(job: Job | None) -> None:
    """Small files are done while the person waits; the worker finds nothing left to do."""
    if job is not None:
        carry_out(job.pk)
