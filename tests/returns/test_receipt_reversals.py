"""A receipt is taken back by a counter receipt: stock, units, counters and money follow."""

from __future__ import annotations

import pytest

from returns.models import Receipt, ReturnLine, ReturnOrder
from returns.services import (
    ArrivalInput,
    LineInput,
    ReceiveInput,
    SurpriseInput,
    add_parcel,
    complete_return,
    credit_return,
    hold_return,
    match_return,
    receive_return,
    reverse_receipt,
)
from returns.services.inputs import MatchInput
from rmaproject.access.actors import SYSTEM
from rmaproject.audit.trail import history
from rmaproject.management.commands.verify import all_checks
from rmaproject.shared.errors import NotPermitted
from sales.models import CreditNote, Invoice, UnitSale
from sales.services.orders import create_order, issue_order
from sales.services.shipping import AllocationInput, add_shipment, allocate
from stock.models import Movement, StockItem
from stock.services import relocate
from tests.factories import LocationFactory, PartFactory, actor_with, ask_return, goods, sell
from tests.refunds.money import credited, paid_by_hand
from tests.returns.outcomes import send_back
from tests.returns.steps import D, bikes, decided, dispose, receive, refused, request

WHY = "Counted twice."


@pytest.fixture
def rma(business, bo):
    return ask_return(sell(business, bo, goods("TENT", "5", "50.00")), "3", issued=True)


@pytest.fixture
def unit_return(business, bo):
    """Bo's bike comes back."""
    order = bikes(business, bo, "B-1")
    return request(order, LineInput(stock_item=StockItem.objects.get()))


def undo(receipt, actor=SYSTEM, reason=WHY):
    made = reverse_receipt(receipt.pk, actor=actor, reason=reason)
    assert [str(row) for check in all_checks() for row in check.broken()] == []
    return made


def counts(line: ReturnLine) -> tuple:
    line.refresh_from_db()
    return line.received, line.accepted, line.rejected, line.credited


def in_stock() -> dict[str, int]:
    rows = StockItem.objects.exclude(quantity=0).order_by("state")
    return {row.state: int(row.quantity) for row in rows}


def test_held_goods_leave_the_stock_again(rma):
    receipt = receive(rma.lines.get(), "2")

    counter = undo(receipt)

    assert (counter.reverses, counter.number, counter.note) == (receipt, 2, WHY)
    assert counts(rma.lines.get()) == (0, 0, 0, 0)
    assert in_stock() == {}
    last = Movement.objects.latest("pk")
    assert (last.cause, last.quantity, last.from_state, last.to_state) == (
        "reversal",
        2,
        "held",
        "",
    )
    assert ReturnOrder.objects.get().goods == "expected"


def test_goods_are_taken_from_where_each_part_of_them_went(rma):
    line = rma.lines.get()
    receipt = receive(line, "3")
    dispose(line, "restock", "1")
    dispose(line, "quarantine", "1")
    assert in_stock() == {"available": 1, "held": 1, "quarantined": 1}

    counter = undo(receipt)

    assert in_stock() == {}
    assert counts(line) == (0, 0, 0, 0)
    taken = counter.lines.order_by("pk").values_list("quantity", "movement__from_state")
    assert list(taken) == [(1, "available"), (1, "quarantined"), (1, "held")]


def test_only_the_share_of_that_receipt_is_taken_back(rma):
    line = rma.lines.get()
    receipt = receive(line, "2")
    dispose(line)
    receive(line, "1")
    dispose(line, "quarantine")

    undo(receipt)

    assert counts(line) == (1, 1, 0, 0)
    assert in_stock() == {"quarantined": 1}


def test_what_was_taken_back_can_be_received_and_decided_anew(rma):
    line = rma.lines.get()
    undo(receive(line, "3"))

    receive(line, "3")
    dispose(line)

    assert counts(line) == (3, 3, 0, 0)
    assert in_stock() == {"available": 3}


def test_a_unit_is_its_holders_again_in_the_same_sale(unit_return, bo):
    receipt = receive(unit_return.lines.get())
    dispose(unit_return.lines.get())

    undo(receipt)

    unit = StockItem.objects.get()
    assert (unit.state, unit.holder, unit.location) == ("sold", bo, None)
    ended, again = UnitSale.objects.order_by("pk")
    assert (again.order_line, again.until) == (ended.order_line, None)
    assert again.since >= ended.until
    receive(unit_return.lines.get())
    assert StockItem.objects.get().state == "held"


