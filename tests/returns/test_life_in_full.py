"""What leaves for the customer, is matched or taken back stands in the life of a unit too."""

from __future__ import annotations

from decimal import Decimal

import pytest

from returns.life import life_of
from returns.models import Disposition
from returns.services import (
    ArrivalInput,
    Consignment,
    DisposeInput,
    InspectInput,
    LineInput,
    MatchInput,
    ReceiveInput,
    ReplaceInput,
    SendBackInput,
    credit_return,
    dispose_return,
    inspect_return,
    issue_return,
    match_return,
    receive_return,
    replace_return,
    request_return,
    reverse_credit,
    reverse_receipt,
    send_back_return,
)
from rmaproject.access.actors import SYSTEM, Actor
from sales.models import Refund
from sales.services.refunding import approve_refund, confirm_refund, pay_refund
from stock.models import StockItem
from stock.services import book_in
from tests.factories import LocationFactory, PartFactory, UserFactory, goods, sell
from tests.returns.outcomes import ship_all

KNOWN = ("booked_in", "sold", "invoiced")


@pytest.fixture
def drill(business):
    """A unit with a serial, on a shelf."""
    part = PartFactory(sku="DRILL", is_serialized=True)
    book_in(part, LocationFactory(code="SHELF"), actor=SYSTEM, serials=["D-1"])
    return StockItem.objects.get()


def sell_drill(business, customer, **values):
    return sell(business, customer, goods("DRILL", "1", "80.00", serials=("D-1",)), **values)


def arrive(business, customer, drill, **values):
    """The unit is asked back and received."""
    lines = [LineInput(stock_item=drill, **values)]
    made = request_return(business=business, customer=customer, actor=SYSTEM, lines=lines)
    issue_return(made.pk, actor=SYSTEM)
    receive_return(made.pk, ReceiveInput(lines=[ArrivalInput(made.lines.get())]), actor=SYSTEM)
    return made


def dispose(rma, code):
    decided = Disposition.objects.get(code=code)
    dispose_return(rma.pk, [DisposeInput(rma.lines.get(), decided)], actor=SYSTEM)


def told(drill, *, without=(), actor=SYSTEM):
    """The kinds of events with the references of their papers."""
    drill.refresh_from_db()
    events = [event for event in life_of(drill, actor) if event.kind not in without]
    return [(event.kind, tuple(paper.reference for paper in event.documents)) for event in events]


def test_a_whole_life_is_told_step_by_step(business, bo, cy, drill):
    first = sell_drill(business, bo)
    broken = arrive(business, bo, drill, outcome="repair")
    line = broken.lines.get()
    inspect_return(broken.pk, [InspectInput(line, verdict="accepted", note="Loose")], actor=SYSTEM)
    parcel = Consignment("Post", "T-99")
    send_back_return(
        broken.pk, [SendBackInput(line, Decimal(1), repaired=True)], parcel, actor=SYSTEM
    )
    again = arrive(business, bo, drill)
    dispose(again, "restock")
    credit_return(again.pk, actor=SYSTEM)
    second = sell_drill(business, cy)
    last = arrive(business, cy, drill)
    dispose(last, "scrap")

    life = told(drill)

    (note,) = first.credit_notes.all()
    # Both sales were recorded elsewhere and stand at the day that they name.
    assert [entry for entry in life if entry[0] in ("sold", "invoiced")] == [
        ("sold", (first.reference,)),
        ("sold", (second.reference,)),
        ("invoiced", (first.invoices.get().reference,)),
        ("invoiced", (second.invoices.get().reference,)),
    ]
    assert [entry for entry in life if entry[0] not in ("sold", "invoiced")] == [
        ("booked_in", ()),
        ("announced", (broken.reference,)),
        ("received", (broken.reference,)),
        ("inspected", (broken.reference,)),
        ("decided", (broken.reference,)),
        ("repaired", (broken.reference,)),
        ("announced", (again.reference,)),
        ("received", (again.reference,)),
        ("inspected", (again.reference,)),
        ("decided", (again.reference,)),
        ("credited", (note.reference,)),
        ("announced", (last.reference,)),
        ("received", (last.reference,)),
        ("inspected", (last.reference,)),
        ("scrapped", (last.reference,)),
    ]
    (sent,) = [event for event in life_of(drill, SYSTEM) if event.kind == "repaired"]
    assert (sent.facts["carrier"], sent.facts["tracking"]) == ("Post", "T-99")


