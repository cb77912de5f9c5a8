"""Who sees what: the records granted to a person or a role, and how much they see by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from customers.models import Company
from returns.models import ReturnOrder
from returns.web.settings.sight_forms import GrantForm, holder_of
from rmaproject.access import sight as services
from rmaproject.access.actors import SEE_ALL, Actor, Scope
from rmaproject.access.holding import MANAGE_USERS
from rmaproject.access.models import User
from rmaproject.access.teams import Team
from rmaproject.shared.errors import NotFound
from rmaproject.web.lists import counted
from rmaproject.web.people_words import role_name
from rmaproject.web.sections import settings_page
from rmaproject.web.staff import StaffRequest, staff
from sales.models import Business, SalesOrder


@dataclass(frozen=True)
class Kind:
    """A kind of record that is granted: what people call it, its rows, the page of one."""

    label: Promise
    model: Any
    url_name: str


KINDS: Final = {
    "businesses": Kind(gettext_lazy("Business"), Business, "settings-business"),
    "companies": Kind(gettext_lazy("Customer"), Company, "customers:detail"),
    "returns": Kind(gettext_lazy("Return"), ReturnOrder, "returns:detail"),
}


@staff
def sight(request: StaffRequest) -> HttpResponse:
    """What one person or one role sees; without one, whom to look at."""
    request.actor.require(MANAGE_USERS)
    holder = holder_of(request.GET)
    return _sight_page(request, holder, GrantForm(actor=request.actor))


@staff
@require_POST
def grant(request: StaffRequest) -> HttpResponse:
    """Let somebody see one more record."""
    request.actor.require(MANAGE_USERS)
    holder, form = _holder(request), GrantForm(request.POST, actor=request.actor)
    if not form.is_valid():
        return _sight_page(request, holder, form, status=422)
    services.grant_sight(holder, form.cleaned_data["record"], actor=request.actor)
    messages.success(request, _("Granted."))
    return redirect(_address(holder))


@staff
@require_POST
def withdraw(request: StaffRequest) -> HttpResponse:
    """Take a record out of somebody's sight."""
    request.actor.require(MANAGE_USERS)
    holder = _holder(request)
    record = _record(request)
    services.withdraw_sight(holder, record, actor=request.actor)
    messages.success(request, _("Withdrawn."))
    return redirect(_address(holder))


def _record(request: StaffRequest) -> Any:
    kind, key = KINDS.get(request.POST.get("kind", "")), request.POST.get("key", "")
    found = None
    if kind and key.isascii() and key.isdigit() and len(key) < 19:
        rows = kind.model.objects.visible_to(request.actor.scope)
        found = rows.filter(pk=int(key)).first()
    if found is None:
        raise NotFound(_("There is no such record."), code="not_found")
    return found


def _holder(request: StaffRequest) -> services.Holder:
    holder = holder_of(request.POST)
    if holder is None:
        raise NotFound(_("There is no such user or role."), code="not_found")
    return holder


def _address(holder: services.Holder) -> str:
    name = "user" if isinstance(holder, User) else "role"
    return f"{reverse('settings-sight')}?{name}={holder.pk}"


def _sight_page(
    request: StaffRequest, holder: services.Holder | None, form: GrantForm, *, status: int = 200
) -> HttpResponse:
    people = User.objects.filter(is_active=True).order_by("username")
    context: dict[str, Any] = {
        "people": [(row.pk, row.get_full_name() or row.get_username()) for row in people],
        "roles": [(row.pk, role_name(row.name)) for row in Group.objects.order_by("pk")],
        "form": None,
        "problems": [],
        "chosen": _chosen(request, holder, form) if holder else None,
    }
    return settings_page(request, "sight", context, status=status)


def _chosen(request: StaffRequest, holder: services.Holder, form: GrantForm) -> dict[str, Any]:
    reader = Actor(holder) if isinstance(holder, User) else Team(None, group=holder)
    name = holder.get_full_name() or holder.get_username() if isinstance(holder, User) else ""
    return {
        "name": name or str(holder),
        "field": "user" if isinstance(holder, User) else "role",
        "key": holder.pk,
        "is_role": not isinstance(holder, User),
        "everything": reader.scope.everything,
        "by": _by(holder) if reader.scope.everything else [],
        "counts": _counts(reader.scope),
        "grants": list(_grants(request, holder)),
        "form": form,
    }


def _by(holder: services.Holder) -> list[str]:
    """The roles by which somebody sees all."""
    codename = SEE_ALL.partition(".")[2]
    if isinstance(holder, Group):
        return [role_name(holder.name)]
    rows = holder.groups.filter(permissions__codename=codename)
    return [role_name(row.name) for row in rows]


def _counts(scope: Scope) -> list[dict[str, Any]]:
    shown: list[tuple[Promise, Callable[[Scope], Any]]] = [
        (gettext_lazy("Businesses"), Business.objects.visible_to),
        (gettext_lazy("Customers"), Company.objects.visible_to),
        (gettext_lazy("Sales orders"), SalesOrder.objects.visible_to),
        (gettext_lazy("Returns"), ReturnOrder.objects.visible_to),
    ]
    return [{"label": label, "count": counted(rows(scope))} for label, rows in shown]


def _grants(request: StaffRequest, holder: services.Holder) -> Any:
    for kind, keys in services.granted_keys(holder).items():
        known = KINDS[kind]
        for row in known.model.objects.visible_to(request.actor.scope).filter(pk__in=keys):
            yield {
                "kind": kind,
                "label": known.label,
                "name": str(row),
                "key": row.pk,
                "url": reverse(known.url_name, args=[row.uuid]),
            }
