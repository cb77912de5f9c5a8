"""Who calls, the token for it, and the people that orders can belong to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from returns.compat.inventree.base import InventreeDoor
from returns.compat.inventree.filters import by_flag
from returns.compat.inventree.lists import answer_with, require_known
from returns.compat.inventree.owners import (
    Owner,
    owner_key,
    owner_of,
    visible_groups,
    visible_users,
)
from returns.compat.inventree.resources import Answered, Records
from rmaproject.access.models import User
from rmaproject.access.tokens import named_token
from rmaproject.shared.errors import NotFound, NotPermitted

#: The name of a token that a client does not name.
UNNAMED = "inventree"


def show_user(user: User) -> dict[str, Any]:
    """A person in short."""
    return {
        "pk": user.pk,
        "username": user.username,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "is_active": user.is_active,
    }


def show_owner(owner: Owner) -> dict[str, Any]:
    """An owner as orders name it in full."""
    group = isinstance(owner, Group)
    name = owner.name if isinstance(owner, Group) else owner.get_username()
    label = name if group else owner.get_full_name() or name  # type: ignore[union-attr]
    return {
        "pk": owner_key(owner),
        "owner_id": owner.pk,
        "owner_model": "group" if group else "user",
        "name": name,
        "label": label,
    }


class Me(InventreeDoor):
    """The caller."""

    def get(self, request: Request) -> Response:
        require_known(request, ())
        user = self.actor.user
        if user is None:
            raise NotAuthenticated
        groups = [{"pk": group.pk, "name": group.name} for group in user.groups.order_by("pk")]
        more = {
            "email": user.email,
            "is_staff": user.is_staff,
            "is_superuser": user.is_superuser,
            "groups": groups,
        }
        return Response({**show_user(user), **more})


class Tokens(InventreeDoor):
    """The token of a name, the same each time; asked for with the account's password only.

    Else a token could be turned into one that opens more, or lives longer.
    """

    def get(self, request: Request) -> Response:
        require_known(request, {"name"})
        user = self.actor.user
        scheme = request.headers.get("Authorization", "").partition(" ")[0].lower()
        if user is None or scheme != "basic":
            message = "Ask for a token with a name and password, not with another token."
            raise NotPermitted(message, code="not_permitted")
        name = request.query_params.get("name", "").replace("\x00", "").strip() or UNNAMED
        return Response({"token": named_token(user, name=name[:100]), "name": name[:100]})


class Users(Records):
    """People."""

    title = "User"
    filters = {"is_active": by_flag(Q(is_active=True))}
    orderings = {"username": "username", "pk": "pk"}
    default_ordering = "username"

    def visible(self) -> QuerySet[User, User]:
        return visible_users(self.actor)

    def find(self, rows: QuerySet[Any, Any], text: str) -> QuerySet[Any, Any]:
        return rows.filter(username__icontains=text)

    def show(self, row: User, flags: Mapping[str, bool]) -> dict[str, Any]:
        return show_user(row)


class Owners(InventreeDoor):
    """People and groups under one key."""

    def get(self, request: Request, pk: int | None = None) -> Answered:
        require_known(request, ())
        if pk is not None:
            found = owner_of(self.actor, pk) if pk < 2**63 else None
            if found is None:
                raise NotFound("Not found.", code="not_found")
            return Response(show_owner(found))
        users = visible_users(self.actor).order_by("username")
        groups = visible_groups(self.actor).order_by("name")
        owners: list[Owner] = [*users, *groups]
        return answer_with(request, [show_owner(owner) for owner in owners])