def test_what_goes_back_as_it_came_is_not_sold_again(business, bo, drill):
    sell_drill(business, bo)
    rma = arrive(business, bo, drill, outcome="sent_back")
    send_back_return(rma.pk, [SendBackInput(rma.lines.get())], actor=SYSTEM)

    kinds = [kind for kind, _ in told(drill, without=KNOWN)]

    assert kinds == ["announced", "received", "inspected", "decided", "sent_back"]
    assert [kind for kind, _ in told(drill)].count("sold") == 1


def test_a_receipt_and_a_credit_that_were_taken_back_are_told(business, bo, drill):
    sale = sell_drill(business, bo)
    rma = arrive(business, bo, drill)
    dispose(rma, "restock")
    credit_return(rma.pk, actor=SYSTEM)
    note = sale.credit_notes.get()
    reverse_credit(note.pk, actor=SYSTEM, reason="Wrong customer")
    reverse_receipt(rma.receipts.get().pk, actor=SYSTEM, reason="Wrong customer")

    life = told(drill, without=KNOWN)

    counter = sale.credit_notes.get(reverses=note)
    assert [entry for entry in life if "credit" in entry[0]] == [
        ("credited", (note.reference,)),
        ("credit_reversed", (counter.reference,)),
    ]
    assert life[-1] == ("receipt_reversed", (rma.reference,))
    assert [kind for kind, _ in told(drill)].count("sold") == 1


def test_a_replacement_is_told_when_it_was_ordered_and_when_it_left(business, bo, drill):
    sell_drill(business, bo)
    rma = arrive(business, bo, drill, outcome="replacement")
    dispose(rma, "scrap")
    entry = ReplaceInput(rma.lines.get(), Decimal(1), PartFactory(sku="SPARE"))
    sale = replace_return(rma.pk, [entry], actor=SYSTEM)
    ship_all(sale)

    life = told(drill, without=KNOWN)

    assert life[-2:] == [
        ("replaced", (rma.reference, sale.reference)),
        ("replacement_shipped", (rma.reference, sale.reference)),
    ]


def test_a_refund_is_named_once_it_is_paid_to_who_may_see_it(business, bo, drill, roles):
    sell_drill(business, bo, currency="JPY")
    rma = arrive(business, bo, drill)
    dispose(rma, "restock")
    credit_return(rma.pk, actor=SYSTEM)
    refund = Refund.objects.get()
    before = told(drill, without=KNOWN)
    for step in (approve_refund, pay_refund, confirm_refund):
        step(refund.pk, actor=SYSTEM)

    assert before[-1][0] == "credited"
    assert told(drill)[-1] == ("refunded", (refund.reference,))
    stranger = Actor(UserFactory(username="nobody"), "test")
    assert told(drill, actor=stranger)[-1] == ("refunded", ("",))


def test_a_unit_whose_sale_was_named_later_says_so(business, bo, drill):
    sale = sell_drill(business, bo)
    lines = [LineInput(Decimal(1), part=drill.part)]
    rma = request_return(business=business, customer=bo, actor=SYSTEM, lines=lines)
    issue_return(rma.pk, actor=SYSTEM)
    arrival = ArrivalInput(rma.lines.get(), serial="D-1")
    receive_return(rma.pk, ReceiveInput(lines=[arrival]), actor=SYSTEM)
    sold = sale.lines.get()
    match_return(rma.pk, [MatchInput(rma.lines.get(), order_line=sold)], actor=SYSTEM)

    assert told(drill, without=KNOWN) == [
        ("received", (rma.reference,)),
        ("matched", (rma.reference,)),
    ]
