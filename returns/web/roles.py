"""Who may do what: the roles with their rights, and the form that changes one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from returns.web.settings_forms import RoleForm
from rmaproject.access.roles import MANAGE_USERS, all_permissions, change_role
from rmaproject.shared.errors import DomainError, NotFound
from rmaproject.shared.http import status_of
from rmaproject.web.pages import page
from rmaproject.web.sections import settings_page
from rmaproject.web.staff import StaffRequest, staff


@staff
def roles(request: StaffRequest) -> HttpResponse:
    """The matrix of roles and rights."""
    request.actor.require(MANAGE_USERS)
    groups = list(Group.objects.order_by("pk"))
    held = _held(groups)
    matrix = {
        "names": [
            {"name": group.name, "url": reverse("settings-role", args=[group.pk])}
            for group in groups
        ],
        "rights": [
            {"label": row.name, "allowed": [name in held[group.pk] for group in groups]}
            for name, row in sorted(all_permissions().items())
        ],
    }
    return settings_page(request, "roles", {"roles": matrix})


@staff
def role(request: StaffRequest, key: int) -> HttpResponse:
    """Change the rights of a role."""
    request.actor.require(MANAGE_USERS)
    group = Group.objects.filter(pk=key).first()
    if group is None:
        raise NotFound(_("There is no such role."), code="not_found")
    form = RoleForm(request.POST or None, initial={"rights": sorted(_held([group])[group.pk])})
    refusal: DomainError | None = None
    if request.method == "POST":
        form = RoleForm(request.POST)
        if form.is_valid():
            try:
                change_role(group.pk, set(form.cleaned_data["rights"]), actor=request.actor)
            except DomainError as error:
                refusal = error
            else:
                messages.success(request, _("Saved."))
                return redirect("settings-roles")
    context: dict[str, Any] = {
        "heading": group.name,
        "form": form,
        "problems": [refusal.message] if refusal else [],
        "cancel_url": reverse("settings-roles"),
    }
    status = status_of(refusal) if refusal else 422 if form.errors else 200
    return page(request, "form.html", context, status=status)


def _held(groups: list[Group]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {group.pk: set() for group in groups}
    columns = ("group", "permission__content_type__app_label", "permission__codename")
    rows = Group.permissions.through.objects.filter(group__in=groups).values_list(*columns)
    for group, label, codename in rows:
        found[group].add(f"{label}.{codename}")
    return found
