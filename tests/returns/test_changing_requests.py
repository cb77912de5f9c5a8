"""What was asked for is changed or called off, and what it held is free again."""

from __future__ import annotations

import pytest

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
    waive_return,
)
from returns.services import QuantityInput as Some
from rmaproject.access.actors import SYSTEM
from rmaproject.shared.errors import NotFound
from sales.models import OrderLine
from stock.models import StockItem
from tests.changes import picture
from tests.factories import ask_return, goods, sell
from tests.returns.steps import D, bikes, receive, refused, request


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
