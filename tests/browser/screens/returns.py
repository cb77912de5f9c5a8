"""Returns: lists and their records."""

from __future__ import annotations

from returns.models import ReturnOrder
from tests.browser.screens import Screen


def _in_progress() -> str:
    row = ReturnOrder.objects.filter(status="in_progress", goods="partially_received").first()
    return f"/returns/{row.uuid}/"


SCREENS = [
    Screen("returns-list", "/returns/"),
    Screen("return-detail", _in_progress),
]
