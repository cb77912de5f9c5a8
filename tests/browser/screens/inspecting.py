"""The inspector's screens: the queue, a line, its record, and the sheets."""

from __future__ import annotations

from returns.models import Inspection, ReturnLine, Sheet
from returns.to_inspect import waiting_of
from tests.browser.screens import Screen


def _waiting() -> str:
    """One with questions, where there is one."""
    rows = waiting_of(ReturnLine.objects.filter(return_order__status="in_progress"))
    row = rows.filter(part__category__code="clothing").first() or rows.first()
    return f"/returns/{row.return_order.uuid}/inspect/?line={row.uuid}"


def _record() -> str:
    rows = Inspection.objects.exclude(snapshot={}).exclude(note="")
    row = rows.first() or Inspection.objects.exclude(snapshot={}).first()
    return f"/returns/{row.return_order.uuid}/lines/{row.line.uuid}/"


def _sheet() -> str:
    row = Sheet.objects.filter(category__code="clothing").first() or Sheet.objects.first()
    return f"/settings/sheets/{row.uuid}/"


def _decide() -> str:
    row = waiting_of(ReturnLine.objects.filter(return_order__status="in_progress")).first()
    return f"/returns/{row.return_order.uuid}/dispose/"


def _graded(page) -> None:
    page.locator(".grade").nth(1).click()
    page.locator("#result b").first.wait_for()


SCREENS = [
    Screen("inspect-queue", "/returns/inspect/", role="Inspector"),
    Screen("inspect-line", _waiting, role="Inspector"),
    Screen("inspect-graded", _waiting, _graded, role="Manager"),
    Screen("inspect-record", _record),
    Screen("inspect-sheets", "/settings/sheets/"),
    Screen("inspect-sheet", _sheet),
    Screen("inspect-decide", _decide),
]
