"""The list of places that the navigation offers; each app adds its own when it is loaded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from rmaproject.access.actors import Actor

#: Groups in the order in which they are shown.
GROUPS: Final = ("work", "records", "system")


@dataclass(frozen=True)
class NavEntry:
    """One place: shown to those who hold the permission, while `shown` says so; "": to all."""

    label: str
    url_name: str
    icon: str
    group: str
    permission: str
    order: int = 0
    shown: Callable[[], bool] = lambda: True


NAV: Final[list[NavEntry]] = []


def navigation(request: HttpRequest, actor: Actor) -> list[dict[str, Any]]:
    """The entries for this actor, the one that the page belongs to marked as current."""
    entries = sorted(NAV, key=lambda entry: (GROUPS.index(entry.group), entry.order))
    open_to = [entry for entry in entries if not entry.permission or actor.may(entry.permission)]
    asked = {shown: shown() for shown in {entry.shown for entry in open_to}}
    rows = [_row(entry) for entry in open_to if asked[entry.shown]]
    here = max((row["url"] for row in rows if _within(request.path, row["url"])), default="")
    return [{**row, "current": row["url"] == here} for row in rows]


def address(name: str, *args: object) -> str:
    """The address of a page; "" where an installation leaves the app that has it out."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _row(entry: NavEntry) -> dict[str, Any]:
    return {
        "label": entry.label,
        "url": reverse(entry.url_name),
        "icon": entry.icon,
        "group": entry.group,
        "for_all": not entry.permission,
    }


def _within(path: str, url: str) -> bool:
    return path == url or path.startswith(url.rstrip("/") + "/")
