"""Asking for a return: who may, for what, and what it takes hold of."""

from __future__ import annotations

import pytest

from customers.services import edit_company
from returns.services import LineInput, request_return, turn_returns
from rmaproject.access.actors import SYSTEM
from rmaproject.shared.errors import Conflict, NotPermitted, RuleViolation
from sales.models import InvoiceLine
from stock.models import StockItem
from tests.factories import (
    BusinessFactory,
    CompanyFactory,
    PartFactory,
    actor_with,
    ask_return,
    goods,
    sell,
)
from tests.returns.steps import D, bikes, receive, refused, request


def test_a_request_takes_hold_of_what_was_sold(business, bo):
    order = sell(business, bo, goods("TENT", "3", "50.00"))

    rma = ask_return(order, "2")

    assert (rma.status, rma.goods, rma.money, rma.version) == ("pending", "expected", "none", 1)
    assert rma.reference == "RMA-0001"
    line = rma.lines.get()
    assert (line.quantity, line.claim, line.part.sku) == (2, 2, "TENT")
    assert order.lines.get().claimed == 2


def test_more_than_was_shipped_is_refused_with_the_figures(business, bo):
    order = sell(business, bo, goods("TENT", "3", "50.00"))
    ask_return(order, "2")

    refusal = refused(lambda: ask_return(order, "1.5"))

    assert isinstance(refusal, RuleViolation)
    assert refusal.code == "exceeds_returnable"
    assert refusal.message == "Only 1 of this line can be returned, not 1.5."
    assert refusal.facts["lines"] == [
        {"order_line": str(order.lines.get().uuid), "requested": "1.5", "returnable": "1"}
    ]


def test_what_was_not_shipped_cannot_be_returned(business, bo):
    order = sell(business, bo, goods("TENT", "3", "50.00"), shipped=False)

    refusal = refused(lambda: ask_return(order, "1"))

    assert refusal.facts["lines"][0]["returnable"] == "0"


def test_a_customer_sends_back_only_what_was_sold_to_it(business, bo, cy):
    sold = sell(business, bo, goods("TENT", "3", "50.00")).lines.get()

    refusal = refused(
        lambda: request_return(
            business=business,
            customer=cy,
            lines=[LineInput(D("1"), order_line=sold)],
            actor=SYSTEM,
        )
    )

    assert (refusal.code, refusal.pointer) == ("wrong_customer", "/lines/0/order_line")


def test_a_business_takes_back_only_what_it_sold(business, bo):
    sold = sell(business, bo, goods("TENT", "3", "50.00")).lines.get()
    other = BusinessFactory()

    refusal = refused(
        lambda: request_return(
            business=other, customer=bo, lines=[LineInput(D("1"), order_line=sold)], actor=SYSTEM
        )
    )

    assert refusal.code == "wrong_customer"


def test_only_the_holder_of_a_unit_sends_it_back(business, bo, cy):
    bikes(business, bo, "B-1")
    unit = StockItem.objects.get()

    refusal = refused(
        lambda: request_return(
            business=business, customer=cy, lines=[LineInput(stock_item=unit)], actor=SYSTEM
        )
    )

    assert refusal.code in ("not_held_by_customer", "wrong_customer")


def test_a_unit_is_on_one_open_return_only(business, bo):
    order = bikes(business, bo, "B-1", "B-2")
    unit = StockItem.objects.get(serial="B-1")
    request(order, LineInput(stock_item=unit))

    refusal = refused(lambda: request(order, LineInput(stock_item=unit)))

    assert isinstance(refusal, Conflict)
    assert refusal.code == "unit_on_another_return"


def test_a_unit_takes_the_order_line_it_was_sold_on(business, bo):
    order = bikes(business, bo, "B-1")

    rma = request(order, LineInput(stock_item=StockItem.objects.get()))

    line = rma.lines.get()
    assert (line.quantity, line.order_line) == (1, order.lines.get())
    assert order.lines.get().claimed == 1


def test_a_refused_unit_is_counted_as_one(business, bo):
    order = bikes(business, bo, "B-1")
    ask_return(order, "1")

    refusal = refused(lambda: request(order, LineInput(stock_item=StockItem.objects.get())))

    assert refusal.code == "exceeds_returnable"
    assert refusal.facts["lines"][0] | {"order_line": ""} == {
        "order_line": "",
        "requested": "1",
        "returnable": "0",
    }


def test_bulk_stock_is_not_returned_as_a_unit(business, bo):
    order = sell(business, bo, goods("TENT", "1", "50.00"))
    receive(ask_return(order, "1", issued=True).lines.get())

    refusal = refused(lambda: request(order, LineInput(stock_item=StockItem.objects.get())))

    assert (refusal.code, refusal.pointer) == ("not_serialized", "/lines/0/stock_item")


