"""A day of each role from its start page to the end, with its rights alone and without a mouse."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from returns.models import Inspection, ReturnOrder
from returns.setup import make_sheet
from rmaproject.access.models import User
from sales.models import CreditNote, Refund
from tests.browser.keys import Keys
from tests.factories import actor_with, ask_return, goods, sell
from tests.returns.ruling import publish, rule
from tests.returns.steps import decided, receive


@pytest.fixture
def at_work(window, business, roles):
    """Somebody of a role before their start page, with the hands on the keys."""

    def begin(role):
        desk = window(actor_with(role, username="sam", first_name="Sam"))
        desk.open("/")
        keys = Keys(desk.page)
        keys.into_page()
        return keys

    return begin


def test_a_service_agent_asks_a_return_back_and_tells_the_customer(at_work, business, bo):
    sell(business, bo, goods("TENT", "2", "50.00", name="Tent"))
    keys = at_work("Service agent")
    page = keys.page

    keys.press("New return", role="link")
    expect(page.get_by_label("Customer", exact=True)).to_be_focused()
    page.keyboard.type("Bo Jansen")
    page.keyboard.press("Enter")
    keys.press("Return Tent", role="checkbox", key="Space")
    keys.press("Create and issue")
    expect(page.locator("#axes")).to_contain_text("In progress")
    expect(page.get_by_role("link", name="Receive goods")).to_have_count(0)
    keys.into_page()
    keys.type("Note", "The driver comes on Friday")
    keys.press("Internal", role="radio", key="ArrowRight")
    keys.press("Add note")
    expect(page.locator(".timeline .note")).to_contain_text("The driver comes on Friday")

    assert ReturnOrder.objects.get().status == "in_progress"


def test_a_clerk_at_the_dock_receives_what_a_scanner_reads(at_work, business, bo):
    order = sell(business, bo, goods("TENT", "2", "50.00", name="Tent"))
    rma = ask_return(order, "2", issued=True)
    keys = at_work("Warehouse")
    page = keys.page

    keys.press(re.compile("^Awaiting receipt"), role="link")
    expect(page.get_by_role("row", name=rma.reference)).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("e")
    expect(page.locator("#code")).to_be_focused()
    page.keyboard.type(rma.reference)
    page.keyboard.press("Enter")
    page.wait_for_url("**/count/")
    for code in ("TENT", "TENT", "FINISH"):
        page.keyboard.type(code)
        page.keyboard.press("Enter")
    page.wait_for_url("**/finish/")
    keys.press("Book the receipt")

    expect(page.get_by_text("Receipt 1 is booked.")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Receipt 1 is booked.")).to_be_visible()
    assert rma.lines.get().received == 2


def test_an_inspector_grades_one_after_the_other(at_work, business, bo):
    make_sheet()
    for name in ("Heron", "Petrel"):
        order = sell(business, bo, goods(name.upper(), "1", "50.00", name=name))
        receive(ask_return(order, "1", issued=True).lines.get())
    keys = at_work("Inspector")
    page = keys.page

    keys.press(re.compile("^Awaiting inspection"), role="link")
    page.get_by_role("heading", level=1).wait_for()
    page.keyboard.press("g")
    page.keyboard.press("i")
    keys.press("Inspect the first", role="link")
    expect(page.get_by_role("heading", level=1)).to_have_text("Heron")
    page.wait_for_load_state()  # keys work once the scripts are there
    page.keyboard.press("b")
    expect(page.get_by_role("radio", name="B Opened")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="C Damaged")).to_be_checked()
    keys.press("Save, next")
    expect(page.get_by_role("heading", level=1)).to_have_text("Petrel")
    page.wait_for_load_state()
    page.keyboard.press("a")
    keys.press("Save, next")

    expect(page.get_by_role("heading", name="Nothing waits for inspection")).to_be_visible()
    assert list(Inspection.objects.order_by("pk").values_list("grade", flat=True)) == ["C", "A"]


def test_finance_books_a_credit_and_asks_for_its_refund(at_work, business, bo):
    rma = decided(sell(business, bo, goods("TENT", "1", "50.00", name="Tent")))
    keys = at_work("Finance")
    page = keys.page

    keys.press(re.compile("^Refund due"), role="link")
    keys.press(rma.reference, role="link")
    page.wait_for_url(f"**/returns/{rma.uuid}/")
    keys.press("Book credit", role="link")
    expect(page.get_by_role("heading", level=1)).to_have_text("Book the credit")
    keys.press("Book the credit")
    page.wait_for_url(f"**/returns/{rma.uuid}/")

    assert CreditNote.objects.get().gross == 50
    assert Refund.objects.count() <= 1


def test_a_manager_approves_what_the_rules_leave_to_people(at_work, business, bo):
    publish(business, rule("approval", {"needed": "always"}))
    rma = ask_return(sell(business, bo, goods("TENT", "1", "50.00", name="Tent")), issued=True)
    keys = at_work("Manager")
    page = keys.page

    keys.press(re.compile("^Awaiting approval"), role="link")
    keys.press(rma.reference, role="link")
    page.wait_for_url(f"**/returns/{rma.uuid}/")
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts on this page")
    expect(sheet).to_be_visible()
    keys.stays_inside(sheet)
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    keys.press("Approve")

    expect(page.locator("#axes")).to_contain_text("In progress")
    rma.refresh_from_db()
    assert rma.status == "in_progress"


def test_an_administrator_adds_a_person_with_a_role(at_work):
    keys = at_work("Administrator")
    page = keys.page

    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name="Search or scan")
    expect(box).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("g")
    page.keyboard.press(",")
    keys.press("Users", role="link")
    keys.press("Add somebody", role="link")
    keys.type("User name", "leonie")
    keys.press("Inspector", role="checkbox", key="Space")
    keys.press("Add and make a link")

    expect(page.get_by_label("Link", exact=True)).to_be_visible()
    added = User.objects.get(username="leonie")
    assert [role.name for role in added.groups.all()] == ["Inspector"]
