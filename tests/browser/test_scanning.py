"""Counting by scan in a real browser: fast scanners, lost connections, cameras, labels."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from returns.models import CountScan
from returns.services import LineInput
from tests.browser.desk import assert_accessible, assert_fits
from tests.factories import LocationFactory, PartFactory, goods, sell
from tests.returns.steps import D, request

DOCK = {"width": 768, "height": 1024}


@pytest.fixture
def rma(business, bo):
    """Bo sends twelve tents and a drill with a serial number back."""
    order = sell(
        business,
        bo,
        goods("TENT", "12", "50.00", name="Tent"),
        goods("DRILL", "1", "80.00", name="Drill", serials=("S1",)),
    )
    tent, drill = order.lines.order_by("number")
    return request(order, LineInput(D("12"), order_line=tent), LineInput(D("1"), order_line=drill))


def codes(rma):
    rows = CountScan.objects.filter(count__return_order=rma).order_by("pk")
    return list(rows.values_list("code", flat=True))


def test_twenty_codes_at_a_millisecond_a_key_are_all_kept_in_order(window, ada, rma):
    desk = window(ada, viewport=DOCK)
    page = desk.open(f"/returns/{rma.uuid}/count/")
    expect(page.locator("#code")).to_be_focused()
    scanned = ["TENT", "S1", "s1", *(f"CODE-{n:02d}" for n in range(17))]

    page.get_by_role("button", name="Mute sounds").focus()
    for code in scanned:
        page.keyboard.type(code, delay=1)
        page.keyboard.press("Enter")

    expect(page.locator("#count-last .what")).to_have_text("CODE-16")
    assert codes(rma) == scanned
    expect(page.locator("#code")).to_be_focused()
    page.keyboard.type("S1")
    page.keyboard.press("Enter")
    expect(page.locator("#count-last .verdict")).to_have_text(
        re.compile(r"Already received \d\d:\d\d by ada")
    )
    expect(page.locator("html")).to_have_attribute("data-sounded", "duplicate")
    assert_accessible(page)
    for width in (768, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert_fits(page)


def test_scans_without_connection_are_sent_once_when_it_is_back(window, ada, rma):
    desk = window(ada, viewport=DOCK)
    page = desk.open(f"/returns/{rma.uuid}/count/")
    desk.context.set_offline(True)
    for code in ("TENT", "S1"):
        page.keyboard.type(code)
        page.keyboard.press("Enter")
    expect(page.locator("[data-waiting]")).to_be_visible()
    expect(page.locator("[data-waiting-count]")).to_have_text("2")
    assert codes(rma) == []

    desk.context.set_offline(False)

    expect(page.locator("[data-waiting]")).to_be_hidden()
    expect(page.locator("#count-last .what")).to_have_text("Drill")
    assert codes(rma) == ["TENT", "S1"]
    desk.expects("ERR_INTERNET_DISCONNECTED")


def test_scans_go_on_when_the_browser_has_lost_its_token(window, ada, rma):
    desk = window(ada, viewport=DOCK)
    page = desk.open(f"/returns/{rma.uuid}/count/")
    desk.context.clear_cookies(name="csrftoken")

    for code in ("TENT", "CODE-1"):
        page.keyboard.type(code)
        page.keyboard.press("Enter")

    expect(page.locator("#count-last .what")).to_have_text("CODE-1")
    expect(page.locator("[data-stuck]")).to_be_hidden()
    assert codes(rma) == ["TENT", "CODE-1"]
    desk.expects("403")


def test_a_whole_count_by_scanner_alone(window, ada, rma):
    LocationFactory(code="HAT")
    PartFactory(sku="HAT", name="Hat")
    desk = window(ada, viewport=DOCK)
    page = desk.open("/returns/receive/")
    expect(page.locator("#code")).to_be_focused()

    def scan(code):
        page.keyboard.type(code, delay=1)
        page.keyboard.press("Enter")

    scan(rma.reference)
    page.wait_for_url("**/count/")
    scan("HAT")
    expect(page.locator(".chooser")).to_be_visible()
    scan("QTY 11")
    scan("TENT")
    expect(page.locator("#count-last .count")).to_have_text(re.compile("11"))
    page.keyboard.press("1")
    expect(page.locator(".chooser")).to_be_hidden()
    page.get_by_role("button", name="One more").first.click()
    expect(page.locator("#count-lists")).to_contain_text("12 of 12")
    scan("FINISH")
    page.wait_for_url("**/finish/")
    expect(page.locator("main")).to_contain_text("1 missing")
    page.get_by_role("button", name="Book without the missing ones").click()

    expect(page.get_by_text("Receipt 1 is booked.")).to_be_visible()
    assert rma.lines.get(number=1).received == D("12")


STUB = """
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"]; }
  async detect() { return [{ rawValue: "TENT" }]; }
};
navigator.mediaDevices.getUserMedia = async () => document.createElement("canvas").captureStream();
"""


def test_a_camera_reads_codes_where_the_browser_can(window, ada, rma):
    desk = window(ada, viewport=DOCK)
    desk.page.add_init_script(STUB)
    desk.page.add_init_script("HTMLMediaElement.prototype.play = async () => undefined;")
    page = desk.open(f"/returns/{rma.uuid}/count/")

    page.get_by_role("button", name="Use camera").click()

    expect(page.locator("#count-last .what")).to_have_text("Tent")
    page.get_by_role("button", name="Use camera").click()
    expect(page.locator("[data-camera-view]")).to_be_hidden()
    assert codes(rma) == ["TENT"]


def test_a_count_works_without_scripts(window, ada, rma):
    desk = window(ada, viewport=DOCK, java_script_enabled=False)
    page = desk.open(f"/returns/{rma.uuid}/count/")

    page.locator("#code").fill("TENT")
    page.locator("#code").press("Enter")
    page.locator("[name=counted]").first.fill("5")
    page.get_by_role("button", name="Set").first.click()

    expect(page.locator("#count-lists")).to_contain_text("5 of 12")


def test_the_signs_that_a_scanner_puts_around_a_code_are_no_part_of_it(window, ada, rma):
    desk = window(ada, viewport=DOCK)
    page = desk.open(f"/returns/{rma.uuid}/count/")
    page.locator("summary", has_text="Scanner").click()
    page.get_by_label("Sign before each code").fill("~")
    page.get_by_label("Sign after each code, besides Enter").fill("#")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.locator("#code")).to_be_focused()

    page.keyboard.type("~TENT#", delay=1)
    page.keyboard.type("~S1#", delay=1)
    expect(page.locator("#count-last .what")).to_have_text("Drill")
    page.reload()
    page.keyboard.type("~CODE-1#", delay=1)
    page.keyboard.press("Enter")

    expect(page.locator("#count-last .what")).to_have_text("CODE-1")
    assert codes(rma) == ["TENT", "S1", "CODE-1"]
