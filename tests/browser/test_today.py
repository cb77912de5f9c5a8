"""The start page in a browser: counts arrive, tiles open, hints show, and nothing sticks out."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.desk import assert_accessible, assert_fits
from tests.factories import ask_return, goods, sell
from tests.returns.steps import receive


def test_the_day_begins_with_what_waits(desk, business, bo):
    rma = ask_return(sell(business, bo, goods("TENT", "2", "50.00")), issued=True)
    receive(rma.lines.get())

    page = desk.open("/")

    expect(page.get_by_role("link", name="Returns 1")).to_be_visible()
    expect(page.locator("#waiting")).to_contain_text("Inspect 1 unit: Bo Jansen")
    expect(page.get_by_role("heading", name="Days to resolution")).to_be_visible()
    assert_accessible(page)
    tile = page.locator(".tiles a[data-key=inspect]")
    tile.focus()
    expect(tile.locator(".tip")).to_be_visible()
    page.keyboard.press("Escape")
    expect(tile.locator(".tip")).to_be_hidden()
    page.get_by_role("link", name="Whole team").click()
    expect(page.get_by_role("link", name="Only mine")).to_be_focused()
    page.get_by_role("button", name="What the figures mean").click()
    expect(page.locator("#definitions")).to_contain_text("percentile_cont")
    assert_accessible(page)
    page.keyboard.press("Escape")
    page.locator("#how-flow ~ figure summary").click()
    expect(page.get_by_role("group", name="Opened and closed per week")).to_be_visible()
    for width in (1280, 768, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert_fits(page)
    tile.click()
    expect(page.get_by_role("row", name=rma.reference)).to_be_visible()


def test_without_scripts_the_page_says_all_but_the_counts(window, ada, business, bo):
    ask_return(sell(business, bo, goods("TENT", "2", "50.00")))
    page = window(ada, java_script_enabled=False).open("/")

    expect(page.locator(".tiles a[data-key=open] .value")).to_have_text("1")
    expect(page.locator("#count-returns")).to_have_text("")
    page.get_by_role("link", name="Whole team").click()
    expect(page.get_by_role("heading", name="Waiting for the team")).to_be_visible()
