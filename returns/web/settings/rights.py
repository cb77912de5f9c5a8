"""Rights as people read them: in groups, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rmaproject.access.scopes import permissions

#: The apps in the order of daily work.
GROUPS: Final[dict[str, Promise]] = {
    "returns": _("Returns"),
    "sales": _("Sales and money"),
    "stock": _("Parts and stock"),
    "customers": _("Customers"),
    "access": _("Administration"),
    "webhooks": _("Connections"),
}


@dataclass(frozen=True)
class Right:
    """One right by its full name, and what it lets somebody do."""

    name: str
    words: str


@dataclass(frozen=True)
class RightGroup:
    """The rights of one part of the program."""

    label: Promise
    rights: list[Right]


def grouped_rights(text: str) -> list[RightGroup]:
    """The rights in groups; with a text only those whose words or name have it."""
    rows = [Right(name, gettext(words)) for name, words in permissions().items()]
    small = text.lower()
    kept = [row for row in rows if small in row.words.lower() or small in row.name]
    return [
        RightGroup(label, found)
        for app, label in GROUPS.items()
        if (found := sorted((r for r in kept if _app(r) == app), key=lambda r: r.words))
    ]


def _app(right: Right) -> str:
    return right.name.partition(".")[0]
