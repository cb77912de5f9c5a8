"""Calendars, boards, and the dialogs that open from them."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.screens import Screen


def _ask(selector):
    def prepare(page: Page) -> None:
        page.locator(selector).first.dispatch_event("click")
        page.locator("#ask[open]").wait_for()

    return prepare


def _lift(page: Page) -> None:
    page.locator("[data-column=in_progress] .ref").first.focus()
    page.keyboard.press("Space")
    page.locator(".drop").first.wait_for()


SCREENS = [
    Screen("calendar", "/returns/calendar/?done=1"),
    Screen("calendar-week", "/returns/calendar/?show=week&done=1"),
    Screen("calendar-list", "/returns/calendar/?show=list&done=1"),
    Screen("calendar-sales", "/sales/calendar/?done=1"),
    Screen("calendar-subscribe", "/returns/calendar/", _ask(".actions [data-ask]")),
    Screen("calendar-move", "/returns/calendar/?show=list", _ask(".agenda .move")),
    Screen("board", "/returns/board/"),
    Screen("board-lifted", "/returns/board/", _lift),
    Screen("board-move", "/returns/board/", _ask("[data-column=in_progress] [data-ask]")),
    Screen("board-sales", "/sales/board/"),
    Screen("board-limits", "/settings/board/returns/"),
    Screen("notices", "/notices/?show=all"),
    Screen("notices-choices", "/notices/choices/"),
]
