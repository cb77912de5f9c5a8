"""A line whose sale nobody knew gets its order line: it claims it and is paid by it."""

from __future__ import annotations

import pytest

from returns.models import ReturnOrder
from returns.services import (
    CreditInput,
    LineInput,
    MatchInput,
    ReceiveInput,
    SurpriseInput,
    credit_return,
    issue_return,
    match_return,
    receive_return,
    remove_line,
    request_return,
)
from rmaproject.access.actors import SYSTEM
from rmaproject.audit.trail import history
from rmaproject.management.commands.verify import all_checks
from sales.models import OrderLine
from sales.services.businesses import edit_business
from sales.services.units import GivenAmount
from stock.models import StockItem
from tests.factories import CompanyFactory, PartFactory, ask_return, goods, sell
from tests.returns.steps import D, bikes, dispose, receive, refused


@pytest.fixture
def sold(business, bo):
    return sell(business, bo, goods("TENT", "3", "50.00"))


@pytest.fixture
def rma(business, bo):
    """Bo's return of nothing that is known."""
    made = request_return(business=business, customer=bo, actor=SYSTEM)
    return issue_return(made.pk, actor=SYSTEM)


@pytest.fixture
def unknown(business):
    """A parcel that nobody knows; it is the anonymous customer's."""
    nobody = {"anonymous_customer": CompanyFactory(reference="NOBODY")}
    business = edit_business(business.pk, nobody, actor=SYSTEM)
    made = request_return(business=business, actor=SYSTEM)
    return issue_return(made.pk, actor=SYSTEM)


def find(rma, quantity: str = "1", **what):
    given = ReceiveInput(unexpected=[SurpriseInput(D(quantity), **what)])
    receive_return(rma.pk, given, actor=SYSTEM)
    return rma.lines.filter(unexpected=True).latest("number")


def match(line, sold=None, **values):
    wanted = [MatchInput(line, order_line=sold, **values)]
    return match_return(line.return_order_id, wanted, actor=SYSTEM)


def test_surplus_that_was_sold_claims_its_order_line_and_is_credited(rma, sold):
    line = find(rma, "2", sku="TENT", description="Two tents")
    dispose(line)
    assert ReturnOrder.objects.get().credit_owed is False

    order = match(line, sold.lines.get())

    line.refresh_from_db()
    assert (line.order_line, line.unexpected, line.description) == (
        sold.lines.get(),
        False,
        "Two tents",
    )
    assert sold.lines.get().claimed == 2
    assert (order.goods, order.money, order.credit_owed) == ("received", "due", True)
    (note,) = credit_return(rma.pk, actor=SYSTEM)
    assert note.gross == D("100.00")
    assert [str(row) for check in all_checks() for row in check.broken()] == []


def test_a_blind_line_is_matched_before_anything_came(business, bo, sold):
    tent = sold.lines.get().part
    made = request_return(
        business=business, customer=bo, lines=[LineInput(D("1"), part=tent)], actor=SYSTEM
    )

    match(made.lines.get(), invoice_line=sold.lines.get().invoice_lines.get())

    line = made.lines.get()
    assert (line.order_line, line.invoice_line) == (
        sold.lines.get(),
        sold.lines.get().invoice_lines.get(),
    )
    assert sold.lines.get().claimed == 1
    assert history(ReturnOrder.objects.get())[-1].facts == {"matched": [str(line.uuid)]}


def test_goods_in_words_get_the_part_of_the_sale(rma, sold):
    line = find(rma, description="A blue tent")

    match(line, sold.lines.get())

    line.refresh_from_db()
    assert (line.part, line.description) == (sold.lines.get().part, "A blue tent")


def test_a_unit_goes_to_its_own_sale_without_naming_it(rma, business, bo):
    sale = bikes(business, bo, "B-1", "B-2")
    line = find(rma, serial="B-2")

    match(line)

    line.refresh_from_db()
    assert line.order_line == sale.lines.get()
    dispose(line)
    (note,) = credit_return(rma.pk, actor=SYSTEM)
    assert note.gross == D("900.00")


def test_no_more_is_matched_than_was_sold_and_not_claimed(rma, sold):
    ask_return(sold, "2")
    line = find(rma, "2", sku="TENT")

    refusal = refused(lambda: match(line, sold.lines.get()))

    assert refusal.code == "exceeds_returnable"
    assert refusal.facts["lines"] == [
        {"order_line": str(sold.lines.get().uuid), "requested": "2", "returnable": "1"}
    ]


def test_the_part_must_be_the_one_that_was_sold(rma, sold):
    PartFactory(sku="PEG")
    line = find(rma, sku="PEG")

    refusal = refused(lambda: match(line, sold.lines.get()))

    assert (refusal.code, refusal.pointer) == ("wrong_part", "/lines/0/order_line")


