"""Goods at the dock: counted once, put on hold, never refused for being unexpected."""

from __future__ import annotations

from datetime import timedelta

import pytest

from returns.models import Disposal, Disposition, Inspection, Receipt, ReturnOrder
from returns.services import (
    ArrivalInput,
    LineInput,
    ReceiveInput,
    SurpriseInput,
    add_parcel,
    cancel_return,
    complete_return,
    credit_return,
    hold_return,
    receive_return,
)
from rmaproject.access.actors import SYSTEM
from rmaproject.shared import clock
from rmaproject.shared.errors import Conflict, NotFound, NotPermitted
from sales.models import UnitSale
from stock.models import Movement, StockItem
from stock.services import relocate
from tests.factories import (
    LocationFactory,
    PartFactory,
    actor_with,
    ask_return,
    discount,
    goods,
    sell,
)
from tests.returns.steps import D, bikes, dispose, receive, refused, request


@pytest.fixture
def rma(business, bo):
    return ask_return(sell(business, bo, goods("TENT", "5", "50.00")), "3", issued=True)


def call(rma, *arrivals, **values):
    given = ReceiveInput(lines=list(arrivals), **values)
    return receive_return(rma.pk, given, actor=SYSTEM)


def test_what_arrives_is_held_at_the_returns_location(business, rma):
    receipt = receive(rma.lines.get(), "2")

    row = receipt.lines.get()
    assert (row.quantity, row.condition, row.location) == (2, "unknown", business.returns_location)
    assert (row.movement.cause, row.movement.quantity, row.movement.to_state) == (
        "receipt",
        2,
        "held",
    )
    item = StockItem.objects.get()
    assert (item.quantity, item.state, item.location) == (2, "held", business.returns_location)
    order = ReturnOrder.objects.get()
    assert (order.goods, order.status) == ("partially_received", "in_progress")


def test_parcels_are_received_one_by_one_until_all_is_there(rma):
    first = add_parcel(rma.pk, {"carrier": "PostNL"}, actor=SYSTEM)
    second = add_parcel(rma.pk, {"carrier": "DHL"}, actor=SYSTEM)
    line = rma.lines.get()

    call(rma, ArrivalInput(line, D("1")), parcel=first)
    call(rma, ArrivalInput(line, D("2")), parcel=second)

    assert [receipt.number for receipt in Receipt.objects.order_by("pk")] == [1, 2]
    assert (first.number, second.number) == (1, 2)
    assert rma.lines.get().received == 3
    assert ReturnOrder.objects.get().goods == "received"


def test_more_than_is_expected_is_refused_with_the_figure(rma):
    receive(rma.lines.get(), "1")

    refusal = refused(lambda: receive(rma.lines.get(), "2.5"))

    assert (refusal.code, refusal.facts) == ("exceeds_expected", {"expected": "2"})
    assert refusal.pointer == "/lines/0/quantity"


def test_one_bad_entry_refuses_the_whole_call(rma):
    line = rma.lines.get()

    refusal = refused(lambda: call(rma, ArrivalInput(line, D("2")), ArrivalInput(line, D("2"))))

    assert (refusal.code, refusal.pointer) == ("exceeds_expected", "/lines/1/quantity")


def test_saying_nothing_is_no_receipt(rma):
    assert refused(lambda: call(rma)).code == "nothing_received"


def test_a_day_in_the_future_is_refused_and_one_in_the_past_kept(business, rma):
    today = clock.today(business)
    line = rma.lines.get()

    refusal = refused(lambda: call(rma, ArrivalInput(line), received_on=today + timedelta(days=1)))
    receipt = call(rma, ArrivalInput(line), received_on=today - timedelta(days=9))

    assert (refusal.code, refusal.pointer) == ("invalid_date", "/received_on")
    assert receipt.received_on == today - timedelta(days=9)


def test_a_line_or_parcel_of_another_return_is_not_found(business, bo, rma):
    other = ask_return(sell(business, bo, goods("PEG", "5", "1.00")), issued=True)
    parcel = add_parcel(other.pk, {}, actor=SYSTEM)

    by_line = refused(lambda: call(rma, ArrivalInput(other.lines.get())))
    by_parcel = refused(lambda: call(rma, ArrivalInput(rma.lines.get()), parcel=parcel))

    assert isinstance(by_line, NotFound)
    assert (by_line.pointer, by_parcel.pointer) == ("/lines/0/line", "/parcel")


