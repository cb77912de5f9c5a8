"""A day of finance in the browser: one asks, another approves, a file pays, the bank confirms."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from rmaproject.access.actors import SYSTEM
from sales.models import BankFile, Refund
from sales.services.banking import keep_bank_details
from tests.browser.desk import assert_accessible, assert_fits
from tests.factories import actor_with
from tests.refunds.money import OTHER_IBAN, account, bank_of, credited, refund_of

WIDTHS = (1280, 768, 320)


@pytest.fixture
def waiting(business, bo, cy, roles):
    """Two refunds by bank wait for approval."""
    keep_bank_details(account(OTHER_IBAN), business=business, actor=SYSTEM)
    bank_of(bo)
    bank_of(cy, "FR1420041010050500013M02606")
    return [refund_of(credited(business, who, price="20.00")) for who in (bo, cy)]


def test_refunds_are_approved_by_one_and_paid_by_a_file_of_another(window, waiting):
    first, second = waiting
    manager = window(actor_with("Manager", username="mia"))
    page = manager.open(f"/refunds/{first.uuid}/")
    expect(page.get_by_role("list", name="To approve").get_by_role("link")).to_have_count(3)
    assert_accessible(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert_fits(page)
    page.set_viewport_size({"width": 1280, "height": 900})

    page.get_by_role("button", name="Approve 20.00 EUR").click()
    expect(page.locator("#h-refund")).to_be_visible()
    expect(page.locator("article .tag")).to_have_text(second.reference)
    page.get_by_role("button", name="Approve 20.00 EUR").click()
    expect(page.get_by_role("link", name="To pay 2", exact=True)).to_have_attribute(
        "aria-current", "page"
    )

    finance = window(actor_with("Finance", username="fin"))
    page = finance.open("/refunds/?queue=pay")
    expect(page.get_by_text("2 refunds", exact=True)).to_be_visible()
    page.get_by_role("link", name="Bank file 2 to pay").click()
    expect(page.locator("[data-total]")).to_have_text("2 selected, 40.00 EUR")
    page.get_by_role("checkbox", name=second.reference).uncheck()
    expect(page.locator("[data-total]")).to_have_text("1 selected, 20.00 EUR")
    assert_accessible(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert_fits(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("button", name="Make the file").dblclick()

    expect(page.get_by_role("list", name="How far the file has come")).to_be_visible()
    file = BankFile.objects.get()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save the file for the bank").click()
    assert file.reference in saved.value.suggested_filename
    page.reload()
    assert_accessible(page)
    page.get_by_text("Confirm as paid", exact=True).first.click()
    page.get_by_role("button", name="Confirm as paid").click()
    expect(page.get_by_text("The refunds of this file are done.")).to_be_visible()
    states = dict(Refund.objects.values_list("reference", "state"))
    assert states == {first.reference: "done", second.reference: "ready"}


def test_finance_works_without_scripts(window, waiting):
    first, second = waiting
    desk = window(actor_with("Manager", username="mia"), java_script_enabled=False)
    page = desk.page
    page.goto(f"{desk.url}/refunds/{first.uuid}/")

    page.get_by_role("button", name="Approve 20.00 EUR").click()
    expect(page.locator("article .tag")).to_have_text(second.reference)
    page.get_by_role("link", name="To pay 1").click()
    page.get_by_role("link", name="Bank file 1 to pay").click()
    page.get_by_role("button", name="Make the file").click()

    expect(page.get_by_role("list", name="How far the file has come")).to_be_visible()
