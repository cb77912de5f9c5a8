"""What was announced and does not come; and what calling a return off leaves owed."""

from __future__ import annotations

import pytest

from returns.models import Release, ReturnOrder, Waiver
from returns.services import (
    LineInput,
    QuantityInput,
    add_comment,
    add_extra_line,
    cancel_return,
    complete_return,
    credit_return,
    hold_return,
    issue_return,
    reject_return,
    release_return,
    reopen_return,
    waive_return,
)
from rmaproject.access.actors import SYSTEM
from stock.models import StockItem
from tests.factories import ask_return, goods, sell
from tests.returns.steps import D, bikes, decided, receive, refused, request


@pytest.fixture
def order(business, bo):
    return sell(business, bo, goods("TENT", "5", "10.00"))


@pytest.fixture
def rma(order):
    return ask_return(order, "3", issued=True)


def test_what_is_released_may_be_claimed_again_and_brings_no_credit(order, rma):
    receive(rma.lines.get(), "1")

    released = release_return(rma.pk, actor=SYSTEM, reason="Never sent.")

    line = rma.lines.get()
    assert (line.quantity, line.received, line.released, line.claim) == (3, 1, 2, 1)
    assert (Release.objects.get().quantity, Release.objects.get().reason) == (2, "Never sent.")
    assert order.lines.get().claimed == 1
    assert (released.goods, released.money, released.credit_owed) == ("received", "none", False)


def test_no_more_is_released_than_is_expected(rma):
    receive(rma.lines.get(), "2")

    refusal = refused(
        lambda: release_return(rma.pk, [QuantityInput(rma.lines.get(), D("2"))], actor=SYSTEM)
    )

    assert (refusal.code, refusal.facts) == ("exceeds_expected", {"expected": "1"})


def test_nothing_expected_is_nothing_to_release(rma):
    release_return(rma.pk, actor=SYSTEM)

    assert refused(lambda: release_return(rma.pk, actor=SYSTEM)).code == "nothing_expected"


def test_waived_goods_claim_beside_what_is_announced_and_are_owed(order, rma):
    waived = waive_return(rma.pk, [QuantityInput(rma.lines.get(), D("2"))], actor=SYSTEM)

    line = rma.lines.get()
    assert (line.quantity, line.waived, line.claim) == (3, 2, 5)
    assert Waiver.objects.get().quantity == 2
    assert order.lines.get().claimed == 5
    assert (waived.goods, waived.money, waived.credit_owed) == ("expected", "due", True)


def test_no_more_is_waived_than_was_shipped(rma):
    refusal = refused(
        lambda: waive_return(rma.pk, [QuantityInput(rma.lines.get(), D("3"))], actor=SYSTEM)
    )

    assert refusal.code == "exceeds_returnable"
    assert refusal.facts["lines"][0]["requested"] == "3"


def test_a_waived_unit_is_no_longer_expected(business, bo):
    rma = request(bikes(business, bo, "B-1"), LineInput(stock_item=StockItem.objects.get()))

    waive_return(rma.pk, [QuantityInput(rma.lines.get(), D("1"))], actor=SYSTEM)

    line = rma.lines.get()
    assert (line.quantity, line.waived, line.claim) == (0, 1, 1)
    assert ReturnOrder.objects.get().goods == "none"
    assert StockItem.objects.get().holder == bo


def test_a_received_unit_is_not_waived_too(business, bo):
    rma = request(bikes(business, bo, "B-1"), LineInput(stock_item=StockItem.objects.get()))
    receive(rma.lines.get())

    refusal = refused(
        lambda: waive_return(rma.pk, [QuantityInput(rma.lines.get(), D("1"))], actor=SYSTEM)
    )

    assert refusal.code == "unit_counts_one"


def test_a_credited_return_is_not_called_off(rma):
    waive_return(rma.pk, [QuantityInput(rma.lines.get(), D("1"))], actor=SYSTEM)
    credit_return(rma.pk, actor=SYSTEM)

    assert refused(lambda: cancel_return(rma.pk, actor=SYSTEM)).code == "credit_booked"


def goodwill(rma, amount="3.00"):
    values = {"name": "Sorry", "kind": "goodwill", "gross_unit_price": D(amount)}
    return add_extra_line(rma.pk, values, actor=SYSTEM)


def test_a_cancelled_return_owes_nothing(rma):
    goodwill(rma)
    assert ReturnOrder.objects.get().money == "due"

    cancelled = cancel_return(rma.pk, actor=SYSTEM)

    assert (cancelled.goods, cancelled.money, cancelled.credit_owed) == ("none", "none", False)
    assert rma.extra_lines.get().void is True


def test_a_rejected_return_owes_nothing(rma):
    goodwill(rma)
    ReturnOrder.objects.update(status="awaiting_approval")

    rejected = reject_return(rma.pk, actor=SYSTEM, reason="Worn.")

    assert (rejected.status, rejected.status_reason) == ("rejected", "Worn.")
    assert (rejected.money, rejected.credit_owed) == ("none", False)


def test_a_charge_in_one_currency_hides_no_credit_in_another(rma):
    goodwill(rma, "3.00")
    charge = {"name": "Duty", "gross_unit_price": D("-900"), "currency": "JPY"}

    add_extra_line(rma.pk, charge, actor=SYSTEM)

    assert ReturnOrder.objects.get().credit_owed is True


def test_a_reopened_return_undoes_nothing(order):
    rma = decided(order)
    credit_return(rma.pk, actor=SYSTEM)
    complete_return(rma.pk, actor=SYSTEM)

    again = reopen_return(rma.pk, actor=SYSTEM, reason="One more box.")

    assert (again.status, again.completed_at, again.closed_at) == ("in_progress", None, None)
    assert (again.goods, again.status_reason) == ("received", "One more box.")
    line = rma.lines.get()
    assert (line.received, line.accepted, line.credited) == (1, 1, 1)


@pytest.mark.parametrize("reason", ["", "  "])
def test_holding_rejecting_and_reopening_need_a_reason(order, rma, reason):
    done = ask_return(order, "1", issued=True)
    release_return(done.pk, actor=SYSTEM)
    complete_return(done.pk, actor=SYSTEM)
    asked = ask_return(order, "1")
    ReturnOrder.objects.filter(pk=asked.pk).update(status="awaiting_approval")

    refusals = [
        refused(lambda: hold_return(rma.pk, actor=SYSTEM, reason=reason)),
        refused(lambda: reopen_return(done.pk, actor=SYSTEM, reason=reason)),
        refused(lambda: reject_return(asked.pk, actor=SYSTEM, reason=reason)),
    ]

    assert {refusal.code for refusal in refusals} == {"reason_required"}
    assert {refusal.pointer for refusal in refusals} == {"/reason"}


def test_notes_are_written_in_every_status(rma):
    hold_return(rma.pk, actor=SYSTEM, reason="Wait.")
    add_comment(rma.pk, "Called.", actor=SYSTEM)
    cancel_return(rma.pk, actor=SYSTEM)
    add_comment(rma.pk, "Bye.", actor=SYSTEM, audience="customer")

    audiences = list(rma.comments.order_by("pk").values_list("text", "audience"))
    assert audiences == [("Called.", "internal"), ("Bye.", "customer")]
    assert refused(lambda: add_comment(rma.pk, " ", actor=SYSTEM)).code == "text_missing"


def test_the_day_a_return_was_issued_stays(order):
    rma = ask_return(order)

    issued = issue_return(rma.pk, actor=SYSTEM)

    assert issued.issued_at is not None
    assert issued.completed_at is None
