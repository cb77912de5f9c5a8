"""The rules for returns in the settings: versions, their documents, and trials on past returns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from returns.models import PolicyStatus, PolicyVersion
from returns.selectors import visible_policies, visible_returns
from returns.services import policies as services
from returns.services.replaying import replay
from returns.web.rules.meeting import meet_rows, rows_taken, sentences, started_rows
from returns.web.rules.page import rows_context
from returns.web.rules.policy_forms import EXAMPLE, DayForm, PolicyForm, SpanForm
from returns.web.rules.replays import replay_file, replay_table
from returns.web.rules.rows import Row, document_of, moved, put_errors, rows_in, rows_of
from returns.web.rules.spans import lines_of_time
from rmaproject.access.selectors import access
from rmaproject.shared import clock
from rmaproject.shared.errors import DomainError, InputErrors
from rmaproject.shared.http import status_of
from rmaproject.web.lists import link
from rmaproject.web.pages import page
from rmaproject.web.sections import MANAGE, section_crumbs, settings_page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.versions import at_version, shown_version


@staff
def policies(request: StaffRequest) -> HttpResponse:
    """All versions, newest first, each with the days on which it holds."""
    request.actor.require(MANAGE)
    found = visible_policies(request.actor).select_related("business")
    rows = list(found.order_by("business__code", "-number"))
    context = {
        "policies": [_row(row) for row in rows],
        "spans": lines_of_time(rows),
        "new_url": reverse("settings-new-policy"),
    }
    return settings_page(request, "policies", context)


def _row(row: PolicyVersion) -> dict[str, Any]:
    return {
        "business": row.business.name,
        "number": row.number,
        "name": row.name,
        "draft": row.status == PolicyStatus.DRAFT,
        **_standing(row),
        "since": row.valid.lower if row.valid else None,
        "until": row.valid.upper if row.valid else None,
        "rules": len(row.rules.get("rules", [])),
        "url": reverse("settings-policy", args=[row.uuid]),
    }


def _standing(row: PolicyVersion) -> dict[str, bool]:
    """Whether a published version holds today, or only from a day to come."""
    if row.valid is None:
        return {"holds": False, "coming": False}
    today = clock.today(row.business)
    coming = row.valid.lower > today
    over = row.valid.upper is not None and row.valid.upper <= today
    return {"holds": not coming and not over, "coming": coming}


@staff
def policy(request: StaffRequest, ident: UUID | None = None) -> HttpResponse:
    """A version: drafts are edited here, published ones are read."""
    request.actor.require(MANAGE)
    known = _find(request, ident) if ident else None
    if request.method != "POST":
        return policy_page(request, known, _form(request, known))
    form = _form(request, known, request.POST)
    rows = None if "rules" in request.POST else rows_in(request.POST)
    rows = rows_taken(request, known) or rows
    step = request.POST.get("step", "")
    if step and rows is not None:
        told = f"add:{request.POST.get('new_aspect', '')}" if step == "add" else step
        return policy_page(request, known, form, rows=moved(rows, told))
    if not form.is_valid():
        return policy_page(request, known, form, rows=rows, status=422)
    try:
        saved = _save(request, known, form, rows)
    except DomainError as refusal:
        if known is not None and refusal.code == "stale_version":
            known = _find(request, known.uuid)
            rows = meet_rows(request, form, known, rows, refusal)
        return policy_page(request, known, form, rows=rows, refusal=refusal)
    messages.success(request, _("Saved."))
    return redirect("settings-policy", saved.uuid)


def _save(
    request: StaffRequest,
    known: PolicyVersion | None,
    form: PolicyForm,
    rows: list[Row] | None,
) -> PolicyVersion:
    values, actor = form.values(), request.actor
    if rows is not None:
        values["rules"] = document_of(rows)
    if known is None:
        return services.create_policy(**values, actor=actor)
    return at_version(request, known, lambda: services.edit_policy(known.pk, values, actor=actor))


@staff
@require_POST
def publish(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Put a draft in force from a day on."""
    known, form = _opened(request, ident), DayForm(request.POST)

    def act() -> Any:
        day = form.cleaned_data["day"]
        return services.publish_policy(known.pk, day, actor=request.actor)

    return _acted(request, known, form, act, _("Published."))


