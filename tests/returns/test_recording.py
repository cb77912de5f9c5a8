"""Returns that happened elsewhere: booked in one go, once, amounts as they came."""

from __future__ import annotations

from functools import partial

import pytest

from returns.models import ReturnOrder
from returns.services import LineInput, RecordExtra, RecordInput, RecordLine, record_return
from returns.services.status import delete_return
from rmaproject.access.actors import SYSTEM
from sales.models import CreditNote, InvoiceLine
from sales.services.units import GivenAmount
from stock.models import Movement
from tests.factories import LocationFactory, ask_return, discount, goods, sell
from tests.racing import race
from tests.returns.steps import D, refused


def told(order, *lines, reference="R-1", digest="a", **values):
    header = {"business": order.business, "customer": order.customer, "reference": reference}
    return RecordInput(values=header, lines=list(lines), digest=digest, **values)


def of(order, quantity="1", given=None):
    line = order.lines.filter(kind="goods").first()
    return RecordLine(LineInput(D(quantity), order_line=line), given)


@pytest.fixture
def order(business, bo):
    return sell(business, bo, goods("TENT", "3", "10.00"), discount("-3.00"))


def test_a_recorded_return_is_complete_and_credited(order):
    rma, new = record_return(told(order, of(order, "2"), credit_reference="GUT-1"), actor=SYSTEM)

    assert (new, rma.status, rma.goods, rma.reference) == (True, "complete", "received", "R-1")
    note = CreditNote.objects.get()
    assert (note.reference, note.gross) == ("GUT-1", D("18.00"))
    line = rma.lines.get()
    assert (line.received, line.accepted, line.credited) == (2, 2, 2)
    assert Movement.objects.count() == 0
    assert rma.version == ReturnOrder.objects.get().version == 2


def test_stock_moves_where_a_place_is_named(order):
    place = LocationFactory()

    record_return(told(order, of(order, "2"), location=place), actor=SYSTEM)

    assert (Movement.objects.get().quantity, Movement.objects.get().to_location) == (2, place)


def test_the_same_content_again_is_the_first_return(order):
    first, _ = record_return(told(order, of(order)), actor=SYSTEM)

    again, new = record_return(told(order, of(order)), actor=SYSTEM)

    assert (again, new) == (first, False)
    assert ReturnOrder.objects.count() == CreditNote.objects.count() == 1


def test_other_content_under_the_same_reference_is_refused(order):
    record_return(told(order, of(order)), actor=SYSTEM)

    refusal = refused(lambda: record_return(told(order, of(order, "2"), digest="b"), actor=SYSTEM))

    assert (refusal.code, refusal.facts) == ("reference_exists", {"reference": "R-1"})


def test_a_deleted_return_keeps_its_reference(order):
    rma = ask_return(order)
    ReturnOrder.objects.filter(pk=rma.pk).update(content_digest="a")
    delete_return(rma.pk, actor=SYSTEM)

    refusal = refused(
        lambda: record_return(told(order, of(order), reference=rma.reference), actor=SYSTEM)
    )

    assert refusal.code == "reference_exists"


def test_given_amounts_are_booked_as_they_came(order):
    minus = order.lines.get(kind="discount")
    given = GivenAmount(D("20.00"), D("3.47"), D("21"), "NORMAL")
    off = RecordExtra(
        name="Set discount",
        kind="discount",
        gross_unit_price=D("-2.00"),
        vat_percent=D("21"),
        tax=D("-0.35"),
        invoice_line=InvoiceLine.objects.get(order_line=minus),
    )

    record_return(told(order, of(order, "2", given), extra_lines=[off]), actor=SYSTEM)

    note = CreditNote.objects.get()
    assert (note.gross, note.tax) == (D("18.00"), D("3.12"))
    assert InvoiceLine.objects.get(order_line=minus).credited_gross == D("-2.00")
    assert InvoiceLine.objects.exclude(order_line=minus).get().credited_units == 2


def test_two_entries_of_one_sold_line_are_recorded_together(order):
    rma, _ = record_return(told(order, of(order, "1"), of(order, "2")), actor=SYSTEM)

    assert CreditNote.objects.get().gross == D("27.00")
    assert [line.credited for line in rma.lines.order_by("number")] == [1, 2]


def test_more_than_was_sold_is_refused_whole(order):
    refusal = refused(lambda: record_return(told(order, of(order, "4")), actor=SYSTEM))

    assert refusal.code == "exceeds_returnable"


def test_a_return_of_nothing_is_refused(order):
    refusal = refused(lambda: record_return(told(order), actor=SYSTEM))

    assert (refusal.code, refusal.pointer) == ("lines_missing", "/lines")


@pytest.mark.django_db(transaction=True)
def test_the_same_return_recorded_twice_at_the_same_moment_is_one(order):
    given = told(order, of(order))

    made, refusals = race([partial(record_return, given, actor=SYSTEM)] * 4)

    assert refusals == []
    assert sorted(new for _, new in made) == [False, False, False, True]
    assert {rma.pk for rma, _ in made} == {ReturnOrder.objects.get().pk}
