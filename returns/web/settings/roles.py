"""Who may do what: the roles with their rights, and the forms that make and change them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import Group
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from returns.web.settings.forms import RoleForm
from returns.web.settings.people_forms import NewRoleForm, RoleNameForm
from returns.web.settings.rights import grouped_rights
from rmaproject.access import roles as services
from rmaproject.access.duties import conflicts_in
from rmaproject.access.holding import MANAGE_USERS
from rmaproject.access.models import User
from rmaproject.shared.errors import DomainError, NotFound
from rmaproject.shared.http import status_of
from rmaproject.web.lists import searched
from rmaproject.web.pages import page
from rmaproject.web.people_words import role_name
from rmaproject.web.sections import section_crumbs, settings_page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.submitting import submit


@staff
def roles(request: StaffRequest) -> HttpResponse:
    """The matrix of roles and rights, narrowed to the rights whose words are looked for."""
    request.actor.require(MANAGE_USERS)
    active = Count("user", filter=Q(user__is_active=True))
    groups = list(Group.objects.annotate(people=active).order_by("pk"))
    held = _held(groups)
    context = {
        "roles": [_role_row(group, held[group.pk]) for group in groups],
        "groups_of_rights": [
            {
                "label": found.label,
                "rights": [_right_row(row, groups, held) for row in found.rights],
            }
            for found in grouped_rights(searched(request))
        ],
        "q": searched(request),
        "new_url": reverse("settings-new-role"),
    }
    return settings_page(request, "roles", context)


def _right_row(row: Any, groups: Sequence[Group], held: dict[int, set[str]]) -> dict[str, Any]:
    allowed = [(role_name(group.name), row.name in held[group.pk]) for group in groups]
    return {"label": row.words, "allowed": allowed}


def _role_row(group: Any, held: set[str]) -> dict[str, Any]:
    return {
        "name": role_name(group.name),
        "url": reverse("settings-role", args=[group.pk]),
        "people": group.people,
        "warnings": len(conflicts_in(held)),
    }


@staff
def new_role(request: StaffRequest) -> HttpResponse:
    """Make a role, with the rights of another one or with none."""
    request.actor.require(MANAGE_USERS)
    form = NewRoleForm(request.POST or None, initial={"copied": request.GET.get("copied", "")})

    def act() -> Group:
        told = form.cleaned_data
        return services.create_role(told["name"], copied=told["copied"], actor=request.actor)

    outcome = submit(request, form, act)
    if outcome.done:
        messages.success(request, _("Made. Say now what it may do."))
        return redirect("settings-role", outcome.value.pk)
    context = {
        "heading": _("New role"),
        "form": form,
        "cancel_url": reverse("settings-roles"),
        "crumbs": section_crumbs("settings-roles"),
    }
    return page(request, "form.html", context, status=outcome.status)


@staff
def role(request: StaffRequest, key: int) -> HttpResponse:
    """Change the rights of a role."""
    group = _opened(request, key)
    if request.method != "POST":
        return _role_page(request, group)
    form = RoleForm(request.POST)
    if not form.is_valid():
        return _role_page(request, group, status=422)
    rights = set(form.cleaned_data["rights"])

    def act() -> object:
        return services.change_role(group.pk, rights, actor=request.actor)

    return _acted(request, group, act, _("Saved."), chosen=rights)


@staff
@require_POST
def complete(request: StaffRequest, key: int) -> HttpResponse:
    """Give a role of the program's own the rights that newer versions give it."""
    group = _opened(request, key)
    rights = services.held_by(group) | set(services.missing_rights(group))

    def act() -> object:
        return services.change_role(group.pk, rights, actor=request.actor)

    return _acted(request, group, act, _("The role has all its rights."))


@staff
@require_POST
def rename(request: StaffRequest, key: int) -> HttpResponse:
    """Call a role something else."""
    group, form = _opened(request, key), RoleNameForm(request.POST)
    if not form.is_valid():
        return _role_page(request, group, status=422)

    def act() -> object:
        return services.rename_role(group.pk, form.cleaned_data["name"], actor=request.actor)

    return _acted(request, group, act, _("Saved."))


@staff
@require_POST
def delete(request: StaffRequest, key: int) -> HttpResponse:
    """Throw a role away that nobody has."""
    group = _opened(request, key)
    try:
        services.delete_role(group.pk, actor=request.actor)
    except DomainError as refusal:
        return _role_page(request, group, refusal=refusal)
    messages.success(request, _("Deleted."))
    return redirect("settings-roles")


def _acted(
    request: StaffRequest,
    group: Group,
    act: Callable[[], object],
    words: str,
    chosen: set[str] | None = None,
) -> HttpResponse:
    try:
        act()
    except DomainError as refusal:
        return _role_page(request, group, refusal=refusal, chosen=chosen)
    messages.success(request, words)
    return redirect("settings-role", group.pk)


def _opened(request: StaffRequest, key: int) -> Group:
    request.actor.require(MANAGE_USERS)
    group = Group.objects.filter(pk=key).first()
    if group is None:
        raise NotFound(_("There is no such role."), code="not_found")
    return group


def _role_page(
    request: StaffRequest,
    group: Group,
    *,
    status: int = 200,
    refusal: DomainError | None = None,
    chosen: set[str] | None = None,
) -> HttpResponse:
    held = services.held_by(group)
    shown = held if chosen is None else chosen
    missing = set(services.missing_rights(group))
    people = User.objects.filter(groups=group, is_active=True).order_by("username")
    context: dict[str, Any] = {
        "role": group,
        "name": role_name(group.name),
        "built_in": services.is_built_in(group.name),
        "groups_of_rights": [
            {"label": found.label, "rights": [(row, row.name in shown) for row in found.rights]}
            for found in grouped_rights("")
        ],
        "missing": [
            row.words for found in grouped_rights("") for row in found.rights if row.name in missing
        ],
        "warnings": conflicts_in(held),
        "people": [
            {
                "name": user.get_full_name() or user.get_username(),
                "url": reverse("settings-user", args=[user.pk]),
            }
            for user in people
        ],
        "sight_url": f"{reverse('settings-sight')}?role={group.pk}",
        "problems": [refusal.message] if refusal else [],
        "crumbs": section_crumbs("settings-roles"),
    }
    found = status_of(refusal) if refusal else status
    return page(request, "settings/role.html", context, status=found)


def _held(groups: Sequence[Group]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {group.pk: set() for group in groups}
    columns = ("group", "permission__content_type__app_label", "permission__codename")
    rows = Group.permissions.through.objects.filter(group__in=groups).values_list(*columns)
    for group, label, codename in rows:
        found[group].add(f"{label}.{codename}")
    return found
