"""The settings: sections in groups beside one another, each a page of its own template."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rmaproject.access.actors import Actor
from rmaproject.web.nav import address
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest

MANAGE: Final = "access.manage_settings"
USERS: Final = "access.manage_users"


@dataclass(frozen=True)
class Section:
    """One section: its template is `settings/<key>.html`; no `right`, and everybody has it."""

    key: str
    url_name: str
    label: str | Promise
    group: str | Promise
    right: str = ""


PEOPLE: Final = gettext_lazy("People")
RULES: Final = gettext_lazy("Rules")
BUSINESS: Final = gettext_lazy("Business")
CONNECTIONS: Final = gettext_lazy("Connections")
RECORDS: Final = gettext_lazy("Records")

#: In the order in which they are shown; those of an app that is left out are not.
SECTIONS: Final = (
    Section("general", "settings", gettext_lazy("General"), "", MANAGE),
    Section("users", "settings-users", gettext_lazy("Users"), PEOPLE, USERS),
    Section("roles", "settings-roles", gettext_lazy("Roles"), PEOPLE, USERS),
    Section("sight", "settings-sight", gettext_lazy("Who sees what"), PEOPLE, USERS),
    Section("policies", "settings-policies", gettext_lazy("Rules for returns"), RULES, MANAGE),
    Section("reasons", "settings-reasons", gettext_lazy("Reasons"), RULES, MANAGE),
    Section("dispositions", "settings-dispositions", gettext_lazy("Dispositions"), RULES, MANAGE),
    Section("sheets", "settings-sheets", gettext_lazy("Inspection sheets"), RULES, MANAGE),
    Section("categories", "settings-categories", gettext_lazy("Part categories"), RULES, MANAGE),
    Section("fields", "settings-fields", gettext_lazy("Fields"), RULES, MANAGE),
    Section("businesses", "settings-businesses", gettext_lazy("Businesses"), BUSINESS, MANAGE),
    Section("numbers", "settings-numbers", gettext_lazy("Number patterns"), BUSINESS, MANAGE),
    Section("limits", "settings-limits", gettext_lazy("Limits"), BUSINESS, "sales.edit_limits"),
    Section("demo", "settings-demo", gettext_lazy("Demo data"), BUSINESS, MANAGE),
    Section("tokens", "settings-tokens", gettext_lazy("Tokens"), CONNECTIONS),
    Section(
        "applications", "settings-applications", gettext_lazy("Applications"), CONNECTIONS, USERS
    ),
    Section(
        "webhooks",
        "settings-webhooks",
        gettext_lazy("Webhooks"),
        CONNECTIONS,
        "webhooks.manage_webhooks",
    ),
    Section("calendars", "settings-calendars", gettext_lazy("Calendar feeds"), CONNECTIONS),
    Section("trail", "settings-trail", gettext_lazy("Audit"), RECORDS, MANAGE),
)


def section_crumbs(url_name: str) -> list[dict[str, str]]:
    """The way to a page below a section of the settings, named by the section's address."""
    label = next(section.label for section in SECTIONS if section.url_name == url_name)
    return [
        {"label": _("Settings"), "url": reverse("settings")},
        {"label": str(label), "url": reverse(url_name)},
    ]


def settings_page(
    request: StaffRequest, section: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A section of the settings with the list of all sections beside it."""
    frame = {"section": section, "groups": _groups(request.actor, section)}
    return page(request, f"settings/{section}.html", {**frame, **context}, status=status)


def _groups(actor: Actor, current: str) -> list[dict[str, Any]]:
    open_to = [row for row in SECTIONS if not row.right or actor.may(row.right)]
    return [
        {"label": group, "sections": [_entry(row, current) for row in rows]}
        for group, rows in groupby(open_to, key=lambda row: row.group)
    ]


def _entry(row: Section, current: str) -> dict[str, Any]:
    return {"label": row.label, "url": address(row.url_name), "current": row.key == current}
