"""The switch between table, calendar and board, with the filters that all three know."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from rmaproject.web.nav import address
from rmaproject.web.planning.owning import US

#: What narrows a table, a calendar and a board alike.
SHARED: Final = ("queue", "q", "business", "responsible", "customer", "status", "view")


def ways(request: HttpRequest, space: str, current: str) -> list[dict[str, Any]]:
    """For `_switch.html`: the looks at the rows of an app's pages; `current` is the shown one."""
    offered = (
        ("table", _("Table"), "columns", reverse(f"{space}:list")),
        ("calendar", _("Calendar"), "calendar", reverse(f"{space}:calendar")),
        ("board", _("Board"), "board", reverse(f"{space}:board")),
    )
    return [_way(request, *row, current=current) for row in offered]


def _way(
    request: HttpRequest, key: str, label: str, icon: str, url: str, *, current: str
) -> dict[str, Any]:
    """One button of the switch; its address keeps the shared filters of this page."""
    query = request.GET.copy()
    if key == "table" and query.get("responsible") == US:
        del query["responsible"]
    for name in set(query) - set(SHARED):
        del query[name]
    kept = f"?{query.urlencode()}" if query else ""
    return {"label": label, "icon": icon, "url": url + kept, "current": key == current}


def subscription(request: HttpRequest, contents: str) -> str:
    """Where these rows get an address for calendar applications; "" where there are no feeds."""
    url = address("settings-subscribe")
    query = request.GET.copy()
    for name in set(query) - {*SHARED, "done"}:
        del query[name]
    query["contents"], query["next"] = contents, request.get_full_path()
    return f"{url}?{query.urlencode()}" if url else ""
