"""In a language that runs from right to left the desk is mirrored."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.desk import assert_fits
from tests.factories import ask_return, goods, sell


def test_the_desk_mirrors_where_lines_run_from_right_to_left(window, ada, business, bo):
    order = sell(business, bo, goods("TENT", "2", "50.00", name="Tent"))
    rma = ask_return(order, "1", issued=True)
    desk = window(ada, locale="ar")

    page = desk.open(f"/returns/{rma.uuid}/")

    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    nav, main = (page.locator(part).first.bounding_box() for part in (".nav", "main"))
    assert nav["x"] > main["x"]
    back = page.locator(".icon.flips").first
    assert back.evaluate("icon => getComputedStyle(icon).scale") == "-1 1"
    name = page.locator("h1").first
    assert name.evaluate("h1 => getComputedStyle(h1).unicodeBidi") == "isolate"
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert_fits(page)
