"""Goods that nobody announced: recorded at the dock, never refused, nobody's until decided."""

from __future__ import annotations

import pytest

from returns.models import ReturnOrder
from returns.services import LineInput, ReceiveInput, SurpriseInput, complete_return, receive_return
from rmaproject.access.actors import SYSTEM
from rmaproject.management.commands.verify import all_checks
from rmaproject.shared.errors import RuleViolation
from sales.models import UnitSale
from stock.models import Movement, StockItem
from stock.services import book_in
from tests.factories import CompanyFactory, LocationFactory, PartFactory, ask_return, goods, sell
from tests.returns.steps import D, bikes, dispose, refused, request


@pytest.fixture
def rma(business, bo):
    return ask_return(sell(business, bo, goods("TENT", "5", "50.00")), "1", issued=True)


def find(rma, quantity: str = "1", **what):
    """The line that an unannounced thing becomes."""
    given = ReceiveInput(unexpected=[SurpriseInput(D(quantity), **what)])
    receive_return(rma.pk, given, actor=SYSTEM)
    line = rma.lines.filter(unexpected=True).latest("number")
    assert line.received == line.quantity == D(quantity)
    assert [str(row) for check in all_checks() for row in check.broken()] == []
    return line


def test_surplus_is_held_and_owes_no_credit(rma):
    line = find(rma, "2", sku="tent")

    dispose(line)

    line.refresh_from_db()
    assert (line.order_line, line.accepted) == (None, 2)
    assert ReturnOrder.objects.get().credit_owed is False
    assert StockItem.objects.get(state="available").quantity == 2


def test_an_unknown_serial_of_a_known_part_becomes_a_unit_of_ours(rma, business):
    PartFactory(sku="BIKE", is_serialized=True)

    line = find(rma, sku="bike", serial="B-7")

    unit = StockItem.objects.get(serial="B-7")
    assert line.stock_item == unit
    assert (unit.state, unit.location, unit.holder) == ("held", business.returns_location, None)
    assert Movement.objects.get(unit=unit).cause == "receipt"
    assert line.note == "Nobody knew this serial number."


def test_another_customers_unit_is_taken_from_its_holder(rma, business, cy):
    bikes(business, cy, "B-1")

    line = find(rma, serial="b-1", note="In the wrong box.")

    unit = StockItem.objects.get(serial="B-1")
    assert (unit.state, unit.holder) == ("held", None)
    assert UnitSale.objects.get().until is not None
    row = line.receipt_lines.get()
    assert (row.stock_item, row.taken_from) == (unit, cy)
    assert line.note == "In the wrong box. Until now another customer held B-1."


def test_a_unit_that_the_books_have_in_our_stock_is_left_there(rma):
    part, shelf = PartFactory(sku="BIKE", is_serialized=True), LocationFactory(code="A-1")
    book_in(part, shelf, actor=SYSTEM, serials=["B-1"])

    line = find(rma, serial="B-1")

    unit = StockItem.objects.get(serial="B-1")
    assert (unit.state, unit.location) == ("available", shelf)
    row = line.receipt_lines.get()
    assert (line.stock_item, row.stock_item, row.movement) == (None, unit, None)
    assert line.note == "The books have B-1 in our own stock: A-1, available."


def test_a_unit_that_was_written_off_is_back(rma, business, bo):
    other = request(bikes(business, bo, "B-1"), LineInput(stock_item=StockItem.objects.get()))
    receive_return(other.pk, ReceiveInput(unexpected=[SurpriseInput(serial="B-1")]), actor=SYSTEM)
    dispose(other.lines.get(unexpected=True), "scrap")

    line = find(rma, serial="B-1")

    assert StockItem.objects.get(serial="B-1").state == "held"
    assert line.note.startswith("The books had B-1 as gone.")
    assert line.receipt_lines.get().taken_from is None


def test_a_unit_that_another_line_waits_for_says_so(rma, business, bo):
    waiting = request(bikes(business, bo, "B-1"), LineInput(stock_item=StockItem.objects.get()))

    line = find(rma, serial="B-1")

    assert line.note == f"Announced on line 1 of {waiting.reference}."


