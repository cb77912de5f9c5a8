"""What the customer gets: which units are credited, at what worth, on which note."""

from __future__ import annotations

import pytest

from returns.models import ReturnOrder
from returns.services import (
    CreditInput,
    LineInput,
    QuantityInput,
    RecordInput,
    RecordLine,
    add_extra_line,
    credit_return,
    record_return,
    reverse_credit,
    waive_return,
)
from rmaproject.access.actors import SYSTEM
from rmaproject.shared.errors import Conflict, NotFound, RuleViolation
from sales.models import CreditLine, Invoice, InvoiceLine
from sales.services.units import GivenAmount
from tests.changes import picture
from tests.factories import ask_return, discount, goods, sell
from tests.returns.steps import D, by_number, decided, dispose, receive, request


def test_each_part_of_a_line_takes_its_part_of_the_discount(business, bo):
    order = sell(business, bo, goods("TENT", "3", "10.00"), discount("-1.00"))

    notes = [credit_return(decided(order).pk, actor=SYSTEM)[0] for _ in range(3)]

    # -1.00 over three units: -0.33, -0.34, -0.33
    assert [note.gross for note in notes] == [D("9.67"), D("9.66"), D("9.67")]
    assert sum(note.gross for note in notes) == Invoice.objects.get().gross == D("29.00")
    assert sum(note.tax for note in notes) == Invoice.objects.get().tax


def test_a_discount_is_shared_by_what_the_lines_are_worth(business, bo):
    order = sell(
        business, bo, goods("TENT", "1", "30.00"), goods("PEG", "2", "5.00"), discount("-4.00")
    )
    tent = order.lines.get(number=1)
    rma = request(order, LineInput(D("1"), order_line=tent))
    receive(rma.lines.get())
    dispose(rma.lines.get())

    (note,) = credit_return(rma.pk, actor=SYSTEM)

    lines = note.lines.order_by("number").values_list("kind", "gross")
    assert list(lines) == [("goods", D("30.00")), ("discount", D("-3.00"))]
    assert note.gross == D("27.00")


def test_two_lines_of_one_return_are_credited_with_units_of_their_own(business, bo):
    order = sell(business, bo, goods("TENT", "3", "10.00"))
    sold = order.lines.get()
    rma = request(order, LineInput(D("1"), order_line=sold), LineInput(D("2"), order_line=sold))
    for line, quantity in zip(by_number(rma), ("1", "2"), strict=True):
        receive(line, quantity)
        dispose(line)

    (note,) = credit_return(rma.pk, actor=SYSTEM)

    assert note.gross == D("30.00")
    units = [(line.units.lower, line.units.upper) for line in note.lines.order_by("number")]
    assert units == [(0, 1), (1, 3)]
    assert [line.credited for line in by_number(rma)] == [1, 2]
    assert InvoiceLine.objects.get().credited_units == 3


def test_a_named_quantity_is_credited_and_the_rest_stays_owed(business, bo):
    rma = decided(sell(business, bo, goods("TENT", "3", "10.00")), "3")
    line = rma.lines.get()

    (note,) = credit_return(rma.pk, [CreditInput(line, D("1"))], actor=SYSTEM)

    assert note.gross == D("10.00")
    assert ReturnOrder.objects.get().credit_owed is True
    assert rma.lines.get().credited == 1


def test_more_than_was_accepted_cannot_be_credited(business, bo):
    rma = decided(sell(business, bo, goods("TENT", "3", "10.00")), "2")
    before = picture()

    with pytest.raises(RuleViolation) as refusal:
        credit_return(rma.pk, [CreditInput(rma.lines.get(), D("3"))], actor=SYSTEM)

    assert (refusal.value.code, refusal.value.facts) == ("exceeds_accepted", {"open": "2"})
    assert picture() == before


def test_naming_a_line_twice_credits_no_more_than_was_accepted(business, bo):
    rma = decided(sell(business, bo, goods("TENT", "3", "10.00")), "1")
    twice = [CreditInput(rma.lines.get(), D("1"))] * 2
    before = picture()

    with pytest.raises(RuleViolation) as refusal:
        credit_return(rma.pk, twice, actor=SYSTEM)

    assert refusal.value.code == "exceeds_accepted"
    assert picture() == before


def test_nothing_is_credited_twice(business, bo):
    rma = decided(sell(business, bo, goods("TENT", "1", "10.00")))
    credit_return(rma.pk, actor=SYSTEM)
    before = picture()

    with pytest.raises(Conflict) as refusal:
        credit_return(rma.pk, actor=SYSTEM)

    assert refusal.value.code == "nothing_to_credit"
    assert picture() == before


def test_a_line_of_another_return_is_not_found(business, bo):
    order = sell(business, bo, goods("TENT", "2", "10.00"))
    ours, other = decided(order), decided(order)
    before = picture()

    with pytest.raises(NotFound) as refusal:
        credit_return(ours.pk, [CreditInput(other.lines.get(), D("1"))], actor=SYSTEM)

    assert (refusal.value.code, refusal.value.pointer) == ("not_found", "/lines/0/line")
    assert picture() == before


def test_a_charge_lowers_the_credit_with_its_own_tax(business, bo):
    rma = decided(sell(business, bo, goods("TENT", "1", "12.10")))
    fee = {"name": "Restocking", "gross_unit_price": D("-2.42"), "vat_percent": D("21")}
    add_extra_line(rma.pk, fee, actor=SYSTEM)

    (note,) = credit_return(rma.pk, actor=SYSTEM)

    assert (note.net, note.tax, note.gross) == (D("8.00"), D("1.68"), D("9.68"))
    assert rma.extra_lines.get().credited is True


