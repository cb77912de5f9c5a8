"""A team that reads: a role by itself, without anybody in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.contrib.auth.models import Group
from guardian.models import GroupObjectPermission

from rmaproject.access.actors import GRANTS, SEE_ALL, Actor, Scope

#: No user has this key: what is nobody's own must not match what has no owner.
NOBODY = 0


@dataclass(frozen=True)
class Team(Actor):
    """Holds what its role holds and sees what was granted to the role: never more than a member."""

    group: Group | None = None

    def may(self, permission: str) -> bool:
        """Whether the role holds the permission."""
        return permission in self._permissions

    @cached_property
    def scope(self) -> Scope:
        """The rows that every member sees by this role alone."""
        if self.group is None:
            return Scope(user_id=NOBODY)
        if self.may(SEE_ALL):
            return Scope(everything=True, user_id=NOBODY)
        granted = self._granted(self.group)
        return Scope(
            user_id=NOBODY,
            groups=frozenset({self.group.pk}),
            businesses=granted["businesses"],
            companies=granted["companies"],
            returns=granted["returns"],
        )

    @cached_property
    def _permissions(self) -> frozenset[str]:
        if self.group is None:
            return frozenset()
        columns = ("content_type__app_label", "codename")
        rows = self.group.permissions.values_list(*columns)
        return frozenset(f"{label}.{codename}" for label, codename in rows)

    def _granted(self, group: Group) -> dict[str, frozenset[int]]:
        codenames = [codename for _, _, codename in GRANTS.values()]
        rows = GroupObjectPermission.objects.filter(
            group=group, permission__codename__in=codenames
        ).values_list(
            "content_type__app_label", "content_type__model", "permission__codename", "object_pk"
        )
        found = {(label, model, codename, int(key)) for label, model, codename, key in rows}
        return {
            name: frozenset(key for *known, key in found if tuple(known) == grant)
            for name, grant in GRANTS.items()
        }
