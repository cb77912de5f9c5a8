"""Where a part of a page is exchanged: the focus stays at the work, and what changed is said."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.keys import Keys
from tests.factories import ask_return, goods, sell


def test_lists_are_narrowed_and_ordered_by_keys_and_say_what_is_left(desk, business, bo):
    pending = ask_return(sell(business, bo, goods("TENT")))
    ask_return(sell(business, bo, goods("BAG")), issued=True)
    page = desk.open("/returns/")
    keys, said = Keys(page), page.locator("#said")

    keys.press(re.compile("^Awaiting receipt"), role="link")
    expect(said).to_have_text("1 of 1")
    assert page.evaluate("document.activeElement.closest('#list') !== null")
    keys.press(re.compile("^All open"), role="link")
    expect(said).to_have_text("2 of 2")
    keys.reach(page.locator("#sort-target_date"))
    page.keyboard.press("Enter")
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Due")
    expect(page.locator("#sort-target_date")).to_be_focused()
    keys.reach(page.get_by_label(f"Select {pending.reference}"))
    page.keyboard.press("Space")
    bar = page.get_by_role("group", name="Act on the selected rows")
    expect(bar.get_by_role("status")).to_have_text("1 selected of 2")

    keys.reach(page.locator("summary", has_text="Columns"), key="Shift+Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('details[open]') !== null")
    page.keyboard.press("Escape")
    expect(page.locator("summary", has_text="Columns")).to_be_focused()
    expect(page.locator("details[open] form[data-columns]")).to_have_count(0)


def test_a_dialog_takes_the_focus_and_gives_it_back(desk, business, bo):
    rma = ask_return(sell(business, bo, goods("TENT")), issued=True)
    page = desk.open("/returns/board/")
    keys = Keys(page)

    opener = page.get_by_role("link", name=re.compile(f"Move {rma.reference}"))
    keys.reach(opener)
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    keys.stays_inside(dialog, stops=8)
    page.keyboard.press("Escape")

    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()


def test_a_fact_is_changed_in_place_and_that_is_said(desk, business, bo):
    rma = ask_return(sell(business, bo, goods("TENT")), issued=True)
    page = desk.open(f"/returns/{rma.uuid}/")
    keys = Keys(page)

    keys.reach(page.locator("summary", has_text="Change Their ref."))
    page.keyboard.press("Enter")
    keys.type("Their ref.", "PO-7")
    page.keyboard.press("Enter")

    expect(page.locator(".facts")).to_contain_text("PO-7")
    expect(page.locator("#said")).to_have_text("Saved.")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    rma.refresh_from_db()
    assert rma.customer_reference == "PO-7"
