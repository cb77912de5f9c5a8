"""A step on many rows: planned by the list's form, looked at, then started."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rmaproject.jobs.models import Job, RowState, State
from rmaproject.jobs.selectors import access_job
from rmaproject.jobs.services import AT_ONCE, ask_cancel, carry_out, start
from rmaproject.shared.errors import Malformed, NotFound, RuleViolation
from rmaproject.views.bulk import plan_step
from rmaproject.views.registry import BulkStep, registered
from rmaproject.views.stepping import StepForm
from rmaproject.views.strip import tell
from rmaproject.views.web.saved import back_to, look_of
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.submitting import Outcome, submit

#: So many rows of each kind the preview names; the rest it counts.
NAMED: Final = 50


@staff
@require_POST
def plan(request: StaffRequest, key: str) -> HttpResponse:
    """The chosen rows become a plan; its page says what will be done."""
    seen = look_of(request, key)
    step = _step(request, key, request.POST.get("do", ""))
    picked = [ident for text in request.POST.getlist("pick") if (ident := _uuid(text))]
    whole, back = bool(request.POST.get("all")), back_to(request, key)
    try:
        job = plan_step(seen, step, picked, actor=request.actor, whole=whole, back=back)
    except RuleViolation as refusal:
        messages.error(request, refusal.message)
        return redirect(back)
    return redirect("views:planned", key, job.uuid)


@staff
def planned(request: StaffRequest, key: str, ident: UUID) -> HttpResponse:
    """What a step will do, what is left out and why; starting it leads to the list or its job."""
    job = access_job(request.actor, ident)
    if job.state != State.PLANNED:
        return redirect("jobs:job", job.uuid)
    step = next((s for s in registered(key).steps if s.kind == job.kind), None)
    if step is None:
        raise NotFound(_("There is no such step."), code="not_found")
    if "cancel" in request.POST:
        ask_cancel(job.pk)
        return redirect(job.back or registered(key).listing.path())
    form = _form(step, request)
    outcome = submit(request, form, lambda: _start(job, step, form))
    if outcome.done:
        return _started(request, outcome.value)
    return _shown(request, key, job, step, form, outcome)


def _form(step: BulkStep, request: StaffRequest) -> Any:
    made = (step.form or StepForm)(request.POST or None)
    if step.typed:
        made.fields["typed"] = forms.CharField(
            label=_("Type %(word)s to confirm") % {"word": step.typed},
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )
    return made


def _start(job: Job, step: BulkStep, form: Any) -> Job:
    if step.typed and form.cleaned_data["typed"].strip().casefold() != step.typed.casefold():
        message = _("Type %(word)s: this cannot be undone.") % {"word": step.typed}
        raise RuleViolation(message, code="not_confirmed", pointer="/typed")
    in_one = bool(form.cleaned_data.get("in_one"))
    return carry_out(start(job.pk, values=form.values(), in_one=in_one))


def _started(request: StaffRequest, job: Job) -> HttpResponse:
    """What is done already is told on the list; what goes on, on its own page."""
    if job.state == State.DONE and job.back:
        tell(request, job)
        return redirect(job.back)
    return redirect("jobs:job", job.uuid)


def _shown(
    request: StaffRequest, key: str, job: Job, step: BulkStep, form: Any, outcome: Outcome
) -> HttpResponse:
    todo = job.rows.filter(state=RowState.WAITING).order_by("pk")
    reasons = job.rows.filter(state=RowState.SKIPPED).values("message")
    listing = registered(key).listing
    context = {
        "heading": step.question % {"count": job.left},
        "step": step,
        "job": job,
        "form": form,
        "todo": todo[:NAMED],
        "more": max(job.left - NAMED, 0),
        "skipped": [
            {**row, "rows": job.rows.filter(message=row["message"]).order_by("pk")[:NAMED]}
            for row in reasons.annotate(count=Count("pk")).order_by("-count")[:10]
        ],
        "in_worker": job.left > AT_ONCE,
        "crumbs": [{"label": listing.title, "url": job.back or listing.path()}],
        "here": reverse("views:planned", args=[key, job.uuid]),
    }
    return page(request, "lists/plan.html", context, status=outcome.status)


def _step(request: StaffRequest, key: str, name: str) -> BulkStep:
    found = next((step for step in registered(key).steps if step.key == name), None)
    if found is None:
        raise Malformed(_("There is no such step."), code="invalid")
    request.actor.require(found.right)
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
