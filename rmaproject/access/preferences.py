"""How somebody likes to see the desk: their own to change, no right needed, no event told."""

from __future__ import annotations

from typing import Any, Final
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from rmaproject.access.models import User
from rmaproject.access.roles import SECURITY
from rmaproject.shared.db import command
from rmaproject.shared.errors import Malformed, RuleViolation

FIELDS: Final = ("language", "time_zone", "theme", "single_keys")


def time_zones() -> list[str]:
    """The zones that somebody may live in, by name; the clock's own aliases are left out."""
    return sorted(name for name in available_timezones() if _is_place(name))


def _is_place(name: str) -> bool:
    return name == "UTC" or ("/" in name and not name.startswith(("Etc/", "SystemV/", "US/")))


@command
def save_preferences(user: User, **values: Any) -> User:
    """Keep what somebody chose; "" leaves it to the browser or the business.

    Raises Malformed `unknown_field`, and RuleViolation `invalid_language`, `invalid_time_zone`,
    `invalid_theme`.
    """
    if unknown := set(values) - set(FIELDS):
        raise Malformed(
            _("There is no preference %(unknown)s.") % {"unknown": min(unknown)},
            code="unknown_field",
        )
    if values.get("language") and values["language"] not in dict(settings.LANGUAGES):
        raise RuleViolation(_("The desk does not speak this language."), code="invalid_language")
    if values.get("time_zone") and values["time_zone"] not in available_timezones():
        raise RuleViolation(_("There is no such time zone."), code="invalid_time_zone")
    for name, value in values.items():
        setattr(user, name, value)
    user.save(update_fields=list(values))
    return user


@sensitive_variables()
@command
def change_password(user: User, old: str, new: str) -> User:
    """Give oneself another password; every session but the one at hand has to log in again.

    Raises RuleViolation `wrong_password`, `weak_password`.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.check_password(old):
        raise RuleViolation(_("This is not your password."), code="wrong_password", pointer="/old")
    try:
        validate_password(new, user)
    except ValidationError as error:
        message = " ".join(error.messages)
        raise RuleViolation(message, code="weak_password", pointer="/new") from error
    user.set_password(new)
    user.save(update_fields=["password"])
    SECURITY.info("Password changed by %s", user.get_username())
    return user