def test_another_customers_unit_goes_back_to_that_customer(rma, business, cy):
    sale = bikes(business, cy, "B-1")
    given = ReceiveInput(unexpected=[SurpriseInput(serial="B-1")])
    receipt = receive_return(rma.pk, given, actor=SYSTEM)

    undo(receipt)

    assert StockItem.objects.get().holder == cy
    assert UnitSale.objects.get(until=None).order_line == sale.lines.get()
    line = rma.lines.get(unexpected=True)
    assert (line.void, line.received) == (True, 0)


def test_a_unit_made_at_the_dock_is_out_and_its_line_void(rma):
    PartFactory(sku="BIKE", is_serialized=True)
    given = ReceiveInput(unexpected=[SurpriseInput(sku="BIKE", serial="B-1")])
    receipt = receive_return(rma.pk, given, actor=SYSTEM)

    undo(receipt)

    unit = StockItem.objects.get()
    assert (unit.state, unit.holder, unit.location) == ("scrapped", None, None)
    assert rma.lines.get(unexpected=True).void is True


def test_a_matched_line_stays_and_waits_for_its_goods(rma, business, bo):
    sold = sell(business, bo, goods("PEG", "2", "1.00")).lines.get()
    given = ReceiveInput(unexpected=[SurpriseInput(sku="PEG"), SurpriseInput(description="Mug")])
    receipt = receive_return(rma.pk, given, actor=SYSTEM)
    peg = rma.lines.get(part__sku="PEG")
    match_return(rma.pk, [MatchInput(peg, sold)], actor=SYSTEM)

    undo(receipt)

    peg.refresh_from_db()
    assert (peg.void, peg.received, peg.claim) == (False, 0, 1)
    assert rma.lines.get(description="Mug").void is True


def test_a_batch_is_taken_back_from_that_batch(rma):
    PartFactory(sku="SOUP", is_batched=True)
    surprises = [SurpriseInput(D("2"), sku="SOUP", batch=batch) for batch in ("L-1", "L-2")]
    first, _ = [
        receive_return(rma.pk, ReceiveInput(unexpected=[one]), actor=SYSTEM) for one in surprises
    ]

    undo(first)

    left = StockItem.objects.exclude(quantity=0).values_list("batch__number", "quantity")
    assert list(left) == [("L-2", 2)]


def test_a_credited_receipt_takes_its_credit_note_back(business, bo):
    order = sell(business, bo, goods("TENT", "2", "50.00"), paid=False)
    rma = decided(order, "1")
    (note,) = credit_return(rma.pk, actor=SYSTEM)

    undo(Receipt.objects.get())

    assert counts(rma.lines.get()) == (0, 0, 0, 0)
    assert CreditNote.objects.get(reverses=note).gross == D("50.00")
    assert Invoice.objects.get().credited == 0
    assert ReturnOrder.objects.get().money == "none"


def test_only_credit_that_has_lost_its_goods_is_taken_back(business, bo):
    order = sell(business, bo, goods("TENT", "3", "50.00"), paid=False)
    rma = ask_return(order, "3", issued=True)
    line = rma.lines.get()
    receipts, notes = [], []
    for _ in range(3):
        receipts.append(receive(line))
        dispose(line)
        notes += credit_return(rma.pk, actor=SYSTEM)

    undo(receipts[0])

    assert counts(line) == (2, 2, 0, 2)
    standing = CreditNote.objects.filter(reverses=None, reversed_by=None)
    assert list(standing.order_by("pk")) == notes[1:]


def test_taking_credit_back_needs_its_own_right(business, bo, roles):
    rma = decided(sell(business, bo, goods("TENT", "1", "50.00")))
    credit_return(rma.pk, actor=SYSTEM)
    hand = actor_with("Warehouse")

    refusal = refused(lambda: undo(Receipt.objects.get(), actor=hand))

    assert isinstance(refusal, NotPermitted)
    assert refusal.facts == {"permission": "returns.reverse_credit"}


def test_money_that_went_out_stands_in_the_way(business, bo):
    credited(business, bo, currency="USD")
    refund = paid_by_hand()

    refusal = refused(lambda: undo(Receipt.objects.get()))

    assert (refusal.code, refusal.facts["refunds"]) == ("refund_out", [refund.reference])


def test_scrapped_goods_do_not_come_back(rma):
    line = rma.lines.get()
    receipt = receive(line, "2")
    dispose(line, "scrap", "1")

    refusal = refused(lambda: undo(receipt))

    assert refusal.code == "stock_moved_on"
    assert refusal.facts == {
        "line": str(line.uuid),
        "sku": "TENT",
        "quantity": "1",
        "there": "0",
        "location": "",
        "state": "scrapped",
    }


