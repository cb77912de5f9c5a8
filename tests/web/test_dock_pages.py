"""The dock by plain forms: unknown parcels, matches, parcels, and what is taken back."""

from __future__ import annotations

import pytest

from returns.models import ReturnOrder
from returns.services import (
    MatchInput,
    ReceiveInput,
    SurpriseInput,
    add_parcel,
    credit_return,
    match_return,
    receive_return,
)
from returns.services.unknown import take_in_unknown
from rmaproject.access.actors import SYSTEM
from rmaproject.shared.errors import RuleViolation
from sales.models import CreditNote
from sales.services.businesses import edit_business
from stock.models import StockItem
from tests.factories import (
    CompanyFactory,
    PartFactory,
    UserFactory,
    ask_return,
    goods,
    sell,
)
from tests.returns.steps import decided, receive
from tests.web.browser import fill, press, text_of


@pytest.fixture
def anonymous(business):
    made = CompanyFactory(reference="ANON", name="Somebody")
    edit_business(business.pk, {"anonymous_customer": made}, actor=SYSTEM)
    return made


def test_a_parcel_from_nobody_known_becomes_a_return(clerk, business, anonymous):
    PartFactory(sku="BIKE", is_serialized=True)

    answer = clerk.post(
        "/returns/unknown/",
        {
            "business": str(business.uuid),
            "tracking_number": "3SXYZ",
            "note": "Wet box",
            "unexpected_1_code": "bike",
            "unexpected_1_mark": "B-1",
            "unexpected_2_description": "A red mug",
        },
    )

    order = ReturnOrder.objects.get()
    assert answer.headers["Location"] == f"/returns/{order.uuid}/"
    assert (order.customer, order.status, order.goods) == (anonymous, "in_progress", "none")
    assert order.parcels.get().tracking_number == "3SXYZ"
    receipt = order.receipts.get()
    assert (receipt.parcel, receipt.note) == (order.parcels.get(), "Wet box")
    bike, mug = order.lines.order_by("number")
    assert (bike.stock_item.serial, mug.description) == ("B-1", "A red mug")
    shown = text_of(clerk.get(f"/returns/{order.uuid}/"))
    assert "3SXYZ" in shown


def test_an_unknown_parcel_of_a_known_customer_is_his_return(clerk, business, bo):
    clerk.post(
        "/returns/unknown/",
        {"business": str(business.uuid), "customer": "BO", "unexpected_1_description": "Mug"},
    )

    assert ReturnOrder.objects.get().customer == bo


def test_an_unknown_parcel_needs_something_in_it_and_somebody(clerk, business, anonymous, bo):
    empty = clerk.post("/returns/unknown/", {"business": str(business.uuid)})
    edit_business(business.pk, {"anonymous_customer": None}, actor=SYSTEM)
    nobody = clerk.post(
        "/returns/unknown/",
        {"business": str(business.uuid), "unexpected_1_description": "Mug"},
    )

    assert (empty.status_code, nobody.status_code) == (422, 422)
    assert "Say what arrived." in text_of(empty)
    assert "Name the customer" in text_of(nobody)
    assert 'value="Mug"' in text_of(nobody)
    assert ReturnOrder.objects.count() == 0


def test_the_docks_list_leads_to_the_unknown_parcel(clerk, client, business, roles):
    assert "/returns/unknown/" in text_of(clerk.get("/returns/receive/"))

    client.force_login(UserFactory(username="ines", roles=("Inspector",)))

    assert "/returns/unknown/" not in text_of(client.get("/returns/receive/"))
    assert client.get("/returns/unknown/").status_code == 403


def test_a_surplus_is_matched_to_a_sale_of_its_customer(clerk, tents, business, cy):
    order = ask_return(tents, "1", issued=True)
    sell(business, cy, goods("TENT", "3"), reference="SALE-CY")
    given = ReceiveInput(unexpected=[SurpriseInput(sku="TENT")])
    receive_return(order.pk, given, actor=SYSTEM)
    line, sold = order.lines.get(unexpected=True), tents.lines.get()

    shown = text_of(clerk.get(f"/returns/{order.uuid}/match/"))
    assert str(sold.uuid) in shown
    assert "SALE-CY" not in shown
    answer = fill(clerk, order, "match", **{f"sale_{line.uuid}": str(sold.uuid)})

    assert answer.status_code == 302
    line.refresh_from_db()
    assert (line.order_line, line.unexpected) == (sold, False)


def test_a_match_that_is_refused_says_so_at_its_line(clerk, tents):
    order = ask_return(tents, "1", issued=True)
    given = ReceiveInput(unexpected=[SurpriseInput(sku="TENT")] * 2)
    receive_return(order.pk, given, actor=SYSTEM)
    sold = tents.lines.get()
    wanted = {f"sale_{line.uuid}": str(sold.uuid) for line in order.lines.filter(unexpected=True)}

    answer = fill(clerk, order, "match", **wanted)

    assert answer.status_code == 422
    assert "Only 1 of this line can be returned, not 2." in text_of(answer)
    assert order.lines.filter(unexpected=True).count() == 2