def test_names_of_different_sales_are_refused(business, bo):
    tent = sell(business, bo, goods("TENT", "1", "50.00")).lines.get()
    order = sell(business, bo, goods("PEG", "1", "5.00"))
    peg = InvoiceLine.objects.get(invoice__order=order)
    mixed = LineInput(D("1"), order_line=tent, invoice_line=peg)

    refusal = refused(lambda: request(order, mixed))

    assert (refusal.code, refusal.pointer) == ("wrong_sale", "/lines/0/invoice_line")


def test_a_unit_and_the_line_of_another_sale_are_refused(business, bo):
    tent = sell(business, bo, goods("TENT", "1", "50.00")).lines.get()
    order = bikes(business, bo, "B-1")
    mixed = LineInput(stock_item=StockItem.objects.get(), order_line=tent)

    refusal = refused(lambda: request(order, mixed))

    assert (refusal.code, refusal.pointer) == ("wrong_sale", "/lines/0/order_line")


def test_another_part_than_the_sold_one_is_refused(business, bo):
    order = sell(business, bo, goods("TENT", "1", "50.00"))
    mixed = LineInput(D("1"), order_line=order.lines.get(), part=PartFactory(sku="PEG"))

    refusal = refused(lambda: request(order, mixed))

    assert (refusal.code, refusal.pointer) == ("wrong_part", "/lines/0/part")


def test_a_blind_part_claims_nothing(business, bo):
    rma = request_return(
        business=business,
        customer=bo,
        lines=[LineInput(D("2"), part=PartFactory())],
        actor=SYSTEM,
    )

    assert (rma.lines.get().order_line, rma.lines.get().claim) == (None, 2)


@pytest.mark.parametrize("quantity", ["0", "-1"])
def test_a_line_asks_for_more_than_nothing(business, bo, quantity):
    order = sell(business, bo, goods("TENT", "1", "50.00"))

    refusal = refused(lambda: ask_return(order, quantity))

    assert refusal.code == "invalid_quantity"


def test_who_is_no_customer_returns_nothing(business):
    supplier = CompanyFactory(is_customer=False, is_supplier=True)

    refusal = refused(lambda: request_return(business=business, customer=supplier, actor=SYSTEM))

    assert (refusal.code, refusal.pointer) == ("not_a_customer", "/customer")


def test_an_inactive_customer_needs_somebody_with_the_right(business, bo, ada):
    edit_company(bo.pk, {"active": False}, actor=SYSTEM)
    bo.refresh_from_db()
    clerk = actor_with("Service agent")

    refusal = refused(lambda: request_return(business=business, customer=bo, actor=clerk))
    made = request_return(business=business, customer=bo, actor=ada)

    assert refusal.code == "company_inactive"
    assert made.status == "pending"


def test_asking_to_waive_goods_needs_the_right_to_credit_without_them(business, bo, roles):
    clerk, finance = actor_with("Service agent"), actor_with("Finance")
    sold = sell(business, bo, goods("TENT", "3", "10.00")).lines.get()
    lines = [LineInput(D("1"), waived=D("2"), order_line=sold)]

    refusal = refused(
        lambda: request_return(business=business, customer=bo, lines=lines, actor=clerk)
    )
    made = request_return(business=business, customer=bo, lines=lines, actor=finance)

    assert refusal.facts == {"permission": "returns.credit_without_goods"}
    waiver = made.lines.get().waivers.get()
    assert (waiver.quantity, waiver.actor) == (2, finance.user)


def test_nothing_is_asked_while_returns_are_off(business, bo):
    turn_returns(on=False, actor=SYSTEM)

    refusal = refused(lambda: request_return(business=business, customer=bo, actor=SYSTEM))

    assert isinstance(refusal, NotPermitted)
    assert refusal.code == "returns_disabled"


def test_a_given_reference_is_kept_and_taken_once_whatever_its_case(business, bo):
    made = request_return(business=business, customer=bo, actor=SYSTEM, reference="Rma-é1")
    assert made.reference == "Rma-é1"

    refusal = refused(
        lambda: request_return(business=business, customer=bo, actor=SYSTEM, reference="RMA-É1")
    )

    assert refusal.code == "reference_exists"


def test_our_own_numbers_pass_over_taken_ones(business, bo):
    request_return(business=business, customer=bo, actor=SYSTEM, reference="rma-0001")

    made = request_return(business=business, customer=bo, actor=SYSTEM)

    assert made.reference == "RMA-0002"
