"""Tokens and applications: one's own for everybody, all of them for who manages users."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from returns.web.record.history import person
from returns.web.settings.token_forms import TokenForm
from rmaproject.access.clients import (
    consented_clients,
    revoke_client,
    visible_clients,
    withdraw_consent,
)
from rmaproject.access.models import ApiToken, OAuthClient
from rmaproject.access.roles import MANAGE_USERS
from rmaproject.access.selectors import access
from rmaproject.access.tokens import NewToken, make_token, revoke_token, visible_tokens
from rmaproject.shared import clock
from rmaproject.shared.errors import DomainError
from rmaproject.web.once import done
from rmaproject.web.pages import page
from rmaproject.web.sections import section_crumbs, settings_page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.submitting import put_on, submit

#: More than anybody reads; the API lists all.
SHOWN = 200


@staff
def tokens(request: StaffRequest) -> HttpResponse:
    """The tokens in sight, the newest first, and the applications that act as this person."""
    rows = visible_tokens(request.actor).select_related("user").order_by("-pk")[:SHOWN]
    context = {
        "tokens": [_token_row(row) for row in rows],
        "new_url": reverse("settings-new-token"),
        "consented": [
            {"name": row.name, "end_url": reverse("settings-withdraw-consent", args=[row.uuid])}
            for row in consented_clients(request.actor).order_by("name")
        ],
    }
    return settings_page(request, "tokens", context)


def _token_row(row: ApiToken) -> dict[str, Any]:
    over = row.expires_at is not None and row.expires_at <= clock.now()
    state = _("Revoked") if row.revoked_at else _("Over") if over else ""
    return {
        "name": row.name or _("Token"),
        "prefix": row.prefix,
        "user": person(row.user),
        "scopes": ", ".join(row.scopes) if row.scopes else _("All that its user may do"),
        "addresses": ", ".join(row.allowed_addresses),
        "expires_at": row.expires_at,
        "last_used_at": row.last_used_at,
        "last_used_address": row.last_used_address,
        "state": state,
        "end_url": "" if row.revoked_at else reverse("settings-revoke-token", args=[row.uuid]),
    }


@staff
def new_token(request: StaffRequest) -> HttpResponse:
    """Make a token and show it, this once."""
    form = TokenForm(request.POST or None, actor=request.actor)

    def act() -> NewToken | None:
        try:
            return make_token(form.holder(), actor=request.actor, **form.values())
        except DomainError as refusal:
            if refusal.code != "invalid_address":
                raise
            put_on(form, refusal)
            return None

    outcome = submit(request, form, act)
    if outcome.done and outcome.value:
        return _shown_once(request, outcome.value)
    context = {
        "heading": _("New token"),
        "form": form,
        "save_label": _("Make the token"),
        "cancel_url": reverse("settings-tokens"),
        "crumbs": section_crumbs("settings-tokens"),
    }
    return page(request, "form.html", context, status=422 if outcome.done else outcome.status)


def _shown_once(request: StaffRequest, made: NewToken) -> HttpResponse:
    done(request, reverse("settings-tokens"))
    context = {
        "heading": made.row.name,
        "token": made.text,
        "back_url": reverse("settings-tokens"),
        "crumbs": section_crumbs("settings-tokens"),
    }
    answer = page(request, "access/new_token.html", context)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@staff
@require_POST
def end_token(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Revoke a token."""
    row = access(visible_tokens(request.actor), ident, actor=request.actor, permissions=())
    revoke_token(row.pk, actor=request.actor)
    messages.success(request, _("Revoked. It opens nothing any more."))
    return redirect("settings-tokens")


@staff
@require_POST
def end_consent(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Send away an application that acts as this person."""
    rows = consented_clients(request.actor)
    row = access(rows, ident, actor=request.actor, permissions=())
    withdraw_consent(row.pk, actor=request.actor)
    messages.success(request, _("It can no longer act as you."))
    return redirect("settings-tokens")


@staff
def applications(request: StaffRequest) -> HttpResponse:
    """The OAuth2 applications of this installation."""
    request.actor.require(MANAGE_USERS)
    rows = visible_clients(request.actor).order_by("name")[:SHOWN]
    return settings_page(request, "applications", {"applications": [_client_row(r) for r in rows]})


def _client_row(row: OAuthClient) -> dict[str, Any]:
    return {
        "name": row.name,
        "client_id": row.client_id,
        "user": person(row.user),
        "redirect_uris": row.redirect_uris.split(),
        "revoked": row.revoked_at is not None,
        "end_url": reverse("settings-revoke-application", args=[row.uuid]),
    }


@staff
@require_POST
def end_application(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Revoke an application with all its tokens."""
    request.actor.require(MANAGE_USERS)
    row = access(visible_clients(request.actor), ident, actor=request.actor, permissions=())
    revoke_client(row.pk, actor=request.actor)
    messages.success(request, _("Revoked. All its tokens have ended."))
    return redirect("settings-applications")
