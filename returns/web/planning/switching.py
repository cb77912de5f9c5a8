"""Returns as a table, in a calendar or on a board: the same rows, so the filters go along."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from rmaproject.web.planning.switching import way
from rmaproject.web.staff import StaffRequest


def ways(request: StaffRequest, current: str) -> list[dict[str, Any]]:
    """For `_switch.html`: `current` is table, calendar or board."""
    offered = (
        ("table", _("Table"), "columns", reverse("returns:list")),
        ("calendar", _("Calendar"), "calendar", reverse("returns:calendar")),
        ("board", _("Board"), "board", reverse("returns:board")),
    )
    return [way(request, *row, current=current) for row in offered]
