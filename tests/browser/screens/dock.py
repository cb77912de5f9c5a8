"""The dock: the door, a count in every state, and what is printed."""

from __future__ import annotations

from playwright.sync_api import Page

from returns.models import Count, Receipt, ReturnOrder
from tests.browser.screens import Screen


def _open() -> str:
    count = Count.objects.filter(state="open").first()
    return f"/returns/{count.return_order.uuid}/count/"


def _parked() -> str:
    count = Count.objects.filter(state="parked").first()
    return f"/returns/{count.return_order.uuid}/count/"


def _received(what: str) -> str:
    rows = Receipt.objects.filter(reverses=None, reversed_by=None, lines__quantity__gt=1)
    return f"/returns/{rows.first().return_order.uuid}/labels/{what}/"


def _slips() -> str:
    picks = ReturnOrder.objects.filter(status="in_progress").order_by("pk")[:2]
    return "/returns/slips/?" + "&".join(f"pick={order.uuid}" for order in picks)


def _ask(page: Page) -> None:
    """Scan something that nobody knows."""
    page.locator("#code").fill("4711-UNKNOWN")
    page.locator("#code").press("Enter")
    page.locator("[data-verdict=unknown]").wait_for()


SCREENS = [
    Screen("dock-door", "/returns/receive/"),
    Screen("dock-chooser", "/returns/receive/scan/?code=TENT-2P"),
    Screen("dock-not-known", "/returns/receive/scan/?code=1Z999"),
    Screen("dock-count", _open),
    Screen("dock-count-unknown", _open, prepare=_ask, role="Warehouse"),
    Screen("dock-count-parked", _parked),
    Screen("dock-finish", lambda: _open() + "finish/"),
    Screen("dock-unknown-parcel", "/returns/unknown/?code=1Z999"),
    Screen("dock-commands", "/returns/receive/commands/"),
    Screen("dock-item-labels", lambda: _received("items")),
    Screen("dock-plate-label", lambda: _received("plate")),
    Screen("dock-slips", _slips),
    Screen("dock-slips-none", "/returns/slips/"),
]
