"""Pressed twice, gone back, two tabs, lost answers, slow lines: done once, and nothing is lost."""

from __future__ import annotations

import io
import re

import pytest
from django.conf import settings
from PIL import Image
from playwright.sync_api import expect

from returns.models import CountScan, ReturnOrder
from returns.services import edit_return
from rmaproject.access.actors import SYSTEM
from rmaproject.audit.models import AuditEntry
from rmaproject.files.models import Attachment
from tests.factories import ask_return, goods, sell

PROVOKED = ("Failed to load resource", "net::ERR")
#: A line on which every answer takes its time.
SLOW = {"offline": False, "latency": 700, "downloadThroughput": 60_000, "uploadThroughput": 60_000}


@pytest.fixture
def sale(business, bo):
    return sell(business, bo, goods("TENT", "4", "50.00", name="Tent"), reference="SALE-1")


def photo(name="seam.jpg", color="teal"):
    out = io.BytesIO()
    Image.new("RGB", (80, 40), color).save(out, format="JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}


def lose_answer(page, address):
    """The next request arrives and is carried out, but its sender never hears of it."""

    def lose(route):
        route.fetch(max_redirects=0)
        route.abort()

    page.route(address, lose, times=1)


def verbs_of(order):
    rows = AuditEntry.objects.filter(aggregate_id=order.uuid).order_by("n")
    return list(rows.values_list("verb", flat=True))[1:]


def save_go_back_and_save(page):
    """Save the form of a new return, go back to it as the browser does, and press twice."""
    for press in ("click", "dblclick"):
        page.wait_for_url("**/returns/new/**")
        page.get_by_role("checkbox", name="Return Tent").check()
        page.locator("[name^=quantity_]").first.fill("1")
        getattr(page.get_by_role("button", name="Save as pending"), press)()
        page.wait_for_url(re.compile(r"/returns/[0-9a-f-]{36}/$"))
        if press == "click":
            page.go_back()


def test_going_back_and_sending_again_does_nothing_twice(desk, sale, bo):
    """That it is the form's key that prevents it, the controls in tests/web/test_once.py show."""
    desk.page.set_default_timeout(60_000)
    page = desk.open(f"/returns/new/?customer={bo.uuid}")

    save_go_back_and_save(page)

    expect(page.get_by_text("This was saved before; nothing was done twice.")).to_be_visible()
    assert ReturnOrder.objects.count() == 1


def test_every_kind_of_button_does_its_work_once_when_it_is_pressed_twice(desk, sale):
    order = ask_return(sale)
    page = desk.open(f"/returns/{order.uuid}/")

    page.locator("#note").fill("Rang Bo \u202e\u05d0 <b>")
    page.get_by_role("button", name="Add note").dblclick()
    expect(page.get_by_text("Note added.")).to_be_visible()
    page.get_by_role("button", name="Issue", exact=True).dblclick()
    expect(page.get_by_text("Issued: the customer")).to_be_visible()
    lose_answer(page, "**/hold/")
    hold(page, "Waits for Bo")
    expect(page.get_by_role("alert").filter(has_text="No answer from the server.")).to_be_visible()
    page.get_by_role("button", name="Try again").dblclick()
    expect(page.get_by_text("You did this a moment ago; nothing was done twice.")).to_be_visible()

    assert verbs_of(order) == ["comment", "issue", "hold"]
    desk.expects(*PROVOKED)


def test_of_two_tabs_the_stale_one_says_who_and_keeps_the_reason(desk, sale):
    order = ask_return(sale)
    page, other = desk.open(f"/returns/{order.uuid}/"), desk.context.new_page()
    other.goto(page.url)

    other.get_by_role("button", name="Issue", exact=True).click()
    expect(other.get_by_text("Issued: the customer")).to_be_visible()
    page.get_by_role("button", name="Issue", exact=True).click()
    expect(page.get_by_text("You did this a moment ago")).to_be_visible()
    edit_return(order.pk, {"note": "Fragile"}, actor=SYSTEM)
    hold(page, "Waits for Bo")
    expect(page.locator("#refused-hold")).to_contain_text("changed this since you opened it")
    hold(page, None)

    expect(page.locator("#axes")).to_contain_text("On hold")
    expect(page.locator("#timeline")).to_contain_text("Waits for Bo")
    assert verbs_of(order) == ["issue", "edit", "hold"]
    desk.expects(*PROVOKED)


def hold(page, reason):
    """Put the return on hold; without a reason, with the one that still stands in the open menu."""
    if reason is not None:
        page.locator("#actions summary", has_text="More").click()
        page.locator("#actions summary", has_text="Hold").click()
        page.locator("#reason-hold").fill(reason)
    page.locator("form[action$='/hold/'] button").click()


def test_files_are_kept_once_over_slow_and_broken_lines_and_ended_sessions(desk, sale):
    order = ask_return(sale, issued=True)
    page = desk.open(f"/returns/{order.uuid}/")
    box, kept = page.locator("#file"), page.locator("#files .files li")
    line = desk.context.new_cdp_session(page)

    line.send("Network.emulateNetworkConditions", SLOW)
    box.set_input_files([photo("a.jpg"), photo("b.jpg", "red")])
    expect(page.locator("#files progress")).to_be_visible()
    box.set_input_files([photo("a.jpg"), photo("b.jpg", "red")])
    expect(kept).to_have_count(2)
    line.send("Network.emulateNetworkConditions", {**SLOW, "latency": 0})

    lose_answer(page, "**/files/")
    box.set_input_files([photo("c.jpg", "blue")])
    expect(page.get_by_role("alert").filter(has_text="Not sent.")).to_be_visible()
    assert Attachment.objects.count() == 3
    box.set_input_files([photo("c.jpg", "blue")])
    expect(kept).to_have_count(3)

    desk.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    box.set_input_files([photo("d.jpg", "green"), {**photo("e.exe"), "buffer": b"MZ\x00"}])
    login = page.get_by_role("dialog", name="Log in again")
    login.get_by_label("Password").fill("a long pass phrase")
    login.get_by_role("button", name="Log in").click()

    expect(page.get_by_role("alert").filter(has_text="e.exe: Only JPEG")).to_be_visible()
    expect(kept).to_have_count(4)
    assert Attachment.objects.count() == 4
    desk.expects(*PROVOKED)


def test_what_is_scanned_after_the_session_ended_is_counted_after_the_login(window, ada, sale):
    desk = window(ada)
    order = ask_return(sale, issued=True)
    page = desk.open(f"/returns/{order.uuid}/count/")
    expect(page.locator("#code")).to_be_focused()

    desk.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.locator("#code").fill("TENT")
    page.keyboard.press("Enter")
    login = page.get_by_role("dialog", name="Log in again")
    login.get_by_label("Password").fill("a long pass phrase")
    login.get_by_role("button", name="Log in").click()

    expect(page.locator("#count-last .what")).to_have_text("Tent")
    assert list(CountScan.objects.values_list("code", flat=True)) == ["TENT"]
    desk.expects(*PROVOKED)
