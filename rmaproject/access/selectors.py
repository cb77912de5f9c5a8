"""The one gate: what may not be seen does not exist, what may not be done is refused."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import Permission
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext

from rmaproject.access.actors import Actor
from rmaproject.access.models import User
from rmaproject.shared.errors import NotFound

M = TypeVar("M", bound=Model)


def access(
    visible: QuerySet[M, M], ident: UUID | str | int, *, actor: Actor, permissions: tuple[str, ...]
) -> M:
    """The record with this UUID among those the actor sees, for something the actor may do.

    Raises NotFound for what is not there or may not be seen; NotPermitted for a lacking right.
    """
    for permission in permissions[:1]:
        actor.require(permission)
    found = visible.filter(**_key(ident)).first()
    if found is None:
        name = visible.model._meta.verbose_name
        raise NotFound(gettext("There is no such %(name)s.") % {"name": name}, code="not_found")
    for permission in permissions[1:]:
        actor.require(permission)
    return found


def service_users() -> QuerySet[User, User]:
    """The active users that only programs act as: nobody can log in as them."""
    locked = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return User.objects.filter(locked, is_active=True).order_by("username")


def _key(ident: UUID | str | int) -> dict[str, Any]:
    if isinstance(ident, int):
        return {"pk": ident}
    try:
        return {"uuid": ident if isinstance(ident, UUID) else UUID(ident)}
    except ValueError:
        return {"pk": None}


def people_who_may(permission: str) -> QuerySet[User, User]:
    """The active people who hold a permission by a role, by themselves, or as superusers."""
    label, _, codename = permission.partition(".")
    held = {"content_type__app_label": label, "codename": codename}
    own = Permission.objects.filter(**held)
    holders = Q(user_permissions__in=own) | Q(groups__permissions__in=own) | Q(is_superuser=True)
    keys = User.objects.filter(holders).order_by().values("pk")
    return User.objects.filter(pk__in=keys, is_active=True).order_by("pk")