def test_the_nearest_word_says_where_goods_go(business, rma):
    line, entry, whole = rma.lines.get(), LocationFactory(), LocationFactory()
    parcel = add_parcel(rma.pk, {"location": LocationFactory()}, actor=SYSTEM)

    own = call(rma, ArrivalInput(line, location=entry), location=whole, parcel=parcel)
    shared = call(rma, ArrivalInput(line), location=whole, parcel=parcel)
    by_parcel = call(rma, ArrivalInput(line), parcel=parcel)

    places = [receipt.lines.get().location for receipt in (own, shared, by_parcel)]
    assert places == [entry, whole, parcel.location]


def test_virtual_goods_are_received_by_statement(business, bo):
    PartFactory(sku="LICENCE", is_virtual=True)
    rma = ask_return(sell(business, bo, goods("LICENCE", "1", "99.00")), issued=True)

    row = receive(rma.lines.get()).lines.get()

    assert (row.movement, row.location, row.stock_item) == (None, None, None)
    assert Movement.objects.count() == StockItem.objects.count() == 0
    assert rma.lines.get().received == 1


def test_a_unit_comes_back_from_its_holder_once(business, bo):
    order = bikes(business, bo, "B-1")
    unit = StockItem.objects.get()
    rma = request(order, LineInput(stock_item=unit))

    receive(rma.lines.get())

    unit.refresh_from_db()
    assert (unit.state, unit.holder, unit.location) == ("held", None, business.returns_location)
    assert UnitSale.objects.get().until is not None
    assert refused(lambda: receive(rma.lines.get())).code == "exceeds_expected"


def test_a_serialized_quantity_says_which_units_came(business, bo, cy):
    order = bikes(business, bo, "B-1", "B-2")
    bikes(business, cy, "C-1")
    line = ask_return(order, "2", issued=True).lines.get()

    unnamed = refused(lambda: receive(line))
    strangers = refused(lambda: receive(line, serial="C-1"))
    receive(line, serial="b-2")
    twice = refused(lambda: receive(line, serial="B-2"))

    assert (unnamed.code, unnamed.pointer) == ("serial_missing", "/lines/0/serial")
    assert strangers.code == twice.code == "not_held_by_customer"
    assert StockItem.objects.get(serial="B-2").state == "held"
    assert StockItem.objects.get(serial="B-1").state == "sold"


def test_the_only_unit_of_a_sold_line_goes_without_saying(business, bo):
    order = bikes(business, bo, "B-1", "B-2")
    bikes(business, bo, "B-9")
    line = ask_return(order, "2", issued=True).lines.get()
    receive(line, serial="B-1")

    receipt = receive(line)

    assert receipt.lines.get().stock_item.serial == "B-2"
    assert StockItem.objects.get(serial="B-9").state == "sold"


def test_a_unit_of_another_sale_does_not_stand_in(business, bo):
    order = bikes(business, bo, "B-1")
    bikes(business, bo, "B-9")
    line = ask_return(order, "1", issued=True).lines.get()

    refusal = refused(lambda: receive(line, serial="B-9"))

    assert (refusal.code, refusal.pointer) == ("wrong_sale", "/lines/0/serial")


def test_surprises_become_lines_of_their_own_and_are_held(business, rma):
    PartFactory(sku="PEG")
    surprises = [
        SurpriseInput(D("2"), sku="peg"),
        SurpriseInput(D("1"), description="A brown boot", note="Left one."),
    ]

    receipt = call(rma, unexpected=surprises)

    pegs, boot = rma.lines.filter(unexpected=True).order_by("number")
    assert (pegs.part.sku, pegs.quantity, pegs.received, pegs.claim) == ("PEG", 2, 2, 2)
    assert (boot.part, boot.description, boot.note) == (None, "A brown boot", "Left one.")
    assert receipt.lines.count() == 2
    held = StockItem.objects.get()
    assert (held.part.sku, held.quantity, held.state) == ("PEG", 2, "held")
    assert ReturnOrder.objects.get().goods == "expected"


def test_a_surprise_needs_some_name(rma):
    refusal = refused(lambda: call(rma, unexpected=[SurpriseInput()]))

    assert (refusal.code, refusal.pointer) == ("nothing_named", "/unexpected/0/description")


def test_goods_come_while_a_return_is_held_and_are_decided_later(rma):
    hold_return(rma.pk, actor=SYSTEM, reason="Wait.")
    line, scrap = rma.lines.get(), Disposition.objects.get(code="scrap")

    refusal = refused(lambda: call(rma, ArrivalInput(line, disposition=scrap)))
    call(rma, ArrivalInput(line))

    assert isinstance(refusal, Conflict)
    assert refusal.code == "on_hold"
    assert rma.lines.get().received == 1