def test_what_another_customer_bought_is_not_ours_to_match(rma, business, cy):
    sale = sell(business, cy, goods("TENT", "1", "50.00"))
    bike = bikes(business, cy, "B-1")
    tent, unit = find(rma, sku="TENT"), find(rma, serial="B-1")

    assert refused(lambda: match(tent, sale.lines.get())).code == "wrong_customer"
    assert refused(lambda: match(unit)).code == "wrong_customer"
    assert bike.lines.get().claimed == 0


def test_a_unit_is_matched_to_no_other_sale(rma, business, bo):
    bikes(business, bo, "B-1")
    other = bikes(business, bo, "B-9")
    line = find(rma, serial="B-1")

    refusal = refused(lambda: match(line, other.lines.get()))

    assert (refusal.code, refusal.pointer) == ("wrong_sale", "/lines/0/order_line")


def test_serialized_goods_without_a_serial_are_not_matched(rma, business, bo):
    sale = bikes(business, bo, "B-1")
    line = find(rma, sku="BIKE")

    assert refused(lambda: match(line, sale.lines.get())).code == "serial_missing"


def test_a_line_is_matched_once(rma, sold):
    line = find(rma, sku="TENT")
    match(line, sold.lines.get())

    assert refused(lambda: match(line, sold.lines.get())).code == "matched_already"


def test_a_line_is_matched_as_a_whole(rma, sold):
    line = find(rma, "3", sku="TENT")

    refusal = refused(lambda: match(line, sold.lines.get(), quantity=D("1")))

    assert (refusal.code, refusal.facts) == ("split_first", {"quantity": "3"})


def test_a_line_that_was_credited_blind_stays_blind(business, bo, sold):
    tent = sold.lines.get().part
    made = request_return(
        business=business, customer=bo, lines=[LineInput(D("1"), part=tent)], actor=SYSTEM
    )
    issue_return(made.pk, actor=SYSTEM)
    line = made.lines.get()
    receive(line)
    dispose(line)
    given = GivenAmount(D("40.00"), D("0"), D("0"), "ZERO")
    credit_return(made.pk, [CreditInput(line, given=given)], actor=SYSTEM)

    refusal = refused(lambda: match(line, sold.lines.get()))

    assert (refusal.code, refusal.facts) == ("line_credited", {"credited": "1"})


def test_a_line_that_was_taken_out_is_not_matched(business, bo, sold):
    tent = sold.lines.get().part
    made = request_return(
        business=business, customer=bo, lines=[LineInput(D("1"), part=tent)], actor=SYSTEM
    )
    line = made.lines.get()
    remove_line(line, actor=SYSTEM)

    assert refused(lambda: match(line, sold.lines.get())).code == "line_void"


def test_a_match_says_which_sale(rma, sold):
    line = find(rma, sku="TENT")

    refusal = refused(lambda: match(line))

    assert (refusal.code, refusal.pointer) == ("sale_missing", "/lines/0/order_line")


def test_another_returns_line_is_not_found(rma, business, bo, sold):
    other = ask_return(sold, "1").lines.get()
    wanted = [MatchInput(other, OrderLine.objects.get())]

    refusal = refused(lambda: match_return(rma.pk, wanted, actor=SYSTEM))

    assert (refusal.code, refusal.pointer) == ("not_found", "/lines/0/line")


def test_a_unit_nobody_ever_sold_has_no_sale_to_go_to(rma):
    PartFactory(sku="BIKE", is_serialized=True)
    line = find(rma, sku="BIKE", serial="B-1")

    assert refused(lambda: match(line)).code == "sale_missing"
    assert StockItem.objects.get().state == "held"


def test_an_unknown_parcel_becomes_its_customers_when_its_sale_is_found(unknown, sold, bo):
    line = find(unknown, "2", sku="TENT")
    dispose(line)

    order = match(line, sold.lines.get())

    assert (order.customer, order.credit_owed) == (bo, True)
    told = next(entry for entry in history(order) if entry.verb == "match")
    assert told.facts["customer"] == str(bo.uuid)
    (note,) = credit_return(order.pk, actor=SYSTEM)
    assert (note.account.company, note.gross) == (bo, D("100.00"))
    assert [str(row) for check in all_checks() for row in check.broken()] == []


def test_a_parcel_of_two_customers_stays_with_the_first(unknown, business, sold, cy):
    mine, other = find(unknown, sku="TENT"), find(unknown, sku="TENT")
    theirs = sell(business, cy, goods("TENT", "1", "50.00"))
    match(mine, sold.lines.get())

    refusal = refused(lambda: match(other, theirs.lines.get()))

    assert refusal.code == "wrong_customer"


def test_an_unknown_parcel_that_was_credited_stays_nobodys(unknown, sold):
    first, second = find(unknown, sku="TENT"), find(unknown, sku="TENT")
    dispose(first)
    given = GivenAmount(D("40.00"), D("0"), D("0"), "ZERO")
    credit_return(unknown.pk, [CreditInput(first, given=given)], actor=SYSTEM)

    refusal = refused(lambda: match(second, sold.lines.get()))

    assert refusal.code == "wrong_customer"
