"""What is done to one return, each step on its page, and a return in its other states."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from returns.actions import allowed_verbs
from returns.models import CountScan, ExtraLine, Parcel, ReturnLine, ReturnOrder
from rmaproject.access.actors import SYSTEM
from tests.browser.screens import Screen


def _open_to(verb: str, below: str) -> Callable[[], str]:
    def address() -> str:
        rows = ReturnOrder.objects.order_by("pk")
        row = next(row for row in rows if verb in allowed_verbs(row, row.lines.all(), SYSTEM))
        return f"/returns/{row.uuid}/{below}"

    return address


def _of(status: str, goods: str, below: str = "") -> Callable[[], str]:
    def address() -> str:
        row = ReturnOrder.objects.filter(status=status, goods=goods).order_by("pk")[0]
        return f"/returns/{row.uuid}/{below}"

    return address


def _slips() -> str:
    rows = ReturnOrder.objects.filter(status="in_progress", goods="expected").order_by("pk")[:2]
    return "/returns/slips/?" + "&".join(f"pick={row.uuid}" for row in rows)


def _parcel() -> str:
    row = Parcel.objects.order_by("pk")[0]
    return f"/returns/{row.return_order.uuid}/parcels/{row.uuid}/"


def _extra() -> str:
    row = ExtraLine.objects.filter(return_order__status="in_progress")[0]
    return f"/returns/{row.return_order.uuid}/extra/{row.uuid}/"


def _kit() -> str:
    """A return with parts of a kit that are here."""
    rows = ReturnLine.objects.filter(kit_line__isnull=False, received__gt=0)
    return f"/returns/{rows[0].return_order.uuid}/restock-kit/"


def _unknown_scan() -> str:
    scan = CountScan.objects.filter(verdict="unknown", count__state="open")[0]
    return f"/returns/{scan.count.return_order.uuid}/count/{scan.uuid}/name/"


def _menus(page: Page) -> None:
    for summary in page.locator(".page-head summary, .lines summary").all():
        summary.click()


SCREENS = [
    Screen("return-pending", _of("pending", "expected"), _menus),
    Screen("return-held", _of("on_hold", "expected")),
    Screen("return-rejected", _of("rejected", "none")),
    Screen("return-complete", _of("complete", "received")),
    Screen("return-edit", _open_to("edit", "edit/")),
    Screen("return-slip", _of("in_progress", "expected", "slip/")),
    Screen("return-slips", _slips),
    Screen("return-receive", _open_to("receive", "receive/")),
    Screen("return-release", _open_to("release", "release/")),
    Screen("return-waive", _open_to("waive", "waive/")),
    Screen("return-credit", _open_to("credit", "credit/")),
    Screen("return-replace", _open_to("replace", "replace/")),
    Screen("return-send-back", _open_to("send_back", "send-back/")),
    Screen("return-charge", _open_to("replace", "charge/")),
    Screen("return-kit", _kit),
    Screen("return-scan-name", _unknown_scan),
    Screen("return-match", _open_to("match", "match/")),
    Screen("return-extra-new", _open_to("edit", "extra/")),
    Screen("return-extra", _extra),
    Screen("return-parcel-new", _open_to("receive", "parcels/")),
    Screen("return-parcel", _parcel),
    Screen("return-bank-details", _open_to("credit", "bank-details/")),
    Screen("return-move", _open_to("hold", "move/")),
    Screen("return-due", _open_to("edit", "due/")),
    Screen("return-costs", "/returns/costs/"),
]
