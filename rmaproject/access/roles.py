"""The roles made at install: groups with permissions, which an administrator may change."""

from __future__ import annotations

from typing import Final

from django.contrib.auth.models import Group, Permission
from django.db.models import ProtectedError, QuerySet
from django.utils.translation import gettext
from guardian.models import GroupObjectPermission

from rmaproject.access.actors import Actor
from rmaproject.access.holding import MANAGE_USERS, Guard, require_held
from rmaproject.access.ledger import SECURITY, note
from rmaproject.access.models import User
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict, Malformed, RuleViolation

__all__ = ["MANAGE_USERS", "SECURITY", "change_role", "make_admin", "make_roles"]

#: What everybody in a role sees.
SEE: Final = (
    "access.see_all_businesses customers.view_company stock.view_stock sales.view_business "
    "sales.view_order returns.view_return"
).split()
BOOKS: Final = (
    "sales.view_invoice sales.view_payment sales.view_creditnote sales.view_refund"
).split()
SERVE: Final = (
    "customers.create_company customers.edit_company sales.create_order sales.edit_order "
    "sales.issue_order sales.hold_order sales.resume_order sales.cancel_order "
    "returns.create_return returns.edit_return returns.issue_return returns.hold_return "
    "returns.resume_return returns.cancel_return returns.delete_return returns.release_return "
    "returns.match_return returns.replace_return returns.comment_return sales.edit_bank_details "
    "views.share_view"
).split()
KEEP: Final = (
    "stock.correct_stock sales.allocate_order sales.ship_order sales.complete_order "
    "returns.receive_return returns.receive_unknown returns.dispose_return "
    "returns.send_back_return returns.reverse_receipt returns.comment_return"
).split()
INSPECT: Final = (
    "returns.receive_return returns.inspect_return returns.dispose_return returns.comment_return"
).split()
PAY: Final = (
    "sales.create_invoice sales.record_payment sales.apply_creditnote sales.pay_out_creditnote "
    "sales.create_refund sales.edit_refund sales.cancel_refund sales.pay_refund "
    "sales.edit_bank_details sales.see_bank_details "
    "returns.credit_return returns.credit_without_goods returns.reverse_credit "
    "returns.charge_return returns.complete_return returns.comment_return"
).split()
DECIDE: Final = (
    "returns.approve_return returns.reject_return returns.reopen_return returns.override_policy "
    "returns.override_inspection sales.approve_refund "
    "stock.edit_part stock.edit_location sales.record_order returns.record_return"
).split()

#: Verbs that no machine holds on its own: they are decisions of people.
PEOPLE_ONLY: Final = {
    "returns.approve_return",
    "returns.override_policy",
    "returns.override_inspection",
    "sales.approve_refund",
    "sales.pay_refund",
    "sales.see_bank_details",
    "sales.edit_limits",
    "access.manage_settings",
    "access.manage_users",
}

ROLES: Final[dict[str, list[str]]] = {
    "Viewer": SEE,
    "Service agent": [*SEE, *BOOKS, *SERVE],
    "Warehouse": [*SEE, *KEEP],
    "Inspector": [*SEE, *INSPECT],
    "Finance": [*SEE, *BOOKS, *PAY],
    "Manager": [*SEE, *BOOKS, *SERVE, *KEEP, *INSPECT, *PAY, *DECIDE],
}
#: Roles that hold every permission of ours, the second one but those of people.
WHOLE: Final = ("Administrator", "Integrator")
OUR_APPS: Final = ("access", "webhooks", "views", "customers", "stock", "sales", "returns")


@command
def make_roles() -> list[str]:
    """Make the roles that are missing; a role that is there keeps what was given to it.

    Gives the names of the roles made.
    """
    there, known = set(Group.objects.values_list("name", flat=True)), all_permissions()
    missing = [Group(name=name) for name in (*ROLES, *WHOLE) if name not in there]
    given = Group.permissions.through
    Group.objects.bulk_create(missing)
    given.objects.bulk_create(
        given(group=group, permission=right)
        for group in missing
        for right in _permissions(group.name, known)
    )
    return [group.name for group in missing]


@command
def make_admin(username: str, password: str) -> bool:
    """Make the first administrator; False and nothing changed when the user exists."""
    if User.objects.filter(username=username).exists():
        return False
    user = User.objects.create_user(username, password=password, is_staff=True, is_superuser=True)
    user.groups.add(Group.objects.get(name="Administrator"))
    return True


def all_permissions() -> dict[str, Permission]:
    """Every permission of our apps by its full name."""
    rows = Permission.objects.filter(content_type__app_label__in=OUR_APPS)
    rows = rows.select_related("content_type")
    return {_name(row): row for row in rows}


