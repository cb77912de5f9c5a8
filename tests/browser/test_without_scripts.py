"""The core path without a script: each role does its part with plain forms and links."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from returns.models import ReturnOrder
from returns.setup import make_sheet
from sales.models import Refund
from tests.factories import actor_with, tent_by_card


@pytest.fixture
def page_of(window, business, bo, roles):
    """The desk of somebody in a role whose browser runs no scripts; Bo bought a tent by card."""
    make_sheet()
    tent_by_card(business, bo)

    def open_for(role, path):
        desk = window(actor_with(role, username=role.lower()[:5]), java_script_enabled=False)
        return desk.open(path)

    return open_for


def test_a_return_comes_back_and_is_paid_without_a_script(page_of):
    agent = page_of("Service agent", "/returns/")
    agent.get_by_role("link", name="New return").first.click()
    agent.get_by_label("Customer", exact=True).fill("Bo Jansen")
    agent.keyboard.press("Enter")
    agent.get_by_role("checkbox", name="Return Tent").check()
    agent.get_by_role("button", name="Create and issue").click()
    agent.get_by_label("Note", exact=True).fill("Comes by post")
    agent.get_by_role("button", name="Add note").click()
    expect(agent.locator(".timeline")).to_contain_text("Comes by post")
    rma = ReturnOrder.objects.get()

    clerk = page_of("Warehouse", "/returns/")
    clerk.get_by_role("link", name=rma.reference).click()
    clerk.get_by_role("link", name="Receive goods").click()
    clerk.get_by_role("link", name="Receive by form").click()
    clerk.get_by_role("button", name="All open units are here").click()
    expect(clerk.locator("#axes")).to_contain_text("Received")

    inspector = page_of("Inspector", "/returns/inspect/")
    inspector.get_by_role("link", name="Tent", exact=True).click()
    inspector.get_by_role("radio", name="A As new").check()
    inspector.get_by_role("button", name="Save, next").click()
    expect(inspector.get_by_role("heading", name="Nothing waits for inspection")).to_be_visible()

    finance = page_of("Finance", f"/returns/{rma.uuid}/")
    finance.get_by_role("link", name="Book credit").click()
    finance.get_by_role("button", name="Book the credit").click()
    refund = Refund.objects.get()
    manager = page_of("Manager", f"/refunds/{refund.uuid}/")
    manager.get_by_role("button", name="Approve 50.00 EUR").click()
    finance.goto(manager.url.partition("/refunds")[0] + f"/refunds/{refund.uuid}/")
    finance.get_by_role("button", name="Pay 50.00 EUR").click()

    refund.refresh_from_db()
    rma.refresh_from_db()
    assert (refund.state, rma.money) == ("done", "refunded")
