"""Who acts, through which door, and which rows they may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils.translation import gettext
from guardian.models import GroupObjectPermission, UserObjectPermission

from rmaproject.access.models import User
from rmaproject.shared.errors import NotPermitted

SEE_ALL = "access.see_all_businesses"

#: Object permissions that widen what somebody sees: (app label, model, codename).
GRANTS = {
    "businesses": ("sales", "business", "view_business"),
    "companies": ("customers", "company", "view_company"),
    "returns": ("returns", "returnorder", "view_return"),
}


@dataclass(frozen=True)
class Scope:
    """The rows that somebody may see: everything, or what was granted; nothing granted, nothing."""

    everything: bool = False
    user_id: int | None = None
    groups: frozenset[int] = frozenset()
    businesses: frozenset[int] = frozenset()
    companies: frozenset[int] = frozenset()
    returns: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Key:
    """The key in hand, as far as keys made with it must stay within it."""

    token_id: int | None = None
    expires_at: datetime | None = None
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Actor:
    """Somebody who acts. `user` None is the program itself, which may do all.

    Where the program acts because of somebody's step, `for_user_id` says whose it was.
    `scopes` are the permissions that the key in hand opens, None for all that the user holds;
    they narrow what may be done, never widen it. `key` is None for who came without one.
    """

    user: User | None
    door: str = "system"
    for_user_id: int | None = None
    scopes: frozenset[str] | None = None
    key: Key | None = None

    def may(self, permission: str) -> bool:
        """Whether this actor holds the permission, given as `app.codename`."""
        if self.user is None:
            return True
        if self.scopes is not None and permission not in self.scopes:
            return False
        return self._holds(permission)

    def require(self, permission: str) -> None:
        """Refuse when the actor lacks the permission.

        Raises NotPermitted `not_permitted`, or `insufficient_scope` where only the key in hand
        does not open it.
        """
        if not self.may(permission):
            if self._holds(permission):
                message = gettext(
                    "You hold the right, but this token does not open %(permission)s."
                ) % {"permission": permission}
                raise NotPermitted(message, code="insufficient_scope", permission=permission)
            message = gettext("You lack the right %(value)s.") % {
                "value": permission.partition(".")[2]
            }
            raise NotPermitted(message, code="not_permitted", permission=permission)

    @cached_property
    def scope(self) -> Scope:
        """The rows this actor may see; read once, so one request has one view of the rights."""
        if self.user is None:
            return Scope(everything=True)
        if self._holds(SEE_ALL):  # which rows is not a matter of the key in hand
            return Scope(everything=True, user_id=self.user.pk)
        return _granted_scope(self.user)

    def _holds(self, permission: str) -> bool:
        return bool(self.user and self.user.is_active and self.user.has_perm(permission))

    @property
    def user_id(self) -> int | None:
        return self.user.pk if self.user else None

    @property
    def answerable_id(self) -> int | None:
        """Who stands behind what is done: the actor, or whose step the program answers."""
        return self.user_id or self.for_user_id


def person_of(actor: Actor) -> User:
    """Who acts, for what belongs to people. Raises NotPermitted where the program does."""
    if actor.user is None:
        raise NotPermitted(gettext("This belongs to a person."), code="not_permitted")
    return actor.user


#: The program itself: migrations, imports, clock jobs.
SYSTEM = Actor(None)


def _granted_scope(user: User) -> Scope:
    groups = frozenset(user.groups.values_list("pk", flat=True))
    granted: dict[tuple[str, str, str], set[int]] = {}
    rows = _grant_rows(user, groups)
    for label, model, codename, key in rows:
        granted.setdefault((label, model, codename), set()).add(int(key))
    sets = {name: frozenset(granted.get(grant, ())) for name, grant in GRANTS.items()}
    return Scope(
        user_id=user.pk,
        groups=groups,
        businesses=sets["businesses"],
        companies=sets["companies"],
        returns=sets["returns"],
    )


def _grant_rows(user: User, groups: Iterable[int]) -> list[tuple[str, str, str, str]]:
    columns = (
        "content_type__app_label",
        "content_type__model",
        "permission__codename",
        "object_pk",
    )
    codenames = [codename for _, _, codename in GRANTS.values()]
    own = UserObjectPermission.objects.filter(user=user, permission__codename__in=codenames)
    shared = GroupObjectPermission.objects.filter(
        group_id__in=groups, permission__codename__in=codenames
    )
    return list(own.values_list(*columns).union(shared.values_list(*columns)))
