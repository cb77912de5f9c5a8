"""The inspector at the tablet: three taps for the plain case, photos over a line that breaks."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from returns.models import Inspection, Sheet
from returns.services import edit_sheet
from returns.setup import make_sheet
from rmaproject.access.actors import SYSTEM
from rmaproject.files.models import Attachment
from rmaproject.files.services import content_of
from tests.browser.desk import assert_accessible, assert_fits
from tests.factories import actor_with, ask_return, goods, sell
from tests.returns.steps import receive

TABLET = {"viewport": {"width": 768, "height": 1024}}
QUESTION = {
    "code": "complete",
    "text": "All parts there?",
    "kind": "yes_no",
    "grades": {"yes": "A", "no": "C"},
}


@pytest.fixture
def tents(business, bo, roles):
    """Two returns with a tent each are here; the sheet asks one question."""
    make_sheet()
    edit_sheet(Sheet.objects.get().pk, {"questions": [QUESTION]}, actor=SYSTEM)
    made = []
    for name in ("Heron", "Petrel"):
        order = sell(business, bo, goods(name.upper(), "1", "50.00", name=name))
        made.append(ask_return(order, "1", issued=True))
        receive(made[-1].lines.get())
    return made


@pytest.fixture
def inspector(window, tents):
    return window(actor_with("Inspector", username="ian"), has_touch=True, **TABLET)


def photo(width=3000, height=1500):
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, format="JPEG")
    return {"name": "seam.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def test_the_plain_case_takes_three_taps_from_the_queue_and_the_next_follows(inspector):
    page, taps = inspector.open("/returns/inspect/"), 0

    for name in ("Heron", "A As new", "Save, next"):
        role = {"Heron": "link", "A As new": "radio", "Save, next": "button"}[name]
        target = page.get_by_role(role, name=name)
        (target.locator("..") if role == "radio" else target).tap()
        taps += 1

    expect(page.get_by_role("heading", level=1)).to_have_text("Petrel")
    assert taps <= 3
    row = Inspection.objects.get()
    assert (row.grade, row.disposition.code) == ("A", "restock")
    assert row.disposals.get().movement is not None, "the goods moved in the same save"

    page.get_by_role("button", name="As expected: A, Back to stock").tap()
    expect(page.get_by_role("heading", name="Nothing waits for inspection")).to_be_visible()
    assert_accessible(page)


def test_answers_choose_the_grade_until_a_key_chooses_another(inspector):
    page = inspector.open("/returns/inspect/")
    page.get_by_role("link", name="Heron").tap()

    page.get_by_text("No", exact=True).tap()

    expect(page.locator("#proposal")).to_contain_text("The answers propose C")
    expect(page.get_by_role("radio", name="C Damaged")).to_be_checked()
    expect(page.locator("#result")).to_contain_text("35.00 EUR of 50.00")
    page.keyboard.press("b")
    expect(page.locator("#result")).to_contain_text("Into quarantine")
    expect(page.get_by_role("radio", name="B Opened")).to_be_checked()
    assert_accessible(page)
    for width in (1280, 768, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert_fits(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Petrel")
    row = Inspection.objects.get()
    assert (row.grade, row.snapshot["proposed"]["grade"]) == ("B", "C")


def test_a_photo_is_shown_at_once_made_small_and_sent_again_after_the_line_broke(inspector):
    page = inspector.open("/returns/inspect/")
    page.get_by_role("link", name="Heron").tap()
    answers = []

    def lose_the_answer(route):
        """The photo arrives, but its sender never hears of it."""
        answers.append(route.fetch().status)
        route.abort()

    page.route("**/photos/", lose_the_answer, times=1)
    page.get_by_label("New photos").set_input_files([photo()])
    expect(page.locator("figure canvas")).to_be_visible()
    page.get_by_placeholder("Caption").fill("Torn seam")
    page.locator(".grade").nth(2).tap()
    expect(page.get_by_text("Kept", exact=True)).to_be_visible()
    page.get_by_role("button", name="Save, next").tap()

    expect(page.get_by_role("heading", level=1)).to_have_text("Petrel")
    inspector.expects("Failed to load resource", "net::ERR_FAILED")
    kept = Attachment.objects.get()
    assert answers == [201], "the first one had arrived"
    assert Inspection.objects.get().photos == [str(kept.uuid)]
    assert (kept.kind, kept.comment) == ("evidence", "Torn seam")
    with Image.open(io.BytesIO(content_of(kept))) as shown:
        assert shown.size == (2000, 1000)


def test_an_inspection_needs_no_scripts(window, tents):
    desk = window(actor_with("Inspector", username="ian"), java_script_enabled=False, **TABLET)
    page = desk.page
    page.goto(desk.url + "/returns/inspect/")
    page.get_by_role("link", name="Heron").click()
    page.get_by_text("Yes", exact=True).click()
    page.get_by_label("New photos").set_input_files([photo(40, 20)])

    page.get_by_role("button", name="Save, next").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Petrel")
    row = Inspection.objects.get()
    assert (row.grade, len(row.photos)) == ("A", 1), "the answer alone gave the grade"
