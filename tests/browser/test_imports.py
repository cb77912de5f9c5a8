"""A file from the upload to the report."""

from __future__ import annotations

from playwright.sync_api import expect

from sales.models import SalesOrder
from tests.imports.files import FAULTY


def test_a_file_is_checked_with_what_is_wrong_in_its_place_and_brought_in(desk):
    page = desk.open("/imports/new/")
    page.get_by_label("What is in the file").select_option("sales")
    page.locator("#id_file").set_input_files(
        {"name": "ledger.csv", "mimeType": "text/csv", "buffer": FAULTY.encode()}
    )
    page.get_by_role("button", name="Upload and choose columns").click()
    expect(page.locator("#id_sku")).to_have_value("StockCode")
    page.get_by_role("button", name="Check the file").click()

    expect(page.locator("mark")).to_have_text(["many", "1002"])
    page.get_by_role("button", name="Import 3 lines").click()

    expect(page.get_by_text("Imported. 2 lines were left out.")).to_be_visible()
    assert SalesOrder.objects.get().reference == "1001"
