"""Users as the pages show them."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rmaproject.access.models import ApiToken, RightsEntry, User
from rmaproject.web.people_words import role_name, told_of

WHO: Final = {
    "active": gettext_lazy("Active people"),
    "service": gettext_lazy("Service users"),
    "inactive": gettext_lazy("Deactivated"),
}
_PROGRAMS: Final = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
LATEST: Final = 8


def find_users(who: str, text: str) -> QuerySet[User, User]:
    """The users of one kind whose names have this text."""
    rows = User.objects.prefetch_related("groups")
    kinds = {
        "active": rows.filter(~_PROGRAMS, is_active=True),
        "service": rows.filter(_PROGRAMS, is_active=True),
        "inactive": rows.filter(is_active=False),
    }
    found = kinds[who]
    names = ("username", "first_name", "last_name", "email")
    matches = Q()
    for name in names:
        matches |= Q(**{f"{name}__icontains": text})
    return found.filter(matches) if text else found


def user_row(user: User) -> dict[str, Any]:
    """A row of the list."""
    return {
        "name": user.get_full_name() or user.get_username(),
        "username": user.get_username(),
        "email": user.email,
        "roles": [role_name(group.name) for group in user.groups.all()],
        "last_login": user.last_login,
        "state": _state(user),
        "key": user.pk,
        "url": reverse("settings-user", args=[user.pk]),
    }


def user_facts(user: User, reader: User) -> dict[str, Any]:
    """What the page of a user says beside the form."""
    service = not user.has_usable_password()
    steps = {
        name: reverse(f"settings-{name}-user", args=[user.pk])
        for name in ("deactivate", "activate", "log-out", "link")
    }
    return {
        **user_row(user),
        "joined": user.date_joined,
        "service": service,
        "active": user.is_active,
        "own": user.pk == reader.pk,
        "tokens": ApiToken.objects.filter(user=user, revoked_at=None).count(),
        "urls": {name.replace("-", "_"): url for name, url in steps.items()},
        "history": _history(user),
    }


def _history(user: User) -> list[dict[str, Any]]:
    rows = RightsEntry.objects.filter(subject="user", subject_id=user.pk).select_related("actor")
    return [told_of(row) for row in rows.order_by("-pk")[:LATEST]]


def _state(user: User) -> str:
    if not user.is_active:
        return _("Deactivated")
    if not user.has_usable_password():
        return _("Service user")
    return "" if user.last_login else _("Never logged in")