def test_an_empty_box_is_words_and_no_stock(rma):
    line = find(rma, description="Empty box", note="Seal was whole.")

    assert (line.part, line.description, line.note) == (None, "Empty box", "Seal was whole.")
    assert line.receipt_lines.get().movement is None
    assert StockItem.objects.count() == 0


def test_a_batch_is_counted_as_that_batch(rma):
    PartFactory(sku="SOUP", is_batched=True)

    line = find(rma, "3", sku="SOUP", batch="L-1")
    dispose(line, "quarantine", "2")

    stock = StockItem.objects.order_by("state").values_list("batch__number", "state", "quantity")
    assert list(stock) == [("L-1", "held", 1), ("L-1", "quarantined", 2)]


@pytest.mark.parametrize(
    ("what", "remark"),
    [
        ({"sku": "BIKE"}, "Its serial number is missing, so no stock is booked."),
        ({"sku": "PEG", "serial": "P-1"}, "Serial number on it: P-1."),
        ({"sku": "PEG", "batch": "L-1"}, "Batch on it: L-1."),
    ],
)
def test_what_does_not_fit_its_part_is_written_down(rma, what, remark):
    PartFactory(sku="BIKE", is_serialized=True)
    PartFactory(sku="PEG")

    assert find(rma, **what).note == remark


def test_a_serial_of_two_parts_is_no_unit_yet(rma):
    for sku in ("BIKE", "BOAT"):
        part = PartFactory(sku=sku, is_serialized=True)
        book_in(part, LocationFactory(), actor=SYSTEM, serials=["1"])

    line = find(rma, serial="1")

    assert (line.part, line.stock_item, line.description) == (None, None, "1")


def test_the_same_serial_twice_in_one_box_is_one_unit_and_a_contradiction(rma):
    PartFactory(sku="BIKE", is_serialized=True)
    twice = [SurpriseInput(sku="BIKE", serial="B-1")] * 2

    receive_return(rma.pk, ReceiveInput(unexpected=twice), actor=SYSTEM)

    first, second = rma.lines.filter(unexpected=True).order_by("number")
    assert (first.stock_item.serial, second.stock_item) == ("B-1", None)
    assert "in our own stock" in second.note
    assert StockItem.objects.filter(serial="B-1").count() == 1


def test_two_of_one_serial_number_cannot_be_meant(rma, business, cy):
    bikes(business, cy, "B-1")
    given = ReceiveInput(unexpected=[SurpriseInput(D("2"), serial="B-1")])

    refusal = refused(lambda: receive_return(rma.pk, given, actor=SYSTEM))

    assert isinstance(refusal, RuleViolation)
    assert (refusal.code, refusal.pointer) == ("unit_counts_one", "/unexpected/0/quantity")


def test_a_return_without_lines_takes_in_what_came(business):
    somebody = CompanyFactory(reference="ANON", name="Somebody")
    PartFactory(sku="TENT")
    empty = ReturnOrder.objects.get(pk=request_empty(business, somebody).pk)

    line = find(empty, sku="TENT")
    dispose(line)

    assert complete_return(empty.pk, actor=SYSTEM).status == "complete"


def test_a_blind_line_is_received_like_any_other(business, bo):
    from returns.services import issue_return, request_return
    from tests.returns.steps import receive

    tent = PartFactory(sku="TENT")
    made = request_return(
        business=business, customer=bo, lines=[LineInput(D("2"), part=tent)], actor=SYSTEM
    )
    issue_return(made.pk, actor=SYSTEM)

    receive(made.lines.get(), "2")

    assert ReturnOrder.objects.get().goods == "received"
    assert StockItem.objects.get().quantity == 2


def request_empty(business, customer):
    from returns.services import issue_return, request_return

    made = request_return(business=business, customer=customer, actor=SYSTEM)
    return issue_return(made.pk, actor=SYSTEM)
