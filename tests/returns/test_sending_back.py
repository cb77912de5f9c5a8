"""Goods go back to the customer: rejected, unexpected, repaired; stock moves once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import transaction

from returns.locks import lock_return
from returns.models import Inspection, Outbound, ReturnOrder
from returns.services import (
    Consignment,
    CreditInput,
    ReceiveInput,
    SendBackInput,
    SurpriseInput,
    complete_return,
    credit_return,
    edit_line,
    receive_return,
    send_back_return,
)
from returns.services.disposing import accept
from rmaproject.access.actors import SYSTEM
from rmaproject.shared import clock
from rmaproject.shared.errors import Conflict, RuleViolation
from sales.models import OrderLine
from stock.models import Location, StockItem
from stock.services import correct_stock
from tests.changes import picture
from tests.factories import LocationFactory, PartFactory, ask_return
from tests.returns.outcomes import counters, here, replace, send_back, stock
from tests.returns.steps import D, decided, dispose, receive


def test_undecided_goods_are_rejected_by_going_back(tents):
    line = here(tents, "3")

    send_back(line, "2")

    assert counters(line) == {"quantity": 3, "received": 3, "rejected": 2, "sent_back": 2}
    verdict = Inspection.objects.get()
    assert (verdict.verdict, verdict.quantity) == ("rejected", 2)
    row = Outbound.objects.get()
    assert (row.kind, row.quantity, row.repair) == ("send_back", 2, False)
    assert (row.carrier, row.tracking_number) == ("PostNL", "3SBACK")
    assert row.shipped_on == clock.today(line.return_order.business)
    assert (row.movement.cause, row.movement.from_state, row.movement.to_location) == (
        "send_back",
        "to_send_back",
        None,
    )
    assert stock() == {"held": 1}


def test_what_went_back_may_be_returned_again(tents):
    line = here(tents, "3")
    assert OrderLine.objects.get().claimed == 3

    send_back(line, "3")

    assert OrderLine.objects.get().claimed == 0
    assert ask_return(tents, "3").lines.get().claim == 3


def test_a_return_whose_goods_all_went_back_is_complete_without_credit(tents):
    line = here(tents)
    send_back(line)

    done = complete_return(line.return_order_id, actor=SYSTEM)

    assert (done.status, done.goods, done.money) == ("complete", "received", "none")


def test_the_rest_of_a_line_is_decided_as_if_nothing_had_left(tents):
    line = here(tents, "3")
    send_back(line)

    dispose(line)

    assert counters(line) == {
        "quantity": 3,
        "received": 3,
        "accepted": 2,
        "rejected": 1,
        "sent_back": 1,
    }
    assert stock() == {"available": 2}
    assert credit_return(line.return_order_id, actor=SYSTEM)[0].gross == D("100.00")


def test_more_than_is_here_does_not_go_back(tents):
    line = here(tents, "2")
    before = picture()

    with pytest.raises(RuleViolation) as refusal:
        send_back(line, "3")

    assert refusal.value.code == "exceeds_sendable"
    assert (refusal.value.pointer, refusal.value.facts) == ("/lines/0/quantity", {"sendable": "2"})
    assert picture() == before


def test_a_second_time_the_same_goods_do_not_go_back(tents):
    line = here(tents)
    send_back(line)

    with pytest.raises(RuleViolation) as refusal:
        send_back(line)

    assert refusal.value.facts == {"sendable": "0"}


def test_accepted_goods_stay_while_their_credit_is_owed(tents):
    line = decided(tents).lines.get()

    with pytest.raises(RuleViolation) as refusal:
        send_back(line)

    assert (refusal.value.code, refusal.value.facts) == ("exceeds_sendable", {"sendable": "0"})


def test_credited_goods_do_not_go_back(tents):
    line = here(tents, "2")
    dispose(line, "quarantine", "1")
    credit_return(line.return_order_id, [CreditInput(line, D("1"))], actor=SYSTEM)

    with pytest.raises(RuleViolation) as refusal:
        send_back(line, "2")

    assert refusal.value.facts == {"sendable": "1"}
    send_back(line)
    assert counters(line)["sent_back"] == 1


def test_replaced_goods_do_not_go_back(tents):
    line = here(tents)
    replace(line, in_advance=True)

    with pytest.raises(RuleViolation) as refusal:
        send_back(line)

    assert refusal.value.facts == {"sendable": "0"}


def test_accepted_goods_go_back_as_they_are_where_that_is_the_outcome(tents):
    line = here(tents)
    edit_line(line, {"outcome": "sent_back"}, actor=SYSTEM)
    accept_only(line)

    send_back(line)

    assert counters(line) == {"quantity": 1, "received": 1, "accepted": 1, "sent_back": 1}
    assert stock() == {}
    edit = {"outcome": "refund"}
    with pytest.raises(Conflict):
        edit_line(line, edit, actor=SYSTEM)
    assert not ReturnOrder.objects.get().credit_owed


def accept_only(line):
    """Accepted, and nobody has decided yet where the goods go."""
    with transaction.atomic():
        order = lock_return(line.return_order_id)
        accept(order, line.receipt_lines.get(), D("1"), actor=SYSTEM, at=clock.now())


def test_goods_that_were_restocked_are_not_here_any_more(tents):
    line = here(tents)
    edit_line(line, {"outcome": "sent_back"}, actor=SYSTEM)
    dispose(line, "restock")

    with pytest.raises(Conflict) as refusal:
        send_back(line)

    assert (refusal.value.code, refusal.value.facts) == ("stock_moved_on", {"here": "0"})


def test_goods_that_were_carried_off_do_not_go_back(tents):
    line = here(tents)
    held = StockItem.objects.get(state="held")
    correct_stock(held.pk, quantity=D("0"), note="Lost.", actor=SYSTEM)
    before = picture()

    with pytest.raises(Conflict) as refusal:
        send_back(line)

    assert (refusal.value.code, refusal.value.facts["available"]) == ("stock_moved_on", "0")
    assert picture() == before


def test_unexpected_goods_go_back(tents):
    PartFactory(sku="STOVE")
    rma = ask_return(tents, "1", issued=True)
    surprises = [SurpriseInput(D("2"), sku="STOVE"), SurpriseInput(description="A shoe")]
    receive_return(rma.pk, ReceiveInput(unexpected=surprises), actor=SYSTEM)
    stove, shoe = rma.lines.filter(unexpected=True).order_by("number")
    assert stock() == {"held": 2}

    send_back(stove, "2")
    send_back(shoe)

    assert stock() == {}
    assert counters(stove) == {"quantity": 2, "received": 2, "rejected": 2, "sent_back": 2}
    assert Outbound.objects.get(line=shoe).movement is None


def test_batches_and_places_are_those_of_the_receipt(tents):
    line = here(tents, "1")
    other = LocationFactory()
    receive(here_too := ask_return(tents, "1", issued=True).lines.get(), location=other)

    send_back(here_too)

    left = StockItem.objects.get(state="held", quantity__gt=0)
    assert left.location == Location.objects.get(pk=line.return_order.business.returns_location_id)
    assert Outbound.objects.get().movement.from_location == other


def test_goods_do_not_leave_tomorrow(tents):
    line = here(tents)
    told = Consignment(shipped_on=clock.today(line.return_order.business) + timedelta(days=1))

    with pytest.raises(RuleViolation) as refusal:
        send_back_return(line.return_order_id, [SendBackInput(line)], told, actor=SYSTEM)

    assert (refusal.value.code, refusal.value.pointer) == ("invalid_date", "/shipped_on")


def test_goods_may_have_left_on_an_earlier_day(tents):
    line = here(tents)
    told = Consignment(shipped_on=date(2026, 3, 1))

    send_back_return(line.return_order_id, [SendBackInput(line)], told, actor=SYSTEM)

    assert Outbound.objects.get().shipped_on == date(2026, 3, 1)


def test_sending_nothing_back_is_refused(tents):
    line = here(tents)

    with pytest.raises(RuleViolation) as refusal:
        send_back_return(line.return_order_id, [], actor=SYSTEM)

    assert refusal.value.code == "nothing_named"