def _permissions(role: str, known: dict[str, Permission]) -> list[Permission]:
    if role == "Administrator":
        return list(known.values())
    if role == "Integrator":
        return [row for name, row in known.items() if name not in PEOPLE_ONLY]
    return [known[name] for name in dict.fromkeys(ROLES[role])]


@command
def change_role(group_id: int, names: set[str], *, actor: Actor) -> Group:
    """Give a role exactly these permissions; the ledger of rights keeps who changed what.

    Raises NotPermitted `exceeds_own_rights` for rights that the actor lacks; RuleViolation
    `own_administration`, `nobody_manages_users` when no role could change roles any more, and
    `last_administrator` when nobody could.
    """
    group = Group.objects.select_for_update().get(pk=group_id)
    known = all_permissions()
    before = held_by(group)
    after = names & set(known)
    require_held(actor, after - before)
    with Guard(actor):
        group.permissions.remove(*(known[name] for name in before - after))
        group.permissions.add(*(known[name] for name in after - before))
        if MANAGE_USERS in before - after and not _managing_roles().exists():
            message = gettext(
                "Some role must be able to give people roles; give it to another role first."
            )
            raise RuleViolation(message, code="nobody_manages_users")
    if before != after:
        note(
            group,
            "changed",
            actor=actor,
            given=sorted(after - before),
            taken=sorted(before - after),
        )
    return group


@command
def create_role(name: str, *, actor: Actor, copied: Group | None = None) -> Group:
    """Make a role, with the rights of another one or with none.

    Raises Malformed `name_required`; Conflict `role_exists`; NotPermitted `exceeds_own_rights`.
    """
    actor.require(MANAGE_USERS)
    rights = held_by(copied) if copied else set()
    require_held(actor, rights)
    group = Group.objects.create(name=_free_name(name))
    group.permissions.add(*(all_permissions()[right] for right in rights))
    note(group, "made", actor=actor, given=sorted(rights))
    return group


@command
def rename_role(group_id: int, name: str, *, actor: Actor) -> Group:
    """Call a role something else. Raises as `create_role`; RuleViolation `role_is_built_in`."""
    actor.require(MANAGE_USERS)
    group = Group.objects.select_for_update().get(pk=group_id)
    if group.name == name.strip():
        return group
    _require_own(group)
    former, group.name = group.name, _free_name(name, group.pk)
    group.save(update_fields=["name"])
    note(group, "renamed", actor=actor, former=former)
    return group


@command
def delete_role(group_id: int, *, actor: Actor) -> None:
    """Throw away a role that nobody has and nothing names.

    Raises RuleViolation `role_is_built_in`; Conflict `role_in_use`.
    """
    actor.require(MANAGE_USERS)
    group = Group.objects.select_for_update().get(pk=group_id)
    _require_own(group)
    message = gettext(
        "%(name)s is in use; take it from its people and from what names it first."
    ) % {"name": group.name}
    in_use = Conflict(message, code="role_in_use")
    if group.user_set.exists() or GroupObjectPermission.objects.filter(group=group).exists():
        raise in_use
    note(group, "removed", actor=actor)
    try:
        group.delete()
    except ProtectedError as error:
        raise in_use from error


def held_by(group: Group) -> set[str]:
    """The permissions of ours that a role holds."""
    rows = group.permissions.select_related("content_type")
    return {_name(row) for row in rows if row.content_type.app_label in OUR_APPS}


def is_built_in(name: str) -> bool:
    """Whether the program makes a role of this name at each start."""
    return name in ROLES or name in WHOLE


def missing_rights(group: Group) -> list[str]:
    """What the program gives a role of this name today and this one lacks: newer rights mostly."""
    if not is_built_in(group.name):
        return []
    wanted = {_name(row) for row in _permissions(group.name, all_permissions())}
    return sorted(wanted - held_by(group))


def _free_name(name: str, own: int = 0) -> str:
    name = name.strip()
    if not name:
        raise Malformed(gettext("A role needs a name."), code="name_required", pointer="/name")
    if Group.objects.filter(name__iexact=name).exclude(pk=own).exists():
        message = gettext("Another role is called %(name)r.") % {"name": name}
        raise Conflict(message, code="role_exists", pointer="/name")
    return name


def _require_own(group: Group) -> None:
    if is_built_in(group.name):
        message = gettext("The program makes the role %(name)s itself; copy it instead.") % {
            "name": group.name
        }
        raise RuleViolation(message, code="role_is_built_in")


def _managing_roles() -> QuerySet[Group, Group]:
    label, _, codename = MANAGE_USERS.partition(".")
    key = {"permissions__content_type__app_label": label, "permissions__codename": codename}
    return Group.objects.filter(**key)


def _name(row: Permission) -> str:
    return f"{row.content_type.app_label}.{row.codename}"
