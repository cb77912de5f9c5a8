"""Where the navigation leads to returns and to the settings."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from returns.switch import returns_are_on
from rmaproject.web.nav import NavEntry
from rmaproject.web.sections import MANAGE, USERS

#: What is done with a return at the dock.
AT_THE_DOCK = frozenset(
    f"returns:{page}" for page in ("unknown", "receive", "count", "finish_count", "name_scan")
)

ENTRIES = [
    NavEntry(_("Today"), "home", "today", "work", "returns.view_return", 1, returns_are_on),
    NavEntry(
        _("Returns"), "returns:list", "return", "work", "returns.view_return", 10, returns_are_on
    ),
    NavEntry(
        _("Receive"),
        "returns:to_receive",
        "receive",
        "work",
        "returns.receive_return",
        20,
        returns_are_on,
        AT_THE_DOCK,
    ),
    NavEntry(
        _("Inspect"),
        "returns:to_inspect",
        "inspect",
        "work",
        "returns.inspect_return",
        30,
        returns_are_on,
        frozenset({"returns:inspect"}),
    ),
    NavEntry(
        _("Calendar"),
        "returns:calendar",
        "calendar",
        "work",
        "returns.view_return",
        50,
        returns_are_on,
    ),
    NavEntry(
        _("Board"), "returns:board", "board", "work", "returns.view_return", 60, returns_are_on
    ),
    NavEntry(
        _("Reports"), "reports", "chart", "records", "returns.view_return", 60, returns_are_on
    ),
    NavEntry(_("Settings"), "settings", "settings", "system", MANAGE, 90),
    NavEntry(_("Users"), "settings-users", "people", "system", USERS, 91, unless=(MANAGE,)),
]
