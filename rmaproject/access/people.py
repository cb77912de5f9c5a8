"""People who use the desk: invited, changed, let in and shut out by other people."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.contrib.auth.models import Group
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import F
from django.utils.crypto import get_random_string
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from oauth2_provider.models import AccessToken, RefreshToken

from rmaproject.access.actors import SEE_ALL, Actor
from rmaproject.access.holding import MANAGE_USERS, Guard, require_held
from rmaproject.access.ledger import note
from rmaproject.access.models import ApiToken, OAuthCode, User
from rmaproject.access.roles import held_by
from rmaproject.access.scopes import permissions
from rmaproject.shared import clock
from rmaproject.shared.db import command
from rmaproject.shared.errors import Conflict, RuleViolation

EDITABLE: Final = ("username", "first_name", "last_name", "email")


@dataclass(frozen=True)
class LinkKey:
    """What a link to set one's password carries; it ends with its use and after some days."""

    user: str
    token: str


@command
def create_user(
    values: dict[str, str], roles: Collection[Group], *, actor: Actor, service: bool = False
) -> User:
    """Add a person, who gets in by a link alone, or a service user that only programs act as.

    Raises RuleViolation `invalid_username`, `invalid_email`; Conflict `user_exists`; NotPermitted
    `exceeds_own_rights` for roles with rights that the actor lacks.
    """
    actor.require(MANAGE_USERS)
    user = User(**_checked(values, None))
    if service:
        user.set_unusable_password()
    else:
        user.set_password(get_random_string(50))  # known to nobody: the link replaces it
    _require_may_give(actor, roles)
    user.save(force_insert=True)
    user.groups.set(roles)
    note(user, "added", actor=actor, roles=_names(roles), **({"service": True} if service else {}))
    return user


@command
def edit_user(
    user_id: int, values: dict[str, str], roles: Collection[Group], *, actor: Actor
) -> User:
    """Change somebody's name, e-mail and roles. Roles that stay are not asked about.

    Raises as `create_user`; RuleViolation `own_administration`, `last_administrator`.
    """
    user = _lock(user_id, actor)
    checked = _checked(values, user)
    changed = sorted(name for name, value in checked.items() if getattr(user, name) != value)
    before = set(user.groups.all())
    given, taken = set(roles) - before, before - set(roles)
    _require_may_give(actor, given)
    with Guard(actor):
        for name in changed:
            setattr(user, name, checked[name])
        user.save(update_fields=changed)
        user.groups.set(roles)
    if changed or given or taken:
        note(user, "changed", actor=actor, fields=changed, given=_names(given), taken=_names(taken))
    return user


@command
def deactivate_user(user_id: int, *, actor: Actor) -> None:
    """Shut somebody out at once: sessions, tokens and what applications hold for them end.

    What they did stays. Raises RuleViolation `own_account`, `last_administrator`; NotPermitted.
    """
    user = _lock(user_id, actor)
    if user.pk == actor.user_id:
        message = _("You cannot deactivate yourself; let somebody else do this.")
        raise RuleViolation(message, code="own_account")
    if not user.is_active:
        return
    with Guard(actor):
        User.objects.filter(pk=user.pk).update(is_active=False)
    _end_keys(user)
    note(user, "deactivated", actor=actor)


@command
def activate_user(user_id: int, *, actor: Actor) -> None:
    """Let somebody in again, with the roles they had; sessions and tokens stay ended."""
    user = _lock(user_id, actor)
    if user.is_active:
        return
    User.objects.filter(pk=user.pk).update(is_active=True)
    note(user, "activated", actor=actor)


@command
def end_sessions(user_id: int, *, actor: Actor) -> None:
    """Log somebody out wherever they are logged in. Raises NotPermitted `exceeds_own_rights`."""
    user = _lock(user_id, actor)
    _end_sessions(user)
    note(user, "logged_out", actor=actor)


@sensitive_variables("token")
@command
def make_link(user_id: int, *, actor: Actor) -> LinkKey:
    """What a link carries by which somebody sets a password, once; until then the old one holds.

    Raises RuleViolation `not_active`, `service_user`; NotPermitted `exceeds_own_rights`, since
    who has the link can be that person.
    """
    user = _lock(user_id, actor)
    if not user.is_active:
        message = _("%(get_username)s is not active; activate the account first.") % {
            "get_username": user.get_username()
        }
        raise RuleViolation(message, code="not_active")
    if not user.has_usable_password():
        message = _("%(get_username)s is a service user: only programs act as it, by tokens.") % {
            "get_username": user.get_username()
        }
        raise RuleViolation(message, code="service_user")
    note(user, "link_made", actor=actor)
    token = default_token_generator.make_token(user)
    return LinkKey(urlsafe_base64_encode(force_bytes(user.pk)), token)


@sensitive_variables("password")
@command
def set_password(user: User, password: str) -> None:
    """Let somebody who came by a link have a password; every session of before ends."""
    row = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    row.set_password(password)
    row.save(update_fields=["password"])
    note(row, "password_set", actor=Actor(row, door="web"))


def _lock(user_id: int, actor: Actor) -> User:
    """The person, locked; nobody touches who holds more than they do themselves."""
    actor.require(MANAGE_USERS)
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    if user.pk != actor.user_id:
        require_held(actor, user.get_all_permissions() & {*permissions(), SEE_ALL})
    return user


def _require_may_give(actor: Actor, roles: Collection[Group]) -> None:
    require_held(actor, {right for role in roles for right in held_by(role)})


def _checked(values: dict[str, str], known: User | None) -> dict[str, str]:
    told: dict[str, str] = {name: values[name].strip() for name in EDITABLE if name in values}
    name = told.get("username", known.username if known else "")
    try:
        User.username_validator(name)
    except ValidationError as error:
        message = _("A user name has letters, digits and @ . + - _ only.")
        raise RuleViolation(message, code="invalid_username", pointer="/username") from error
    _check_email(told.get("email", ""))
    if User.objects.filter(username__iexact=name).exclude(pk=known.pk if known else 0).exists():
        message = _("There is a user %(name)r already; choose another name.") % {"name": name}
        raise Conflict(message, code="user_exists", pointer="/username")
    return told


def _check_email(address: str) -> None:
    try:
        validate_email(address or "nobody@example.com")
    except ValidationError as error:
        message = _("%(address)r is no e-mail address.") % {"address": address}
        raise RuleViolation(message, code="invalid_email", pointer="/email") from error


def _end_keys(user: User) -> None:
    now = clock.now()
    ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=now)
    RefreshToken.objects.filter(user=user, revoked=None).update(revoked=now)
    AccessToken.objects.filter(user=user).delete()
    OAuthCode.objects.filter(user=user).delete()
    _end_sessions(user)


def _end_sessions(user: User) -> None:
    User.objects.filter(pk=user.pk).update(session_round=F("session_round") + 1)


def _names(roles: Collection[Group]) -> list[str]:
    return sorted(role.name for role in roles)
