"""What every page shares: palette, shortcuts, preferences, errors, the way back in."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from returns.models import ReturnOrder
from tests.browser.screens import Screen


def _pending() -> str:
    row = ReturnOrder.objects.filter(status="in_progress").first()
    return f"/returns/{row.uuid}/"


def _palette(page: Page) -> None:
    page.keyboard.press("Control+k")
    expect(page.get_by_role("option").first).to_be_visible()


def _shortcuts(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts on this page")).to_be_visible()


def _logged_out(page: Page) -> None:
    page.evaluate("document.getElementById('log-in-again').showModal()")


def _menu(page: Page) -> None:
    page.evaluate("document.getElementById('me').showPopover()")


SCREENS = [
    Screen("shell-palette", _pending, _palette),
    Screen("shell-shortcuts", "/returns/", _shortcuts),
    Screen("shell-menu", "/returns/", _menu),
    Screen("shell-log-in-again", "/customers/new/", _logged_out),
    Screen("preferences", "/me/"),
    Screen("not-found", "/nowhere/", status=404),
]
