"""What WCAG 2.2 asks of a page and axe does not see, measured; docs/accessibility.md names each."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from playwright.sync_api import Page, ViewportSize

SCRIPT: Final = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
#: A window of 1280 by 900 pixels, enlarged twice.
ZOOMED: Final[ViewportSize] = {"width": 640, "height": 450}
TABLET: Final[ViewportSize] = {"width": 768, "height": 1024}
PHONE: Final[ViewportSize] = {"width": 320, "height": 640}
CHECKS: Final[tuple[tuple[str, ViewportSize, tuple[str, ...]], ...]] = (
    ("on a phone", PHONE, ("tooWide", "focused", "small")),
    ("on a tablet", TABLET, ("tooWide", "small", "narrow")),
    ("enlarged twice", ZOOMED, ("tooWide", "focused", "order", "spaced")),
)


def faults(page: Page) -> list[str]:
    """Everything that a hand list would strike on the page as it stands, one line for each thing.

    The window has another size afterwards.
    """
    found: list[str] = []
    page.emulate_media(reduced_motion="reduce")
    for where, size, checks in CHECKS:
        page.set_viewport_size(size)
        page.evaluate(SCRIPT)
        page.keyboard.press("Shift")  # what has the focus is shown to those who use keys
        for check in checks:
            found += [f"{line} ({where})" for line in page.evaluate(f"handList.{check}()")]
    return found
