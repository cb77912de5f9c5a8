"""Returned orders in all the forms that this system documents, to the cent."""

from __future__ import annotations

import pytest

from returns.models import ReturnOrder
from rmaproject.access.actors import SYSTEM
from rmaproject.audit.models import AuditEntry
from sales.models import CreditNote, Invoice, OrderLine, Refund
from sales.services.banking import keep_bank_details
from sales.services.refunding import set_refund_details
from sales.services.sale import SaleLine
from tests.compat.calling import body_of
from tests.compat.riverty.steps import BANK, LOST, PEG, TENT, noted, refunds
from tests.factories import goods, sell
from tests.refunds.money import IBAN, account, bank_of
from tests.returns.steps import D

pytestmark = pytest.mark.django_db


def test_the_standard_return_is_booked_as_told(shop):
    rma = shop.book(PEG, TENT)

    assert (rma.reference, rma.status, rma.goods) == ("RETNL-440025011", "complete", "received")
    assert (rma.reason.code, str(rma.requested_on)) == ("customer_return", "2024-08-28")
    assert str(rma.receipts.get().received_on) == "2024-08-28"
    assert noted() == [
        ("goods", D("4.13"), D("0.87"), D("5.00")),
        ("goods", D("61.82"), D("12.98"), D("74.80")),
    ]
    assert CreditNote.objects.get().invoice == shop.order.invoices.get()
    assert refunds() == [("waiting_details", "bank", D("79.80"), None)]
    assert set(AuditEntry.objects.filter(aggregate_id=rma.uuid).values_list("door")) == {
        ("riverty",)
    }


def test_a_carrier_return_has_its_own_reason(shop):
    assert shop.book(PEG, returnReason="CARRIER_RETURN").reason.code == "carrier_return"


def test_a_bundle_discount_that_no_longer_holds_is_taken_back_with_its_tax(shop):
    shop.book(PEG, LOST)

    assert noted() == [
        ("goods", D("4.13"), D("0.87"), D("5.00")),
        ("discount", D("-1.58"), D("-0.42"), D("-2.00")),
    ]
    assert refunds() == [("waiting_details", "bank", D("3.00"), None)]


def test_the_whole_order_comes_back_when_no_items_are_named(shop):
    rma = shop.book()

    assert CreditNote.objects.get().gross == D("82.80")
    assert [line.credited for line in rma.lines.order_by("number")] == [1, 2]
    assert shop.code(shop.body(returnReference="R-2"), 409) == ("nothing_left", {})
    assert body_of(shop.caller.post(shop.path, shop.body())) == {"internalRequestId": str(rma.uuid)}


def test_the_rest_of_an_order_comes_back_with_its_shipping_and_ends_at_nothing(business, bo, shop):
    post = SaleLine(0, D(1), D("4.95"), kind="shipping", vat_percent=D(21))
    lines = goods("LAMP", "3", "10.00"), post
    shop.order = sell(business, bo, *lines, reference="SO-POST")
    lamp = {"orderItemReference": 1, "quantity": 2}
    first = shop.book(lamp, returnReference="R-1")
    rest = shop.book(returnReference="R-2")

    gross = [note.gross for note in CreditNote.objects.order_by("pk")]
    assert gross == [D("20.00"), D("14.95")]
    assert [rma.lines.get().credited for rma in (first, rest)] == [2, 1]
    invoice = Invoice.objects.get(order=shop.order)
    assert invoice.credited == invoice.gross == D("34.95")
    assert rest.extra_lines.get().kind == "shipping"


def test_valid_bank_details_are_where_the_refund_goes(shop):
    shop.book(PEG, bankDetails={**BANK, "iban": IBAN, "bic": "COBADEFFXXX"})

    assert refunds() == [("waiting_approval", "bank", D("5.00"), "3000")]


@pytest.mark.parametrize(
    ("details", "code"),
    [
        (BANK, "invalid_iban"),
        ({**BANK, "iban": IBAN, "bic": "X"}, "invalid_bic"),
        ({**BANK, "accountOwner": ""}, "invalid_owner"),
        ({}, "invalid_owner"),
    ],
)
def test_wrong_bank_details_do_not_stop_the_return_and_staff_see_why(shop, details, code):
    bank_of(shop.order.customer)  # another account than the one that the customer wrote down

    rma = shop.book(PEG, bankDetails=details)

    assert (rma.status, rma.details_refused) == ("complete", code)
    assert noted() == [("goods", D("4.13"), D("0.87"), D("5.00"))]
    assert refunds() == [("waiting_details", "bank", D("5.00"), None)]
    comment = rma.comments.get()
    assert comment.audience == "internal"
    assert comment.text.startswith("Ask the customer for other payout details")
    kept = [str(entry.facts) for entry in AuditEntry.objects.all()]
    assert any(code in facts for facts in kept)
    assert not any("436345345344742" in text for text in [*kept, comment.text])


def test_valid_details_later_let_the_refund_go_on(shop):
    rma = shop.book(PEG, bankDetails=BANK)
    refund = Refund.objects.get()
    details = keep_bank_details(account(), customer=rma.customer, actor=SYSTEM)
    set_refund_details(refund.pk, details, actor=SYSTEM)

    assert refunds() == [("waiting_approval", "bank", D("5.00"), "3000")]


def test_without_a_price_the_amounts_are_those_of_the_sale(shop):
    shop.book({"orderItemReference": 1, "quantity": 1})

    assert [(kind, gross) for kind, _, _, gross in noted()] == [
        ("goods", D("74.80")),
        ("discount", D("-1.76")),
    ]


@pytest.mark.parametrize("vat", [0.87, 1.74])
def test_vat_is_told_for_a_piece_or_for_all_of_them(shop, vat):
    shop.book({**PEG, "quantity": 2, "vatAmount": vat})

    assert noted() == [("goods", D("8.26"), D("1.74"), D("10.00"))]


def test_a_part_of_a_piece_comes_back(business, bo, shop):
    shop.order = sell(business, bo, goods("ROPE", "10", "4.00"), reference="SO-ROPE")
    item = {**PEG, "orderItemReference": 1, "quantity": 2.5, "grossUnitPrice": 4}

    shop.book({**item, "vatAmount": 0.69})

    assert noted() == [("goods", D("8.27"), D("1.73"), D("10.00"))]
    assert OrderLine.objects.get(part__sku="ROPE").claimed == D("2.5")


def test_all_units_of_a_serialized_line_need_no_serial_and_one_of_two_does(business, bo, shop):
    lines = goods("BIKE", "2", "90.00", serials=("B-1", "B-2"))
    shop.order = sell(business, bo, lines, reference="SO-BIKE")
    one = {"orderItemReference": 1, "quantity": 1}

    assert shop.code(shop.body(one), 422) == (
        "serial_missing",
        {"/items/0/serial": "serial_missing"},
    )
    rma = shop.book({**one, "quantity": 2})
    serials = rma.receipts.get().lines.values_list("stock_item__serial", flat=True)
    assert sorted(serials) == ["B-1", "B-2"]


def test_several_returns_of_a_line_never_exceed_what_was_sold(shop):
    shop.book(PEG, returnReference="R-1")
    shop.book(PEG, returnReference="R-2")

    assert shop.code(shop.body(PEG, returnReference="R-3"), 422)[0] == "exceeds_returnable"
    assert ReturnOrder.objects.count() == 2
