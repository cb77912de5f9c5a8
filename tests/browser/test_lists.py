"""Lists in a browser: rows are chosen, changed, given back; addresses keep their state."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from returns.models import ReturnOrder
from tests.browser.desk import assert_accessible, assert_fits
from tests.factories import ask_return, goods, sell


def test_chosen_returns_are_assigned_together_and_it_is_undone(desk, business, bo, ada):
    made = [ask_return(sell(business, bo, goods(f"BAG-{number}"))) for number in range(4)]
    page = desk.open("/returns/")
    bar = page.get_by_role("group", name="Act on the selected rows")
    expect(bar).to_be_hidden()

    page.get_by_label(f"Select {made[3].reference}").check()
    page.get_by_label(f"Select {made[1].reference}").click(modifiers=["Shift"])
    expect(bar).to_contain_text("3 selected of 4")
    bar.get_by_role("button", name="Assign").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Assign 3 returns")
    assert_accessible(page)
    page.get_by_label("Owner").select_option(f"u{ada.user_id}")
    page.get_by_role("button", name="Assign").click()

    expect(page.get_by_text("3 returns have their owner.")).to_be_visible()
    assert ReturnOrder.objects.filter(responsible_user=ada.user).count() == 3
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("3 returns are as they were before.")).to_be_visible()
    assert ReturnOrder.objects.filter(responsible_user=None).count() == 4


def test_filters_order_and_views_live_in_the_address(desk, window, business, bo, ada):
    pending = ask_return(sell(business, bo, goods("TENT")))
    ask_return(sell(business, bo, goods("BAG")), issued=True)
    page = desk.open("/returns/")
    rows = page.locator("#list tbody tr")
    expect(rows).to_have_count(2)

    page.get_by_text("Filter", exact=True).click()
    page.locator("#filter-status").select_option("pending")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(rows).to_have_count(1)
    expect(page).to_have_url(re.compile("status=pending"))
    page.locator("#sort-target_date").click()
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Due")
    page.reload()
    expect(rows).to_have_count(1)
    page.get_by_text("View", exact=True).click()
    page.get_by_text("Save as a new view").click()
    page.locator("#view-name").fill("Waiting")
    page.get_by_role("button", name="Save view").click()
    expect(page).to_have_url(re.compile(r"view=waiting"))

    other = window(ada, java_script_enabled=False).open("/returns/?view=waiting")
    expect(other.locator("#list tbody tr")).to_have_count(1)
    expect(other.locator("#list tbody")).to_contain_text(pending.reference)
    page.get_by_role("link", name=re.compile("Remove filter Authorisation")).click()
    expect(rows).to_have_count(2)
    page.go_back()
    expect(rows).to_have_count(1)
    page.set_viewport_size({"width": 320, "height": 700})
    assert_fits(page)
