"""Asking for a return: who may, for what, and what it takes hold of."""

from __future__ import annotations

import pytest

from customers.services import edit_company
from returns.models import ReturnLine, ReturnOrder
from returns.services import (
    LineInput,
    add_lines,
    cancel_return,
    delete_return,
    edit_line,
    issue_return,
    reject_return,
    remove_line,
    request_return,
    turn_returns,
    waive_return,
)
from returns.services import QuantityInput as Some
from rmaproject.access.actors import SYSTEM
from rmaproject.shared.errors import Conflict, DomainError, NotFound, NotPermitted, RuleViolation
from sales.models import InvoiceLine, OrderLine
from stock.models import StockItem
from tests.changes import picture
from tests.factories import (
    BusinessFactory,
    CompanyFactory,
    PartFactory,
    actor_with,
    ask_return,
    goods,
    sell,
)
from tests.returns.steps import D, receive, request


def refused(call) -> DomainError:
    """The refusal of a call, which must have changed nothing."""
    before = picture()
    with pytest.raises(DomainError) as refusal:
        call()
    assert picture() == before
    return refusal.value


def bikes(business, customer, *serials):
    return sell(business, customer, goods("BIKE", str(len(serials)), "900.00", serials=serials))


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


def test_an_empty_return_may_be_issued_and_filled_later(business, bo):
    order = sell(business, bo, goods("TENT", "1", "50.00"))
    rma = request_return(business=business, customer=bo, actor=SYSTEM)
    assert (rma.goods, rma.money) == ("none", "none")
    issue_return(rma.pk, actor=SYSTEM)

    filled = add_lines(rma.pk, [LineInput(D("1"), order_line=order.lines.get())], actor=SYSTEM)

    assert (filled.status, filled.goods) == ("in_progress", "expected")
    assert order.lines.get().claimed == 1


@pytest.mark.parametrize("leave", [cancel_return, delete_return])
def test_a_return_called_off_frees_what_it_claimed(business, bo, leave):
    order = sell(business, bo, goods("TENT", "1", "50.00"))
    rma = ask_return(order, "1")

    leave(rma.pk, actor=SYSTEM)

    assert order.lines.get().claimed == 0
    assert ask_return(order, "1").status == "pending"


def test_a_rejected_return_frees_what_it_claimed(business, bo):
    order = sell(business, bo, goods("TENT", "1", "50.00"))
    rma = ask_return(order, "1")
    ReturnOrder.objects.update(status="awaiting_approval")

    reject_return(rma.pk, actor=SYSTEM, reason="Too late.")

    assert order.lines.get().claimed == 0


def test_a_deleted_return_is_gone_for_every_verb_and_its_reference_stays_used(business, bo):
    rma = request_return(business=business, customer=bo, actor=SYSTEM, reference="R-1")
    delete_return(rma.pk, actor=SYSTEM)

    gone = refused(lambda: issue_return(rma.pk, actor=SYSTEM))
    used = refused(
        lambda: request_return(business=business, customer=bo, actor=SYSTEM, reference="r-1")
    )

    assert isinstance(gone, NotFound)
    assert used.code == "reference_exists"
    row = ReturnOrder.objects.get()
    assert (row.status, row.reference, row.version) == ("cancelled", "R-1", 2)


def test_a_line_raised_claims_more_and_lowered_frees(business, bo):
    order = sell(business, bo, goods("TENT", "3", "50.00"))
    line = ask_return(order, "1").lines.get()

    edit_line(line, {"quantity": D("3")}, actor=SYSTEM)
    assert order.lines.get().claimed == 3
    refusal = refused(lambda: edit_line(line, {"quantity": D("4")}, actor=SYSTEM))
    edit_line(line, {"quantity": D("2")}, actor=SYSTEM)

    assert refusal.code == "exceeds_returnable"
    assert order.lines.get().claimed == 2


def test_a_line_is_not_lowered_below_what_was_received(business, bo):
    line = ask_return(sell(business, bo, goods("TENT", "3", "5.00")), "3", issued=True).lines.get()
    receive(line, "2")

    refusal = refused(lambda: edit_line(line, {"quantity": D("1")}, actor=SYSTEM))

    assert (refusal.code, refusal.pointer) == ("below_received", "/quantity")


def test_a_line_taken_out_frees_its_claim_and_stays_as_a_row(business, bo):
    order = sell(business, bo, goods("TENT", "3", "50.00"))
    line = ask_return(order, "2").lines.get()

    rma = remove_line(line, actor=SYSTEM)

    assert rma.goods == "none"
    assert ReturnLine.objects.get().void is True
    assert OrderLine.objects.get().claimed == 0


def test_a_line_with_goods_received_is_not_taken_out(business, bo):
    line = ask_return(sell(business, bo, goods("TENT", "3", "5.00")), "2", issued=True).lines.get()
    receive(line)

    refusal = refused(lambda: remove_line(line, actor=SYSTEM))

    assert refusal.code == "line_has_history"


def test_a_waived_unit_cannot_be_announced_again(business, bo):
    order = sell(business, bo, goods("DRILL", "2", "50.00", serials=("D-1", "D-2")))
    unit = StockItem.objects.get(serial="D-1")
    asked = [LineInput(stock_item=unit, waived=D("1"))]
    request_return(business=business, customer=bo, lines=asked, actor=SYSTEM)
    before = picture()

    refusal = refused(
        lambda: request_return(
            business=business, customer=bo, lines=[LineInput(stock_item=unit)], actor=SYSTEM
        )
    )

    assert refusal.code == "unit_waived"
    assert picture() == before
    assert order.lines.get().claimed == D("1")


def test_a_line_changes_only_what_it_offers(business, bo):
    line = ask_return(sell(business, bo, goods("TENT", "2"))).lines.get()
    before = picture()

    refusal = refused(lambda: edit_line(line, {"received": D("1")}, actor=SYSTEM))

    assert (refusal.code, refusal.facts["fields"]) == ("unknown_field", ["received"])
    assert picture() == before


def test_units_with_serial_numbers_are_counted_whole(business, bo):
    order = bikes(business, bo, "B-1", "B-2")
    sold = order.lines.get()
    line = ask_return(order, "1", issued=True).lines.get()
    half = D("0.5")

    refusals = [
        refused(lambda: request(order, LineInput(half, order_line=sold))),
        refused(lambda: request(order, LineInput(half, part=sold.part))),
        refused(lambda: edit_line(line, {"quantity": half}, actor=SYSTEM)),
        refused(lambda: waive_return(line.return_order_id, [Some(line, half)], actor=SYSTEM)),
    ]

    assert {refusal.code for refusal in refusals} == {"invalid_quantity"}
