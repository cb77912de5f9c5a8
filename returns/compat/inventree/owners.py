"""Owners: their one key for a user or a group. Ours is even for users and odd for groups."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet

from returns.selectors import permission_for
from rmaproject.access.actors import Actor
from rmaproject.access.models import User

Owner = User | Group


def owner_key(owner: Owner) -> int:
    """The key of an owner."""
    return owner.pk * 2 + (1 if isinstance(owner, Group) else 0)


def owner_of(actor: Actor, key: int) -> Owner | None:
    """The owner with this key, among those that the actor sees."""
    if key % 2:
        return visible_groups(actor).filter(pk=key // 2).first()
    return visible_users(actor).filter(pk=key // 2).first()


def visible_users(actor: Actor) -> QuerySet[User, User]:
    """Everybody for who makes somebody responsible, else only the actor."""
    rows = User.objects.filter(is_active=True)
    return rows if _names_people(actor) else rows.filter(pk=actor.user_id or 0)


def visible_groups(actor: Actor) -> QuerySet[Group, Group]:
    """Every group for who makes one responsible, else only those of the actor."""
    rows = Group.objects.all()
    return rows if _names_people(actor) else rows.filter(Q(user=actor.user_id))


def _names_people(actor: Actor) -> bool:
    wanted = (permission_for("create"), permission_for("edit"), "sales.edit_order")
    return any(actor.may(permission) for permission in wanted)
