"""Somebody who works by the keyboard alone: every stop is reached with Tab, as people reach it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Locator, Page, expect

#: More stops than any page has; a thing that is never reached fails by it.
MOST_STOPS: Final = 160
HAS_FOCUS: Final = "element => element === document.activeElement"
#: Whether the focus is in the dialog; the browser's own bars, outside of the page, are free to it.
IS_INSIDE: Final = """dialog => document.activeElement === document.body
    || dialog.contains(document.activeElement)"""


@dataclass
class Keys:
    """Two hands at the keyboard of one page; the mouse lies untouched."""

    page: Page

    def into_page(self) -> None:
        """Skip the navigation, as everybody does who knows the page."""
        self.page.keyboard.press("Tab")
        expect(self.page.get_by_role("link", name="Skip to content")).to_be_focused()
        self.page.keyboard.press("Enter")
        expect(self.page.locator("main")).to_be_focused()

    def reach(self, target: Locator, key: str = "Tab") -> None:
        """Go on, stop by stop, until the focus is there."""
        expect(target).to_be_visible()
        for _ in range(MOST_STOPS):
            if target.evaluate(HAS_FOCUS):
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"The keyboard never reaches {target}.")

    def press(self, name: str | re.Pattern[str], role: str = "button", key: str = "Enter") -> None:
        """Reach the one thing of this name and press it."""
        named = self.page.get_by_role(role, name=name, exact=isinstance(name, str))  # type: ignore[arg-type]
        self.reach(named.first)
        self.page.keyboard.press(key)

    def type(self, label: str, text: str) -> None:
        """Reach a field and type into it."""
        self.reach(self.page.locator("main").get_by_label(label, exact=True))
        self.page.keyboard.type(text)

    def stays_inside(self, dialog: Locator, stops: int = 12) -> None:
        """A dialog keeps the focus, forwards and backwards."""
        for key in ("Tab", "Shift+Tab"):
            for _ in range(stops):
                self.page.keyboard.press(key)
                assert dialog.evaluate(IS_INSIDE), "The focus has left the dialog."
