"""Calendar and board by hand: days stay days in every zone, moves by mouse and by keys."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import expect

from returns.services import edit_return
from rmaproject.access.actors import SYSTEM
from tests.browser.desk import assert_accessible
from tests.factories import ask_return, goods, sell

CALENDAR = "/returns/calendar/?on=2030-05-15"


@pytest.fixture
def order(business, bo):
    made = ask_return(sell(business, bo, goods("TENT", "2", "50.00", name="Tent")), issued=True)
    edit_return(made.pk, {"target_date": date(2030, 5, 15)}, actor=SYSTEM)
    made.refresh_from_db()
    return made


def drag(page, what, where):
    """By the pointer, in steps as a hand moves it."""
    start, end = page.locator(what).bounding_box(), page.locator(where).bounding_box()
    page.mouse.move(start["x"] + 40, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(start["x"] + 60, start["y"] + 14, steps=3)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=5)
    page.mouse.up()


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_a_day_stays_the_same_day_in_every_zone_when_it_is_moved(window, ada, order, zone):
    desk = window(ada, timezone_id=zone)
    page = desk.open(CALENDAR)
    entry = f"[data-uuid='{order.uuid}']"
    sent = []
    page.on("request", lambda request: sent.append(request.post_data))

    expect(page.locator(f"[data-day='2030-05-15'] {entry}")).to_be_visible()
    drag(page, f"{entry} >> nth=0", "[data-day='2030-05-17']")
    expect(page.locator(f"[data-day='2030-05-17'] {entry}")).to_be_visible()
    expect(page.locator("#answers")).to_contain_text("Fri 17 May")

    order.refresh_from_db()
    assert order.target_date == date(2030, 5, 17)
    body = next(data for data in sent if data)
    assert {pair.partition("=")[0] for pair in body.split("&")} == {
        "target_date",
        "version",
        "csrfmiddlewaretoken",
    }
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(f"[data-day='2030-05-15'] {entry}")).to_be_visible()


def test_a_refused_move_goes_back_and_days_are_reached_by_keys(desk, ada, order):
    page = desk.open(CALENDAR)
    edit_return(order.pk, {"note": "Call first"}, actor=ada)
    entry = f"[data-uuid='{order.uuid}']"

    drag(page, f"{entry} >> nth=0", "[data-day='2030-05-17']")
    expect(page.locator("#answers")).to_contain_text("ada changed this")
    expect(page.locator(f"[data-day='2030-05-15'] {entry}")).to_be_visible()
    desk.expects("412")

    page.locator("[data-day='2030-05-15'] .date").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-day='2030-05-23'] .date")).to_be_focused()
    page.get_by_role("link", name=f"Move {order.reference} to another day").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Due on").fill("2030-05-23")
    assert_accessible(page)
    dialog.get_by_role("button", name="Move").click()
    expect(page.locator(f"[data-day='2030-05-23'] {entry}")).to_be_visible()


def test_a_card_moves_by_keys_and_by_mouse_only_where_a_verb_leads(desk, order):
    page = desk.open("/returns/board/")
    card = page.get_by_role("link", name=order.reference, exact=True)

    card.focus()
    page.keyboard.press("Space")
    expect(page.locator("#aloud")).to_contain_text(f"{order.reference} is lifted from In progress")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#aloud")).to_contain_text("cannot go from In progress to Awaiting")
    page.keyboard.press("Escape")
    expect(page.locator("#aloud")).to_contain_text("stays in In progress")

    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("Waits for the maker")
    dialog.get_by_role("button", name="Hold").click()
    expect(page.locator("[data-column=on_hold]").get_by_text(order.reference)).to_be_visible()

    drag(page, "[data-column=on_hold] .card", "[data-column=pending] h2")
    expect(page.locator("#answers")).to_contain_text("cannot go from On hold to Pending")
    drag(page, "[data-column=on_hold] .card", "[data-column=in_progress] h2")
    expect(page.locator("[data-column=in_progress]").get_by_text(order.reference)).to_be_visible()
    order.refresh_from_db()
    assert order.status == "in_progress"