def test_a_receipt_is_taken_back_with_a_reason(clerk, tents):
    order = ask_return(tents, "2", issued=True)
    receipt = receive(order.lines.get(), "2")
    shown = text_of(clerk.get(f"/returns/{order.uuid}/"))
    assert f"/returns/{order.uuid}/receipts/{receipt.uuid}/reverse/" in shown

    without = press(clerk, order, f"receipts/{receipt.uuid}/reverse")
    done = press(clerk, order, f"receipts/{receipt.uuid}/reverse", reason="Counted twice")

    assert (without.status_code, done.status_code) == (422, 302)
    assert order.lines.get().received == 0
    after = text_of(clerk.get(f"/returns/{order.uuid}/"))
    assert "Reversed" in after
    assert "took a receipt back" in after
    assert f"/receipts/{receipt.uuid}/reverse/" not in after


def test_goods_that_moved_on_are_told_on_the_page(clerk, tents):
    order = ask_return(tents, "2", issued=True)
    receipt = receive(order.lines.get(), "2")
    StockItem.objects.update(quantity=0)

    answer = press(clerk, order, f"receipts/{receipt.uuid}/reverse", reason="Counted twice")

    assert answer.status_code == 409
    assert "Goods of line 1 have moved on since they were received." in text_of(answer)


def test_a_credit_note_is_taken_back_and_both_are_shown(clerk, business, bo):
    order = decided(sell(business, bo, goods("TENT", "1", "50.00"), paid=False))
    (note,) = credit_return(order.pk, actor=SYSTEM)

    done = press(clerk, order, f"credit-notes/{note.uuid}/reverse", reason="Wrong customer")

    assert done.status_code == 302
    shown = text_of(clerk.get(f"/returns/{order.uuid}/"))
    counter = CreditNote.objects.get(reverses=note)
    assert f"Takes back {note.reference}" in shown
    assert counter.reference in shown
    assert "took a credit note back" in shown


def test_another_returns_papers_are_not_found(clerk, tents, business, bo):
    order = ask_return(tents, "1", issued=True)
    other = decided(sell(business, bo, goods("PEG", "1", "50.00"), paid=False))
    (note,) = credit_return(other.pk, actor=SYSTEM)
    receipt = other.receipts.get()

    taken = press(clerk, order, f"receipts/{receipt.uuid}/reverse", reason="x")
    credit = press(clerk, order, f"credit-notes/{note.uuid}/reverse", reason="x")

    assert (taken.status_code, credit.status_code) == (404, 404)


def test_a_parcel_is_changed_and_taken_out(clerk, tents):
    order = ask_return(tents, "1", issued=True)
    parcel = add_parcel(order.pk, {"carrier": "DHL", "tracking_number": "JD1"}, actor=SYSTEM)
    page = f"parcels/{parcel.uuid}"
    assert "JD1" in text_of(clerk.get(f"/returns/{order.uuid}/{page}/"))

    fill(clerk, order, page, carrier="DHL", tracking_number="JD2")
    parcel.refresh_from_db()
    assert parcel.tracking_number == "JD2"
    fill(clerk, order, page, remove="on")

    parcel.refresh_from_db()
    assert parcel.void is True
    assert "JD2" not in text_of(clerk.get(f"/returns/{order.uuid}/receive/"))
    assert clerk.get(f"/returns/{order.uuid}/{page}/").status_code == 404


def test_who_lacks_the_right_sees_no_button(client, tents, roles):
    order = ask_return(tents, "2", issued=True)
    receive(order.lines.get(), "2")
    client.force_login(UserFactory(username="vera", roles=("Viewer",)))

    assert "/reverse/" not in text_of(client.get(f"/returns/{order.uuid}/"))


def test_a_parcel_of_nobody_known_becomes_the_return_of_whose_sale_is_found(
    clerk, tents, business, anonymous, cy
):
    business.refresh_from_db()
    found = ReceiveInput(unexpected=[SurpriseInput(sku="TENT")])
    order = take_in_unknown(business, found, actor=SYSTEM)
    line, sold = order.lines.get(), tents.lines.get()

    everybody = text_of(clerk.get(f"/returns/{order.uuid}/match/"))
    of_cy = text_of(clerk.get(f"/returns/{order.uuid}/match/?customer={cy.reference}"))
    answer = fill(clerk, order, "match", **{f"sale_{line.uuid}": str(sold.uuid)})

    order.refresh_from_db()
    assert f"{tents.customer.name}, {tents.reference}" in everybody
    assert tents.reference not in of_cy
    assert answer.status_code == 302
    assert order.customer == tents.customer
    assert order.lines.get().order_line == sold


def test_the_sender_of_a_return_that_has_one_is_never_changed_by_a_match(tents, business, cy):
    order = take_in_unknown(
        business, ReceiveInput(unexpected=[SurpriseInput(sku="TENT")]), actor=SYSTEM, customer=cy
    )

    with pytest.raises(RuleViolation) as refusal:
        match_return(order.pk, [MatchInput(order.lines.get(), tents.lines.get())], actor=SYSTEM)

    assert refusal.value.code == "wrong_customer"
    order.refresh_from_db()
    assert order.customer == cy
