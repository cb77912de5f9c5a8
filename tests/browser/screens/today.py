"""The start page and the reports, for who sees money and who does not."""

from __future__ import annotations

from tests.browser.screens import Screen

SCREENS = [
    Screen("today", "/"),
    Screen("today-team", "/?team=1", role="Manager"),
    Screen("today-warehouse", "/", role="Warehouse"),
    Screen(
        "today-definitions",
        "/",
        prepare=lambda page: page.get_by_role("button", name="What the figures mean").click(),
    ),
    Screen("reports", "/reports/?days=365"),
]
