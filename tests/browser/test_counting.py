"""How many interactions plain work takes: a press, or one thing typed and sent, counts as one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import expect

from returns.models import ReturnOrder
from sales.models import Refund
from tests.factories import tent_by_card
from tests.returns.ruling import publish, rule


@dataclass
class Hand:
    """Somebody's hand on the desk, counting what it does."""

    page: Any
    done: int = 0

    def press(self, name: str, role: str = "button") -> None:
        """Press the one thing of this name."""
        self.done += 1
        self.page.get_by_role(role, name=name, exact=True).first.click()

    def tick(self, name: str) -> None:
        self.done += 1
        self.page.get_by_role("checkbox", name=name).check()

    def type(self, label: str, text: str) -> None:
        """Type something and send it with the Enter key."""
        self.done += 1
        self.page.get_by_label(label, exact=True).fill(text)
        self.page.keyboard.press("Enter")


def test_a_plain_return_is_created_received_and_refunded_in_at_most_twelve_interactions(
    desk, business, bo
):
    publish(business, rule("flow", {"accept_on_receipt": True, "credit_on_accept": True}))
    tent_by_card(business, bo)
    page = desk.open("/returns/")
    hand = Hand(page)

    hand.press("New return", role="link")
    hand.type("Customer", "Bo Jansen")
    hand.tick("Return Tent")
    hand.press("Create and issue")
    expect(page.locator("#axes")).to_contain_text("In progress")
    created = hand.done
    hand.press("Receive goods", role="link")
    hand.press("Receive by form", role="link")
    hand.press("All open units are here")
    expect(page.locator("#axes")).to_contain_text("Received")
    hand.press("Approve refund", role="link")
    hand.press("Approve 50.00 EUR")
    hand.press("Pay 50.00 EUR")
    expect(page.get_by_text("RF-00001: The refund is done.")).to_be_visible()

    desk.expects("htmx:sendAbort")  # a look ahead that nobody waited for

    assert created <= 4
    assert hand.done <= 12
    assert ReturnOrder.objects.get().money == "refunded"
    assert Refund.objects.get().state == "done"
