"""Three returns as an accounting client sends them, with its figures, to the cent.

A sale of a tent (74.80) and two pegs at 5.00 with a discount of 2.00 on the set; the client says
what is credited, VAT included, and is taken at its word.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sales.models import Account, CreditNote, Invoice, Refund, SalesOrder
from tests.api.caller import Caller, problem
from tests.changes import picture
from tests.factories import actor_with, discount, goods, sell
from tests.refunds.money import IBAN

pytestmark = pytest.mark.django_db


@pytest.fixture
def caller(roles: None) -> Caller:
    return Caller(actor_with("Integrator"))


@pytest.fixture
def order(business, bo) -> SalesOrder:
    """The sale with reference ODE12345678901, invoiced and paid: 82.80."""
    lines = goods("TENT-3P", "1", "74.80"), goods("PEG-10", "2", "5.00"), discount("-2.00")
    return sell(business, bo, *lines, reference="ODE12345678901")


def told(order: SalesOrder, number: int, price: float, vat: float) -> dict[str, Any]:
    """An item as the client tells it: one piece of a line of the order."""
    return {
        "order_line": str(order.lines.get(number=number).uuid),
        "quantity": 1.0,
        "gross_unit_price": price,
        "vat_amount": vat,
        "vat_percent": 21,
        "vat_type": "NORMAL",
    }


def body(order: SalesOrder, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "business": order.business.code,
        "customer": order.customer.reference,
        "reference": "RETNL-440025011",
        "received_on": "2024-08-28",
        "lines": list(lines),
        **more,
    }


def refunds() -> list[tuple[Any, ...]]:
    """What goes back, and to which account by its last four signs."""
    return list(Refund.objects.values_list("state", "via", "amount", "bank_details__last4"))


def amounts(note: CreditNote) -> list[tuple[str, Decimal, Decimal, Decimal]]:
    return list(note.lines.order_by("number").values_list("kind", "net", "tax", "gross"))


def test_two_items_are_credited_as_told(caller, order):
    answer = caller.post(
        "/returns/record", body(order, told(order, 2, 5.00, 0.87), told(order, 1, 74.80, 12.98))
    )

    assert answer.status_code == 201, answer.content
    note = CreditNote.objects.get()
    assert amounts(note) == [
        ("goods", Decimal("4.13"), Decimal("0.87"), Decimal("5.00")),
        ("goods", Decimal("61.82"), Decimal("12.98"), Decimal("74.80")),
    ]
    assert (note.net, note.tax, note.gross) == (
        Decimal("65.95"),
        Decimal("13.85"),
        Decimal("79.80"),
    )
    assert note.invoice == order.invoices.get()
    assert Invoice.objects.get().credited == Decimal("79.80")
    assert Account.objects.get().balance == Decimal("-79.80")
    assert answer.json()["status"] == "complete"
    assert refunds() == [("waiting_details", "bank", Decimal("79.80"), None)]


def test_one_item_is_refunded_to_the_account_that_was_told_and_the_rest_stays_returnable(
    caller, order
):
    bank = {"owner": "John Doe", "iban": IBAN, "bic": "COBADEFFXXX"}

    answer = caller.post(
        "/returns/record", body(order, told(order, 2, 5.00, 0.87), bank_details=bank)
    )

    assert answer.status_code == 201, answer.content
    note = CreditNote.objects.get()
    assert (note.net, note.tax, note.gross) == (Decimal("4.13"), Decimal("0.87"), Decimal("5.00"))
    assert refunds() == [("waiting_approval", "bank", Decimal("5.00"), "3000")]
    assert IBAN not in answer.content.decode()
    assert list(order.lines.order_by("number").values_list("claimed", flat=True)) == [0, 1, 0]


def test_a_bundle_discount_that_no_longer_holds_is_taken_back_with_its_tax(caller, order):
    discounted = Invoice.objects.get().lines.get(kind="discount")
    lost = {
        "kind": "discount",
        "name": "Set discount",
        "gross_unit_price": -2.00,
        "quantity": 1.0,
        "vat_amount": -0.42,
        "vat_percent": 21,
        "vat_type": "NORMAL",
        "invoice_line": str(discounted.uuid),
    }

    answer = caller.post(
        "/returns/record", body(order, told(order, 2, 5.00, 0.87), extra_lines=[lost])
    )

    assert answer.status_code == 201, answer.content
    note = CreditNote.objects.get()
    assert amounts(note) == [
        ("goods", Decimal("4.13"), Decimal("0.87"), Decimal("5.00")),
        ("discount", Decimal("-1.58"), Decimal("-0.42"), Decimal("-2.00")),
    ]
    assert (note.net, note.tax, note.gross) == (Decimal("2.55"), Decimal("0.45"), Decimal("3.00"))
    discounted.refresh_from_db()
    assert (discounted.credited_units, discounted.credited_gross) == (1, Decimal("-2.00"))
    assert Invoice.objects.get().credited == Decimal("3.00")
    assert refunds() == [("waiting_details", "bank", Decimal("3.00"), None)]


def test_more_than_the_invoice_is_refused_with_the_figures(caller, order):
    before = picture()
    items = told(order, 1, 74.80, 12.98), {**told(order, 2, 5.00, 1.74), "quantity": 2.0}

    refused = problem(caller.post("/returns/record", body(order, *items)), 422)

    assert refused["code"] == "exceeds_invoice"
    assert refused["facts"] == {"credit": "84.80", "open": "82.80"}
    assert picture() == before


def test_an_iban_with_wrong_check_digits_is_refused_and_nothing_is_booked(caller, order):
    bank = {"owner": "John Doe", "iban": "DE436345345344742", "bic": ""}
    before = picture()

    answer = caller.post(
        "/returns/record", body(order, told(order, 2, 5.00, 0.87), bank_details=bank)
    )

    assert problem(answer, 422)["code"] == "invalid_iban"
    assert picture() == before


@pytest.mark.parametrize("vat", [-0.42, 5.01])
def test_a_vat_outside_its_item_is_refused_and_nothing_is_booked(caller, order, vat):
    before = picture()

    answer = caller.post("/returns/record", body(order, told(order, 2, 5.00, vat)))

    refusal = problem(answer, 422)
    assert (refusal["code"], refusal["errors"][0]["pointer"]) == (
        "invalid_vat",
        "/lines/0/vat_amount",
    )
    assert picture() == before
