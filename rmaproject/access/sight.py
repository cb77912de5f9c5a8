"""Which records somebody sees: single businesses, customers and returns, granted one by one."""

from __future__ import annotations

from typing import Final

from django.contrib.auth.models import Group
from django.db.models import Model
from django.utils.translation import gettext as _
from guardian.models import GroupObjectPermission, UserObjectPermission
from guardian.shortcuts import assign_perm, remove_perm

from rmaproject.access.actors import GRANTS, Actor
from rmaproject.access.holding import MANAGE_USERS
from rmaproject.access.ledger import note
from rmaproject.access.models import User
from rmaproject.shared.db import command
from rmaproject.shared.errors import Malformed

Holder = User | Group
_RIGHTS: Final = {
    f"{label}.{model}": f"{label}.{codename}" for label, model, codename in GRANTS.values()
}


@command
def grant_sight(holder: Holder, record: Model, *, actor: Actor) -> None:
    """Let a person or a role see a business, a customer or a return with all that belongs to it.

    The caller has fetched the record as one that the actor sees. Raises Malformed
    `not_grantable`; NotPermitted.
    """
    actor.require(MANAGE_USERS)
    assign_perm(_right(record), holder, record)
    note(holder, "granted", actor=actor, what=_named(record))


@command
def withdraw_sight(holder: Holder, record: Model, *, actor: Actor) -> None:
    """Take a record out of somebody's sight again, as far as nothing else brings it there."""
    actor.require(MANAGE_USERS)
    remove_perm(_right(record), holder, record)
    note(holder, "withdrawn", actor=actor, what=_named(record))


def granted_keys(holder: Holder) -> dict[str, list[int]]:
    """The keys of what was granted, by the kinds of `actors.GRANTS`."""
    columns = ("content_type__app_label", "content_type__model", "permission__codename")
    rows = (
        UserObjectPermission.objects.filter(user=holder)
        if isinstance(holder, User)
        else GroupObjectPermission.objects.filter(group=holder)
    )
    found: dict[str, list[int]] = {kind: [] for kind in GRANTS}
    kinds = {grant: kind for kind, grant in GRANTS.items()}
    for *named, key in rows.values_list(*columns, "object_pk"):
        kind = kinds.get((named[0], named[1], named[2]))
        if kind:
            found[kind].append(int(key))
    return found


def _right(record: Model) -> str:
    right = _RIGHTS.get(record._meta.label_lower)
    if right is None:
        message = _("Only businesses, customers and returns are granted one by one.")
        raise Malformed(message, code="not_grantable")
    return right


def _named(record: Model) -> str:
    return f"{record._meta.verbose_name} {getattr(record, 'reference', '') or record}"
