"""A new return, one return in its states, and the records that it belongs to."""

from __future__ import annotations

from customers.models import Company
from returns.models import ReturnOrder
from sales.models import SalesOrder
from tests.browser.screens import Screen


def _customer() -> Company:
    """The customer of the demo who bought most."""
    rows = SalesOrder.objects.filter(status="complete").order_by("-pk")
    return (rows.filter(lines__part__is_serialized=True).first() or rows[0]).customer


def _new() -> str:
    return f"/returns/new/?customer={_customer().uuid}"


def _choose(page):
    page.locator("[name=line]:not(:disabled)").first.check()
    page.locator("#ahead .money, #ahead .why[data-tone=bad]").first.wait_for()


def _paste(page):
    page.get_by_text("Paste a list").click()
    page.locator("#paste").fill("WHO-KNOWS\nTENT;nothing")
    page.get_by_role("button", name="Make lines of it").click()
    page.locator("#pasted").wait_for()


def _return_of(**narrow) -> str:
    row = ReturnOrder.objects.filter(**narrow).order_by("-pk").first()
    return f"/returns/{(row or ReturnOrder.objects.first()).uuid}/"


def _outward(page):
    page.locator("#note").fill("Your tents are here and accepted. The money is on its way.")
    page.get_by_text("Customer can read", exact=True).click()
    page.locator("[data-mirror]").wait_for()


def _open_all(page):
    for summary in page.locator(".apart summary, .edit-field:first-of-type summary").all():
        summary.click()


def _order() -> str:
    return f"/sales/{SalesOrder.objects.filter(status='complete').order_by('-pk')[0].uuid}/"


SCREENS = [
    Screen("return-new", "/returns/new/"),
    Screen("return-new-chosen", _new, prepare=_choose),
    Screen("return-new-pasted", _new, prepare=_paste),
    Screen("return-waiting", lambda: _return_of(status="awaiting_approval"), role="Service agent"),
    Screen("return-credited", lambda: _return_of(money="refunded"), prepare=_open_all),
    Screen("return-note", lambda: _return_of(status="in_progress"), prepare=_outward),
    Screen("sales-order", _order),
    Screen("customer", lambda: f"/customers/{_customer().uuid}/"),
]
