"""Where the navigation leads to returns and to the settings."""

from __future__ import annotations

from returns.switch import returns_are_on
from rmaproject.web.nav import NavEntry

ENTRIES = [
    NavEntry("Today", "home", "today", "work", "returns.view_return", 1, returns_are_on),
    NavEntry(
        "Returns", "returns:list", "return", "work", "returns.view_return", 10, returns_are_on
    ),
    NavEntry(
        "Receive",
        "returns:to_receive",
        "receive",
        "work",
        "returns.receive_return",
        20,
        returns_are_on,
    ),
    NavEntry(
        "Inspect",
        "returns:to_inspect",
        "inspect",
        "work",
        "returns.inspect_return",
        30,
        returns_are_on,
    ),
    NavEntry(
        "Calendar",
        "returns:calendar",
        "calendar",
        "work",
        "returns.view_return",
        50,
        returns_are_on,
    ),
    NavEntry("Board", "returns:board", "board", "work", "returns.view_return", 60, returns_are_on),
    NavEntry("Reports", "reports", "chart", "records", "returns.view_return", 60, returns_are_on),
    NavEntry("Settings", "settings", "settings", "system", "access.manage_settings", 90),
]
