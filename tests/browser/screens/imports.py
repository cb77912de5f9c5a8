"""Imports: the list, a file to choose, its columns."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.screens import Screen

LEDGER = b"""InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID
90001,TENT-X,Tent for two,2,2026-01-10,119.00,4711
90002,LAMP-X,Lamp,many,2026-01-11,20.00,4712
"""


def _upload(page: Page) -> None:
    page.get_by_label("What is in the file").select_option("sales")
    if page.locator("#id_business").count():
        page.locator("#id_business").select_option(index=1)
    page.locator("#id_file").set_input_files(
        {"name": "ledger.csv", "mimeType": "text/csv", "buffer": LEDGER}
    )
    page.get_by_role("button", name="Upload and choose columns").click()
    page.get_by_role("button", name="Check the file").wait_for()


def _check(page: Page) -> None:
    _upload(page)
    page.get_by_role("button", name="Check the file").click()
    page.get_by_text("nothing imported yet").wait_for()


SCREENS = [
    Screen("imports", "/imports/"),
    Screen("import-new", "/imports/new/"),
    Screen("import-columns", "/imports/new/", prepare=_upload),
    Screen("import-checked", "/imports/new/", prepare=_check),
]
