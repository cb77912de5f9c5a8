"""The list of places that the navigation offers; each app adds its own when it is loaded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from rmaproject.access.actors import Actor

#: Groups in the order in which they are shown.
GROUPS: Final = ("work", "records", "system")


#: How many places the bar of a phone has, beside the one that shows all.
ON_PHONES: Final = 5
#: The second key after `g`, by address.
JUMPS: Final = {
    "/": "d",
    "/returns/": "r",
    "/returns/receive/": "e",
    "/returns/inspect/": "i",
    "/refunds/": "f",
    "/returns/calendar/": "c",
    "/returns/board/": "b",
    "/sales/": "o",
    "/customers/": "u",
    "/stock/parts/": "p",
    "/stock/": "s",
    "/reports/": "t",
    "/notices/": "n",
    "/settings/": ",",
}


@dataclass(frozen=True)
class NavEntry:
    """One place: shown to those who hold the permission, while `shown` says so; "": to all.

    Who holds one of `unless` has another place that leads here.
    `also` names pages that belong to it although their addresses lie elsewhere.
    """

    label: str | Promise
    url_name: str
    icon: str
    group: str
    permission: str
    order: int = 0
    shown: Callable[[], bool] = lambda: True
    also: frozenset[str] = frozenset()
    unless: tuple[str, ...] = ()

    def is_open_to(self, actor: Actor) -> bool:
        if any(actor.may(right) for right in self.unless):
            return False
        return not self.permission or actor.may(self.permission)


NAV: Final[list[NavEntry]] = []


def navigation(request: HttpRequest, actor: Actor) -> list[dict[str, Any]]:
    """The entries for this actor, the one that the page belongs to marked as current."""
    entries = sorted(NAV, key=lambda entry: (GROUPS.index(entry.group), entry.order))
    open_to = [entry for entry in entries if entry.is_open_to(actor)]
    asked = {shown: shown() for shown in {entry.shown for entry in open_to}}
    seen = [entry for entry in open_to if asked[entry.shown]]
    rows = [_row(entry) for entry in seen]
    here = _claimed(request, seen) or max(
        (row["url"] for row in rows if _within(request.path, row["url"])), default=""
    )
    return [
        {**row, "current": row["url"] == here, "main": place < ON_PHONES}
        for place, row in enumerate(rows)
    ]


def _claimed(request: HttpRequest, entries: list[NavEntry]) -> str:
    """The address of the place that claims this page as its own; "" where none does."""
    page = request.resolver_match.view_name if request.resolver_match else ""
    return next((reverse(entry.url_name) for entry in entries if page in entry.also), "")


def address(name: str, *args: object) -> str:
    """The address of a page; "" where an installation leaves the app that has it out."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _row(entry: NavEntry) -> dict[str, Any]:
    url = reverse(entry.url_name)
    return {
        "label": str(entry.label),
        "url": url,
        "icon": entry.icon,
        "group": entry.group,
        "jump": JUMPS.get(url, ""),
        "for_all": not entry.permission,
    }


def _within(path: str, url: str) -> bool:
    """Whether a page belongs to a place; the start page has none below it."""
    return path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))