def test_goods_that_were_carried_elsewhere_have_moved_on(rma, business):
    line = rma.lines.get()
    receipt = receive(line, "2")
    relocate(StockItem.objects.get().pk, location=LocationFactory(), actor=SYSTEM, quantity=D("1"))

    refusal = refused(lambda: undo(receipt))

    assert (refusal.code, refusal.facts["there"]) == ("stock_moved_on", "1")
    assert refusal.facts["location"] == business.returns_location.code


def test_a_unit_that_was_carried_elsewhere_has_moved_on(unit_return):
    receipt = receive(unit_return.lines.get())
    relocate(StockItem.objects.get().pk, location=LocationFactory(), actor=SYSTEM)

    assert refused(lambda: undo(receipt)).code == "stock_moved_on"


def promised(business, customer, part, item) -> None:
    """The stock is allocated to a new order."""
    lines = [{"part": part, "quantity": D("1")}]
    order = create_order(business=business, customer=customer, actor=SYSTEM, lines=lines)
    issue_order(order.pk, actor=SYSTEM)
    shipment = add_shipment(order.pk, actor=SYSTEM)
    wanted = [AllocationInput(order.lines.get().pk, item.pk)]
    allocate(order.pk, shipment.pk, wanted, actor=SYSTEM)


def test_goods_promised_to_somebody_else_have_moved_on(rma, business, cy):
    line = rma.lines.get()
    receipt = receive(line, "2")
    dispose(line)
    item = StockItem.objects.get(state="available")
    promised(business, cy, line.part, item)

    refusal = refused(lambda: undo(receipt))

    assert (refusal.code, refusal.facts["there"]) == ("stock_moved_on", "1")


def test_a_unit_promised_to_somebody_else_has_moved_on(unit_return, business, cy):
    receipt = receive(unit_return.lines.get())
    dispose(unit_return.lines.get())
    unit = StockItem.objects.get()
    promised(business, cy, unit.part, unit)

    assert refused(lambda: undo(receipt)).code == "stock_moved_on"


def test_goods_that_were_sent_back_have_moved_on(rma):
    line = rma.lines.get()
    receipt = receive(line, "2")
    send_back(line)

    refusal = refused(lambda: reverse_receipt(receipt.pk, actor=SYSTEM, reason=WHY))

    assert (refusal.code, refusal.facts) == (
        "stock_moved_on",
        {"line": str(line.uuid), "sent_back": "1"},
    )


def test_a_receipt_is_taken_back_once(rma):
    receipt = receive(rma.lines.get())
    counter = undo(receipt)

    assert refused(lambda: undo(receipt)).code == "reversed_already"
    assert refused(lambda: undo(counter)).code == "is_reversal"


def test_taking_back_needs_a_reason(rma):
    receipt = receive(rma.lines.get())

    assert refused(lambda: undo(receipt, reason="")).code == "reason_required"


def test_nothing_is_taken_back_while_the_return_is_held(rma):
    receipt = receive(rma.lines.get())
    hold_return(rma.pk, actor=SYSTEM, reason="Wait.")

    assert refused(lambda: undo(receipt)).code == "on_hold"


def test_a_closed_return_is_opened_again_first(business, bo):
    rma = decided(sell(business, bo, goods("TENT", "1", "50.00")))
    credit_return(rma.pk, actor=SYSTEM)
    complete_return(rma.pk, actor=SYSTEM)

    refusal = refused(lambda: undo(Receipt.objects.get()))

    assert (refusal.code, refusal.facts["status"]) == ("illegal_transition", "complete")


def test_the_trail_says_what_was_taken_back_and_why(rma):
    parcel = add_parcel(rma.pk, {}, actor=SYSTEM)
    given = ReceiveInput(lines=[ArrivalInput(rma.lines.get())], parcel=parcel)
    receipt = receive_return(rma.pk, given, actor=SYSTEM)

    counter = undo(receipt)

    assert counter.parcel == parcel
    last = history(ReturnOrder.objects.get())[-1]
    assert (last.verb, last.facts) == (
        "reverse_receipt",
        {
            "receipt": str(receipt.uuid),
            "reversed_by": str(counter.uuid),
            "credit_notes": [],
            "reason": WHY,
        },
    )


def test_goods_without_stock_are_only_counted_back(rma):
    surprise = SurpriseInput(description="Empty box")
    receipt = receive_return(rma.pk, ReceiveInput(unexpected=[surprise]), actor=SYSTEM)

    counter = undo(receipt)

    assert counter.lines.get().movement is None
    assert Movement.objects.count() == 0
    assert rma.lines.get(unexpected=True).void is True