@staff
@require_POST
def end(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Let a version hold no longer from a day on."""
    known, form = _opened(request, ident), DayForm(request.POST)

    def act() -> Any:
        return services.end_policy(known.pk, form.cleaned_data["day"], actor=request.actor)

    return _acted(request, known, form, act, _("Saved."))


@staff
@require_POST
def withdraw(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Make a version a draft again before its first day."""
    known = _opened(request, ident)
    try:
        at_version(request, known, lambda: services.withdraw_policy(known.pk, actor=request.actor))
    except DomainError as refusal:
        return policy_page(request, known, _form(request, known), refusal=refusal)
    messages.success(request, _("Withdrawn; it is a draft again."))
    return redirect("settings-policy", known.uuid)


@staff
@require_POST
def delete(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Throw a draft away."""
    known = _opened(request, ident)
    try:
        at_version(request, known, lambda: services.delete_policy(known.pk, actor=request.actor))
    except DomainError as refusal:
        return policy_page(request, known, _form(request, known), refusal=refusal)
    messages.success(request, _("Deleted."))
    return redirect("settings-policies")


@staff
def trial(request: StaffRequest, ident: UUID) -> HttpResponse:
    """A version tried on past returns: whose decision or amounts would have differed."""
    known, form = _opened(request, ident), SpanForm(request.GET)
    returns = visible_returns(request.actor)
    if not form.is_valid():
        return policy_page(request, known, _form(request, known), span=form, status=422)
    found = replay(known, returns, **form.cleaned_data)
    if request.GET.get("format") == "csv":
        return replay_file(found)
    table = {**replay_table(found), "csv_url": link(request, format="csv")}
    return policy_page(request, known, _form(request, known), span=form, trial=table)


def _opened(request: StaffRequest, ident: UUID) -> PolicyVersion:
    request.actor.require(MANAGE)
    return _find(request, ident)


def _find(request: StaffRequest, ident: UUID) -> PolicyVersion:
    rows = visible_policies(request.actor).select_related("business")
    return access(rows, ident, actor=request.actor, permissions=())


def _form(request: StaffRequest, known: PolicyVersion | None, data: Any = None) -> PolicyForm:
    return PolicyForm(data, actor=request.actor, policy=known, as_text=_as_text(request))


def _as_text(request: StaffRequest) -> bool:
    """Whether the rules are shown and sent as one text instead of as rows."""
    return "rules" in request.POST or request.GET.get("as") == "text"


def _acted(
    request: StaffRequest, known: PolicyVersion, form: DayForm, act: Callable[[], Any], done: str
) -> HttpResponse:
    if not form.is_valid():
        return policy_page(request, known, _form(request, known), day=form, status=422)
    try:
        at_version(request, known, act)
    except DomainError as refusal:
        return policy_page(request, known, _form(request, known), day=form, refusal=refusal)
    messages.success(request, done)
    return redirect("settings-policy", known.uuid)


def policy_page(
    request: StaffRequest,
    known: PolicyVersion | None,
    form: PolicyForm,
    *,
    status: int = 200,
    refusal: DomainError | None = None,
    rows: list[Row] | None = None,
    **more: Any,
) -> HttpResponse:
    """The page of a version, with whatever was typed or refused."""
    shown = rows if rows is not None else rows_of(known.rules if known else EXAMPLE)
    left = put_errors(shown, _errors(refusal)) if rows is not None else None
    context: dict[str, Any] = {
        "form": form,
        "problems": _problems(form, refusal, left),
        **({} if _as_text(request) else rows_context(shown)),
        "as_text": _as_text(request),
        "other_url": "?" if _as_text(request) else "?as=text",
        "cancel_url": reverse("settings-policies"),
        "crumbs": section_crumbs("settings-policies"),
        "started": [] if _as_text(request) else started_rows(known),
        "draft": known is None or known.status == PolicyStatus.DRAFT,
        **(_known(request, known, refusal) if known else {"heading": _("New version")}),
    }
    context |= {"span": SpanForm(), "day": _day(known), **more}
    return page(
        request, "returns/policy.html", context, status=status_of(refusal) if refusal else status
    )


def _day(known: PolicyVersion | None) -> DayForm:
    return DayForm(initial={"day": clock.today(known.business)} if known else None)


def _known(
    request: StaffRequest, known: PolicyVersion, refusal: DomainError | None
) -> dict[str, Any]:
    return {
        "heading": _("%(business)s, version %(version)s")
        % {"business": known.business.name, "version": known},
        "policy": _row(known),
        "version": shown_version(request, known, refusal),
        "sentences": sentences(known.rules, known),
        "publish_url": reverse("settings-publish-policy", args=[known.uuid]),
        "withdraw_url": _withdraw_url(known),
        "end_url": reverse("settings-end-policy", args=[known.uuid]),
        "delete_url": reverse("settings-delete-policy", args=[known.uuid]),
        "trial_url": reverse("settings-try-policy", args=[known.uuid])
        if request.actor.may("returns.view_return")
        else "",
    }


def _withdraw_url(known: PolicyVersion) -> str:
    """Only what has not begun can be withdrawn; only what has begun can be ended."""
    coming = known.valid is not None and known.valid.lower > clock.today(known.business)
    return reverse("settings-withdraw-policy", args=[known.uuid]) if coming else ""


def _errors(refusal: DomainError | None) -> list[dict[str, str]]:
    """What was refused, each thing with its place in the document."""
    if isinstance(refusal, InputErrors):
        return refusal.errors
    return [{"pointer": refusal.pointer, "detail": refusal.message}] if refusal else []


def _problems(form: PolicyForm, refusal: DomainError | None, left: list[str] | None) -> list[str]:
    """What stands above the form: `left` where rows say the rest; clashes are said by the form."""
    if hasattr(form, "meeting"):
        return []
    if left is not None:
        return left
    if isinstance(refusal, InputErrors):
        return [f"{error['pointer']}: {error['detail']}" for error in refusal.errors]
    return [refusal.message] if refusal else []
