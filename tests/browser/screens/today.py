"""The start page and the reports, for who sees money and who does not."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.screens import Screen


def _charts(page: Page) -> None:
    """Wait for those that come after the page."""
    expect(page.get_by_role("heading", name="Days to resolution")).to_be_visible()


def _definitions(page: Page) -> None:
    _charts(page)
    page.get_by_role("button", name="What the figures mean").click()


SCREENS = [
    Screen("today", "/", prepare=_charts),
    Screen("today-team", "/?team=1", role="Manager", prepare=_charts),
    Screen("today-warehouse", "/", role="Warehouse", prepare=_charts),
    Screen("today-definitions", "/", prepare=_definitions),
    Screen("reports", "/reports/?days=365"),
]
