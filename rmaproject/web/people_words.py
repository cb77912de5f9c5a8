"""What was done to people, roles and what they see, in words."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from rmaproject.access.models import RightsEntry
from rmaproject.access.scopes import permissions

VERBS: Final = {
    "added": gettext_lazy("added"),
    "made": gettext_lazy("made"),
    "changed": gettext_lazy("changed"),
    "renamed": gettext_lazy("renamed"),
    "removed": gettext_lazy("removed"),
    "activated": gettext_lazy("activated"),
    "deactivated": gettext_lazy("deactivated"),
    "logged_out": gettext_lazy("logged out everywhere"),
    "link_made": gettext_lazy("given a link to set a password"),
    "password_set": gettext_lazy("set a password by the link"),
    "granted": gettext_lazy("given sight of a record"),
    "withdrawn": gettext_lazy("deprived of sight of a record"),
}
LABELS: Final = {
    "given": gettext_lazy("Given"),
    "taken": gettext_lazy("Taken"),
    "roles": gettext_lazy("Roles"),
    "former": gettext_lazy("Before"),
    "fields": gettext_lazy("Fields"),
    "what": gettext_lazy("Record"),
    "service": gettext_lazy("Service user"),
}

#: The roles that the program makes itself; others are called as people called them.
ROLES: Final = {
    "Viewer": pgettext_lazy("role", "Viewer"),
    "Service agent": pgettext_lazy("role", "Service agent"),
    "Warehouse": pgettext_lazy("role", "Warehouse"),
    "Inspector": pgettext_lazy("role", "Inspector"),
    "Finance": pgettext_lazy("role", "Finance"),
    "Manager": pgettext_lazy("role", "Manager"),
    "Administrator": pgettext_lazy("role", "Administrator"),
    "Integrator": pgettext_lazy("role", "Integrator"),
}


def role_name(name: object) -> str:
    """What a role, given by itself or by its name, is called in the reader's language."""
    return str(ROLES.get(str(name), name))


def told_of(row: RightsEntry) -> dict[str, Any]:
    """An entry as a line: when, who, what, to whom."""
    known = {name: _(label) for name, label in permissions().items()}
    return {
        "at": row.at,
        "who": (row.actor.get_full_name() or row.actor.get_username()) if row.actor else "",
        "subject": row.name,
        "kind": _("User") if row.subject == "user" else _("Role"),
        "verb": VERBS.get(row.verb, row.verb),
        "facts": [
            {"label": LABELS.get(name, name), "value": _value(value, known)}
            for name, value in row.facts.items()
            if value
        ],
    }


def _value(value: Any, known: dict[str, str]) -> str:
    if isinstance(value, list):
        return ", ".join(known.get(str(word), str(word)) for word in value)
    return _("Yes") if value is True else str(value)
