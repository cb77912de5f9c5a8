"""The users in the settings: invited, changed, deactivated, logged out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from returns.web.settings.people_forms import NewPersonForm, PersonForm
from returns.web.settings.user_rows import WHO, find_users, user_facts, user_row
from rmaproject.access import people
from rmaproject.access.duties import conflicts_in
from rmaproject.access.holding import MANAGE_USERS
from rmaproject.access.models import User
from rmaproject.shared.errors import DomainError, NotFound
from rmaproject.shared.http import status_of
from rmaproject.web import once
from rmaproject.web.invitations import send_link
from rmaproject.web.lists import Filters, paged, searched
from rmaproject.web.pages import page
from rmaproject.web.sections import section_crumbs, settings_page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.submitting import submit


@staff
def users(request: StaffRequest) -> HttpResponse:
    """Everybody who may log in or acts by tokens; the active people first asked for."""
    request.actor.require(MANAGE_USERS)
    filters = Filters(request, placeholder=_("Name, user name or e-mail"))
    who = filters.choice("who", _("Who"), [(key, str(label)) for key, label in WHO.items()])
    found = paged(request, find_users(who or "active", searched(request)))
    context = {
        "filters": filters.context(),
        "users": [user_row(user) for user in found.rows],
        "page": found.pager,
        "has_more": bool(found.pager["next_url"] or found.pager["previous_url"]),
        "new_url": reverse("settings-new-user"),
        "empty": {
            "icon": "company",
            "title": _("Nobody here"),
            "text": _("Nobody fits what was looked for."),
        },
    }
    return settings_page(request, "users", context)


@staff
def new_user(request: StaffRequest) -> HttpResponse:
    """Add somebody, and make the link by which they set a password."""
    request.actor.require(MANAGE_USERS)
    form = NewPersonForm(request.POST or None)

    def act() -> User:
        told = form.cleaned_data
        given = {"actor": request.actor, "service": told["service"]}
        return people.create_user(form.values(), told["roles"], **given)

    outcome = submit(request, form, act)
    if outcome.done:
        made: User = outcome.value
        if not made.has_usable_password():
            messages.success(request, _("Added. Give it a token to act with."))
            return redirect("settings-user", made.pk)
        return _linked(request, made)
    context = {
        "heading": _("New user"),
        "form": form,
        "cancel_url": reverse("settings-users"),
        "crumbs": section_crumbs("settings-users"),
        "save_label": _("Add and make a link"),
        "text": _("They get a link to set a password; it is used once."),
    }
    return page(request, "form.html", context, status=outcome.status)


@staff
def user(request: StaffRequest, key: int) -> HttpResponse:
    """Somebody's names, roles, and what can be done about them."""
    known = _opened(request, key)
    form = PersonForm(request.POST or None, known=known)

    def act() -> User:
        roles = form.cleaned_data["roles"]
        return people.edit_user(known.pk, form.values(), roles, actor=request.actor)

    outcome = submit(request, form, act)
    if outcome.done:
        messages.success(request, _("Saved."))
        return redirect("settings-user", known.pk)
    return _user_page(request, known, form, status=outcome.status)


@staff
@require_POST
def deactivate(request: StaffRequest, key: int) -> HttpResponse:
    """Shut somebody out at once."""
    return _done(request, key, people.deactivate_user, _("Deactivated; sessions and tokens ended."))


@staff
@require_POST
def activate(request: StaffRequest, key: int) -> HttpResponse:
    """Let somebody in again."""
    return _done(request, key, people.activate_user, _("Active again."))


@staff
@require_POST
def log_out(request: StaffRequest, key: int) -> HttpResponse:
    """End somebody's sessions."""
    return _done(request, key, people.end_sessions, _("Logged out everywhere."))


@staff
@require_POST
def link(request: StaffRequest, key: int) -> HttpResponse:
    """A link by which somebody sets a new password: mailed, or shown to be handed over."""
    known = _opened(request, key)
    try:
        return _linked(request, known)
    except DomainError as refusal:
        return _user_page(request, known, PersonForm(known=known), refusal=refusal)


@sensitive_variables("made", "url")
def _linked(request: StaffRequest, known: User) -> HttpResponse:
    made = people.make_link(known.pk, actor=request.actor)
    url = request.build_absolute_uri(reverse("set-password", args=[made.user, made.token]))
    if send_link(known, url):
        messages.success(request, _("The link was mailed to %(to)s.") % {"to": known.email})
        return redirect("settings-user", known.pk)
    once.done(request, reverse("settings-user", args=[known.pk]))
    response = _user_page(request, known, PersonForm(known=known), link=url)
    response.headers["Cache-Control"] = "no-store"
    return response


def _done(
    request: StaffRequest, key: int, service: Callable[..., None], words: str
) -> HttpResponse:
    known = _opened(request, key)
    try:
        service(known.pk, actor=request.actor)
    except DomainError as refusal:
        return _user_page(request, known, PersonForm(known=known), refusal=refusal)
    messages.success(request, words)
    return redirect("settings-user", known.pk)


def _opened(request: StaffRequest, key: int) -> User:
    request.actor.require(MANAGE_USERS)
    found = User.objects.prefetch_related("groups").filter(pk=key).first()
    if found is None:
        raise NotFound(_("There is no such user."), code="not_found")
    return found


def _user_page(
    request: StaffRequest,
    known: User,
    form: PersonForm,
    *,
    status: int = 200,
    refusal: DomainError | None = None,
    link: str = "",
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "person": user_facts(known, request.user),
        "warnings": conflicts_in(known.get_all_permissions()),
        "link": link,
        "problems": [refusal.message] if refusal else [],
        "crumbs": section_crumbs("settings-users"),
        "cancel_url": reverse("settings-users"),
        "sight_url": f"{reverse('settings-sight')}?user={known.pk}",
    }
    found = status_of(refusal) if refusal else status
    return page(request, "settings/user.html", context, status=found)