def test_charges_above_the_credit_are_refused(business, bo):
    rma = decided(sell(business, bo, goods("TENT", "1", "10.00")))
    add_extra_line(rma.pk, {"name": "Damage", "gross_unit_price": D("-10.01")}, actor=SYSTEM)
    before = picture()

    with pytest.raises(RuleViolation) as refusal:
        credit_return(rma.pk, actor=SYSTEM)

    assert refusal.value.code == "credit_below_zero"
    assert picture() == before


def test_waived_goods_are_credited_without_coming(business, bo):
    rma = ask_return(sell(business, bo, goods("TENT", "3", "10.00")), "1", issued=True)
    waive_return(rma.pk, [QuantityInput(rma.lines.get(), D("2"))], actor=SYSTEM)

    (note,) = credit_return(rma.pk, actor=SYSTEM)

    assert note.gross == D("20.00")
    line = rma.lines.get()
    assert (line.quantity, line.waived, line.received, line.credited) == (1, 2, 0, 2)


def test_a_given_amount_is_taken_as_it_came_and_uses_up_the_units(business, bo):
    rma = decided(sell(business, bo, goods("TENT", "2", "10.00")), "2")
    given = GivenAmount(D("15.00"), D("2.00"), D("21"), "NORMAL")

    (note,) = credit_return(rma.pk, [CreditInput(rma.lines.get(), D("2"), given)], actor=SYSTEM)

    assert (note.net, note.tax, note.gross) == (D("13.00"), D("2.00"), D("15.00"))
    line = CreditLine.objects.get()
    assert (line.given, line.units.lower, line.units.upper) == (True, 0, 2)
    assert InvoiceLine.objects.get().credited_units == 2


@pytest.mark.parametrize(
    ("currency", "price", "parts"),
    [
        ("JPY", "33.333333", ["33", "34", "33"]),
        ("EUR", "0.333333", ["0.33", "0.34", "0.33"]),
        ("KWD", "0.333333", ["0.333", "0.334", "0.333"]),
    ],
)
def test_parts_add_up_in_every_currency(business, bo, currency, price, parts):
    order = sell(business, bo, goods("PEG", "3", price), paid=False, currency=currency)

    grosses = [credit_return(decided(order).pk, actor=SYSTEM)[0].gross for _ in range(3)]

    assert grosses == [D(part) for part in parts]
    assert sum(grosses) == Invoice.objects.get().gross


def test_a_reference_from_elsewhere_is_kept_and_takes_no_number_of_ours(business, bo):
    order = sell(business, bo, goods("TENT", "2", "10.00"))

    (theirs,) = credit_return(decided(order).pk, actor=SYSTEM, reference="GUT-77")
    (ours,) = credit_return(decided(order).pk, actor=SYSTEM)

    assert (theirs.reference, theirs.series_number) == ("GUT-77", None)
    assert ours.series_number == 1
    assert ours.reference == f"CN-{ours.credited_on.year}-00001"


def test_a_taken_credit_note_number_is_refused(business, bo):
    order = sell(business, bo, goods("TENT", "2", "10.00"))
    credit_return(decided(order).pk, actor=SYSTEM, reference="GUT-77")
    again = decided(order)
    before = picture()

    with pytest.raises(Conflict) as refusal:
        credit_return(again.pk, actor=SYSTEM, reference="gut-77")

    assert refusal.value.code == "reference_exists"
    assert picture() == before


def test_the_last_goods_bear_a_discount_that_given_amounts_left_untouched(business, bo):
    order = sell(
        business, bo, goods("TENT", "1", "74.80"), goods("PEG", "2", "5.00"), discount("-2.00")
    )
    tent, pegs = order.lines.filter(kind="goods").order_by("number")
    as_told = [
        RecordLine(
            LineInput(order_line=line, quantity=D("1")), GivenAmount(gross, tax, D("21"), "NORMAL")
        )
        for line, gross, tax in (
            (tent, D("74.80"), D("12.98")),
            (pegs, D("5.00"), D("0.87")),
        )
    ]
    values = {"business": business, "customer": bo}
    record_return(RecordInput(values=values, lines=as_told), actor=SYSTEM)
    rma = request(order, LineInput(order_line=pegs, quantity=D("1")))
    receive(rma.lines.get())
    dispose(rma.lines.get())

    (note,) = credit_return(rma.pk, actor=SYSTEM)

    assert note.gross == D("3.00")
    invoice = Invoice.objects.get()
    assert (invoice.credited, invoice.gross) == (D("82.80"), D("82.80"))
    assert sum(line.net for line in CreditLine.objects.filter(kind="discount")) == D("-1.65")


def test_a_discount_is_not_borne_twice_when_a_given_amount_is_taken_back(business, bo):
    """The second tent bore all of the discount; so the first bears none of it."""
    order = sell(business, bo, goods("TENT", "2", "50.00"), discount("-10.00"), paid=False)
    first, second = decided(order), decided(order)
    given = GivenAmount(D("50.00"), D("8.68"), D("21"), "NORMAL")
    (told,) = credit_return(first.pk, [CreditInput(first.lines.get(), D("1"), given)], actor=SYSTEM)
    (rest,) = credit_return(second.pk, actor=SYSTEM)
    reverse_credit(told.pk, actor=SYSTEM, reason="Too much.")

    (again,) = credit_return(first.pk, actor=SYSTEM)

    assert (rest.gross, again.gross, again.lines.count()) == (D("40.00"), D("50.00"), 1)
    invoice = Invoice.objects.get()
    assert (invoice.credited, invoice.gross) == (D("90.00"), D("90.00"))
    assert rest.net + again.net == invoice.net
