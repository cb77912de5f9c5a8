"""The pages that show imports: the list, a new one, one of them, and what comes with them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from returns.importing.runs import access_run, keep_upload, plan_of, visible_runs
from returns.importing.subjects import PLANS, RECORD
from returns.importing.taking_back import MANAGE
from returns.importing.web import rows
from returns.importing.web.forms import UploadForm
from returns.importing.web.words import of_refusal
from returns.models import ImportRun
from rmaproject.jobs.web.files import file_of
from rmaproject.shared.errors import Malformed, NotFound
from rmaproject.web.csv_files import csv_lines
from rmaproject.web.lists import paged
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff

#: What a list of imports need not read.
HEAVY = ("header", "sample", "columns", "problems")


@staff
def runs(request: StaffRequest) -> HttpResponse:
    """All imports in sight, newest first."""
    found = visible_runs(request.actor).select_related(
        "business", "owner", "check_job", "job", "reversal"
    )
    listed = paged(request, found.defer(*HEAVY))
    context = {
        "runs": [rows.run_row(run) for run in listed.rows],
        "page": listed.pager,
        "new_url": reverse("imports:new"),
        "empty": {
            "icon": "upload",
            "title": _("No imports yet"),
            "text": _(
                "Bring in sales, parts and customers of another system from a file. You see what"
                " it would do before anything is kept, and can take it back."
            ),
        },
    }
    return page(request, "imports/list.html", context)


@staff
def upload(request: StaffRequest) -> HttpResponse:
    """A file sent; what a first look refuses is said beside it."""
    request.actor.require(RECORD)
    sent = request.method == "POST"
    first = {"subject": request.GET.get("subject", "")}
    form = UploadForm(
        request.POST if sent else None,
        request.FILES if sent else None,
        initial=first,
        actor=request.actor,
    )
    if sent and form.is_valid():
        told = form.cleaned_data
        file = told["file"]
        try:
            made = keep_upload(
                told["subject"], told["business"], file.name, file.file, actor=request.actor
            )
            return redirect("imports:run", made.uuid)
        except Malformed as refusal:
            form.add_error("file", of_refusal(refusal))
    context = {
        "heading": _("Import a file"),
        "form": form,
        "multipart": True,
        "save_label": _("Upload and choose columns"),
        "cancel_url": reverse("imports:list"),
        "crumbs": crumbs(),
        "templates": [
            {"label": plan.subject.label, "url": reverse("imports:template", args=[value])}
            for value, plan in PLANS.items()
        ],
    }
    return page(request, "imports/new.html", context, status=422 if sent else 200)


@staff
def template(request: StaffRequest, subject: str) -> StreamingHttpResponse:
    """A file to fill in: the columns that are understood without choosing, and two lines."""
    request.actor.require(RECORD)
    plan = PLANS.get(subject)
    if plan is None:
        raise NotFound(_("There is no such template."), code="not_found")
    head = [wanted.key for wanted in plan.wanted]
    lines = [[wanted.example[place] for wanted in plan.wanted] for place in range(2)]
    answer = StreamingHttpResponse(csv_lines(head, lines), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{subject}.csv"'
    return answer


@staff
def run(request: StaffRequest, ident: UUID) -> HttpResponse:
    """One import; a script asks for the part that changes while a worker is at it."""
    found = access_run(request.actor, ident)
    if rows.stage_of(found) == "map":
        return redirect("imports:columns", ident)
    return page(request, "imports/run.html", context_of(request, found), part="imports/_run.html")


@staff
def not_imported(request: StaffRequest, ident: UUID) -> FileResponse:
    """The lines that do not come in, to mend and upload again. Raises NotFound once removed."""
    found = access_run(request.actor, ident)
    job = rows.job_of(found, rows.stage_of(found))
    gone = _("This file is not kept any more.")
    if job is None or not job.stored:
        raise NotFound(gone, code="not_found")
    return file_of(job, gone)


def crumbs(run: ImportRun | None = None) -> list[dict[str, str]]:
    """The way back to the list, and to a run."""
    found = [{"label": _("Imports"), "url": reverse("imports:list")}]
    if run is not None:
        found.append({"label": run.file_name, "url": reverse("imports:run", args=[run.uuid])})
    return found


def context_of(request: StaffRequest, run: ImportRun) -> dict[str, Any]:
    """What the page of a run shows in its stage."""
    stage = rows.stage_of(run)
    job = rows.job_of(run, stage)
    told = run.result or run.found or {}
    label, tone = rows.STAGES[stage]
    counted = told if "lines" in told else {}
    return {
        "run": run,
        "stage": stage,
        "stage_label": label,
        "tone": tone,
        "job": job,
        "at_work": stage in rows.AT_WORK,
        "broken_off": stage in rows.BROKEN_OFF,
        "progress": rows.progress_of(job) if job and stage in rows.AT_WORK else {},
        "told": told,
        "refusal": _kept_by(run) if stage == "done" else "",
        "unreadable": rows.unreadable(told) if stage == "unreadable" else "",
        "figures": rows.figures_of(run, counted) if counted else [],
        "amounts": rows.amounts_of(run, counted) if counted else [],
        "heads": rows.heads_of(plan_of(run)),
        "problems": rows.problem_rows(run) if stage in ("checked", "done") else [],
        "file_url": _file_url(run, job),
        "may_take_back": stage == "done" and request.actor.may(MANAGE),
        "here": reverse("imports:run", args=[run.uuid]),
        "crumbs": crumbs(),
    }


def _kept_by(run: ImportRun) -> str:
    """Why the last try to take it back came to nothing."""
    return run.reversal.message if run.reversal is not None else ""


def _file_url(run: ImportRun, job: Any) -> str:
    there = job is not None and bool(job.stored)
    return reverse("imports:not-imported", args=[run.uuid]) if there else ""
