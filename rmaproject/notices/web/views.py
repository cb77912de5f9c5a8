"""Notices: the list, opened and marked as read, and how one wants to be told."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rmaproject.notices.models import NoticeKind, Way
from rmaproject.notices.selectors import Told, visible_notices, ways_of
from rmaproject.notices.services import choose_ways, read_notices
from rmaproject.shared.errors import NotFound
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.submitting import submit


class ChoicesForm(forms.Form):
    """A way for each kind of notice."""

    def __init__(self, data: Any, *, first: dict[str, str]) -> None:
        super().__init__(data, initial=first)
        for kind in NoticeKind:
            self.fields[kind.value] = forms.ChoiceField(label=kind.label, choices=Way.choices)


@staff
def notices(request: StaffRequest) -> HttpResponse:
    """What one was told, newest first; nothing of what one may no longer see."""
    only_new = request.GET.get("show", "") != "all"
    told = visible_notices(request.actor, unread=only_new)
    here = reverse("notices:list")
    context = {
        "tabs": [
            {"label": _("Unread"), "url": here, "current": only_new},
            {"label": _("All"), "url": f"{here}?show=all", "current": not only_new},
        ],
        "notices": [_row(row) for row in told],
        "any_unread": any(row.notice.read_at is None for row in told),
        "read_all_url": reverse("notices:read_all"),
        "choices_url": reverse("notices:choices"),
        "empty": {
            "icon": "bell",
            "title": _("Nothing new") if only_new else _("No notices yet"),
            "text": _("Mentions, approvals that wait for you and what becomes yours appear here."),
        },
    }
    return page(request, "notices/list.html", context)


def _row(told: Told) -> dict[str, Any]:
    row = told.notice
    return {
        "text": told.text,
        "kind": row.kind,
        "at": row.made_at,
        "unread": row.read_at is None,
        "url": told.url,
        "open_url": reverse("notices:open", args=[row.uuid]),
        "read_url": reverse("notices:read", args=[row.uuid]),
    }


@staff
@require_POST
def open_notice(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Mark a notice as read and go to just what it is about."""
    told = _own(request, ident)
    read_notices(request.user, [ident])
    return redirect(told.url)


@staff
@require_POST
def read_one(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Mark a notice as read, and stay."""
    _own(request, ident)
    read_notices(request.user, [ident])
    return redirect("notices:list")


@staff
@require_POST
def read_all(request: StaffRequest) -> HttpResponse:
    """Mark all notices as read."""
    read_notices(request.user)
    return redirect("notices:list")


@staff
def choices(request: StaffRequest) -> HttpResponse:
    """How one wants to be told of what."""
    form = ChoicesForm(request.POST or None, first=ways_of(request.user))
    outcome = submit(request, form, lambda: choose_ways(request.user, form.cleaned_data))
    if outcome.done:
        messages.success(request, _("Saved."))
        return redirect("notices:choices")
    context = {
        "heading": _("How I am told"),
        "form": form,
        "text": _("The daily mail comes at 07:00 in your time zone."),
        "cancel_url": reverse("notices:list"),
        "crumbs": [{"label": _("Notices"), "url": reverse("notices:list")}],
    }
    return page(request, "form.html", context, status=outcome.status)


def _own(request: StaffRequest, ident: UUID) -> Told:
    found = next((row for row in visible_notices(request.actor) if row.notice.uuid == ident), None)
    if found is None:
        raise NotFound(_("There is no such notice."), code="not_found")
    return found