def test_a_disposition_at_the_dock_decides_what_just_came(business, rma):
    line, elsewhere = rma.lines.get(), LocationFactory()
    receive(line, "1", condition="damaged")
    restock = Disposition.objects.get(code="restock")

    call(rma, ArrivalInput(line, D("2"), disposition=restock, location=elsewhere))

    row = Disposal.objects.get().receipt_line
    assert (row.quantity, row.location) == (2, elsewhere)
    stock = StockItem.objects.exclude(quantity=0).order_by("pk")
    assert [(item.quantity, item.state, item.location) for item in stock] == [
        (1, "held", business.returns_location),
        (2, "available", elsewhere),
    ]
    assert rma.lines.get().accepted == 2


def test_deciding_at_the_dock_needs_its_own_right(rma, roles):
    hand = actor_with("Service agent")
    scrap = Disposition.objects.get(code="scrap")
    given = ReceiveInput(lines=[ArrivalInput(rma.lines.get(), disposition=scrap)])

    refusal = refused(lambda: receive_return(rma.pk, given, actor=hand))

    assert isinstance(refusal, NotPermitted)
    assert refusal.facts == {"permission": "returns.dispose_return"}


@pytest.mark.parametrize(
    ("code", "state", "quantity"), [("restock", "available", 2), ("quarantine", "quarantined", 2)]
)
def test_a_disposition_moves_stock_once(rma, code, state, quantity):
    line = rma.lines.get()
    receive(line, "2")

    dispose(line, code)

    assert StockItem.objects.get(state=state).quantity == quantity
    assert StockItem.objects.get(state="held").quantity == 0
    assert Disposal.objects.get().movement.cause == "disposal"
    assert Inspection.objects.get().quantity == rma.lines.get().accepted == 2
    assert refused(lambda: dispose(line, code)).code == "nothing_undecided"


def test_scrap_leaves_the_stock(rma):
    line = rma.lines.get()
    receive(line, "2")

    dispose(line, "scrap", "1")

    assert StockItem.objects.get().quantity == 1
    assert Disposal.objects.get().movement.to_location is None


def test_a_scrapped_unit_is_nowhere(business, bo):
    rma = request(bikes(business, bo, "B-1"), LineInput(stock_item=StockItem.objects.get()))
    receive(rma.lines.get())

    dispose(rma.lines.get(), "scrap")

    unit = StockItem.objects.get()
    assert (unit.state, unit.location, unit.holder) == ("scrapped", None, None)


def test_more_than_waits_cannot_be_decided(rma):
    line = rma.lines.get()
    receive(line, "2")

    refusal = refused(lambda: dispose(line, "scrap", "3"))

    assert (refusal.code, refusal.facts) == ("exceeds_received", {"undecided": "2"})


def test_a_held_unit_that_was_carried_on_is_decided_where_it_lies(business, bo):
    rma = request(bikes(business, bo, "B-1"), LineInput(stock_item=StockItem.objects.get()))
    receive(rma.lines.get())
    bench = LocationFactory()
    relocate(StockItem.objects.get().pk, location=bench, actor=SYSTEM)

    dispose(rma.lines.get())

    unit = StockItem.objects.get()
    assert (unit.state, unit.location) == ("available", bench)


def test_a_unit_that_was_taken_into_stock_is_not_decided_any_more(business, bo):
    rma = request(bikes(business, bo, "B-1"), LineInput(stock_item=StockItem.objects.get()))
    receive(rma.lines.get())
    unit = StockItem.objects.get()
    relocate(unit.pk, location=unit.location, state="available", actor=SYSTEM)

    refusal = refused(lambda: dispose(rma.lines.get()))

    assert (refusal.code, refusal.facts["state"]) == ("stock_moved_on", "available")


def test_a_return_of_which_goods_came_is_not_called_off(rma):
    receive(rma.lines.get())

    assert refused(lambda: cancel_return(rma.pk, actor=SYSTEM)).code == "goods_received"


def test_complete_says_what_is_still_open(business, bo):
    order = sell(business, bo, goods("TENT", "2", "10.00"), discount("-1.00"))
    rma = ask_return(order, "2", issued=True)
    line = rma.lines.get()

    nothing_came = refused(lambda: complete_return(rma.pk, actor=SYSTEM))
    receive(line, "2")
    undecided = refused(lambda: complete_return(rma.pk, actor=SYSTEM))
    dispose(line)
    owed = refused(lambda: complete_return(rma.pk, actor=SYSTEM))
    credit_return(rma.pk, actor=SYSTEM)
    done = complete_return(rma.pk, actor=SYSTEM)

    two = [{"line": str(line.uuid), "quantity": "2"}]
    assert (nothing_came.code, nothing_came.facts) == ("still_expected", {"lines": two})
    assert (undecided.code, undecided.facts) == ("undecided", {"lines": two})
    assert owed.code == "credit_owed"
    assert done.status == "complete"
    assert done.completed_at is not None
    assert done.closed_at is not None
