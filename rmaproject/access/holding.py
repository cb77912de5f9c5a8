"""Who holds which rights, and that nobody hands out or takes over more than they hold."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext

from rmaproject.access.actors import SEE_ALL, Actor
from rmaproject.access.models import User
from rmaproject.shared.errors import NotPermitted, RuleViolation

MANAGE_USERS = "access.manage_users"


def managing_users() -> list[int]:
    """The keys of active people who can log in and may manage users."""
    label, _, codename = MANAGE_USERS.partition(".")
    right = Permission.objects.filter(content_type__app_label=label, codename=codename)
    holds = Q(is_superuser=True) | Q(groups__permissions__in=right) | Q(user_permissions__in=right)
    people = User.objects.filter(holds, is_active=True).exclude(
        password__startswith=UNUSABLE_PASSWORD_PREFIX
    )
    return list(people.distinct().values_list("pk", flat=True))


def one_at_a_time() -> None:
    """Wait until nobody else changes rights; until the end of the transaction nobody will."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('access.rights', 0))")


class Guard:
    """Kept around a change of rights: afterwards somebody, the actor too, can still manage users.

    Changes of rights happen one at a time, so two of them cannot each leave it to the other.
    Raises RuleViolation `own_administration`, `last_administrator`.
    """

    def __init__(self, actor: Actor) -> None:
        self.actor = actor

    def __enter__(self) -> Guard:
        one_at_a_time()
        self.before = managing_users()
        return self

    def __exit__(self, failed: object, *more: object) -> None:
        if failed is not None:
            return
        after = managing_users()
        if self.before and not after:
            message = gettext(
                "Somebody active must be able to manage users; give the right to another one."
            )
            raise RuleViolation(message, code="last_administrator")
        if self.actor.user_id in self.before and self.actor.user_id not in after:
            message = gettext(
                "You would lose the right to manage users yourself; let somebody else do it."
            )
            raise RuleViolation(message, code="own_administration")


def require_held(actor: Actor, rights: Collection[str]) -> None:
    """Refuse to deal out rights that the actor lacks.

    Raises NotPermitted `exceeds_own_rights` with their names.
    """
    beyond = sorted(right for right in rights if not _holds(actor, right))
    if beyond:
        message = gettext("You lack these rights yourself: %(beyond)s.") % {
            "beyond": ", ".join(beyond)
        }
        raise NotPermitted(message, code="exceeds_own_rights", rights=beyond)


def _holds(actor: Actor, right: str) -> bool:
    return actor.scope.everything if right == SEE_ALL else actor.may(right)
