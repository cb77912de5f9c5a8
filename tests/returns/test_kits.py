"""Kits come back whole or in pieces; what is credited is the kit's price, to the cent."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from returns.models import Disposition, ReturnOrder
from returns.services import (
    ArrivalInput,
    CreditInput,
    LineInput,
    QuantityInput,
    ReceiveInput,
    RecordInput,
    RecordLine,
    credit_return,
    dispose_return,
    receive_return,
    record_return,
    release_return,
    request_return,
)
from returns.services.inputs import DisposeInput
from rmaproject.access.actors import SYSTEM
from rmaproject.shared.errors import RuleViolation
from sales.models import CreditLine, CreditNote, Invoice, SalesOrder
from sales.services.sale import SaleComponent
from sales.services.units import GivenAmount
from stock.models import StockItem
from tests.changes import picture
from tests.factories import PartFactory, discount, goods, sell
from tests.returns.kits import accept, ask, bring_back, broken, kit, left, receive, sold

pytestmark = pytest.mark.django_db


def test_a_kit_comes_back_as_its_parts(camp):
    rma = ask(camp, ("CAMP", "1"))

    rows = rma.lines.select_related("part", "kit_line__part").order_by("number")
    assert [(row.part.sku, row.quantity, row.kit_line.part.sku) for row in rows] == [
        ("TENT", 1, "CAMP"),
        ("PEG", 6, "CAMP"),
    ]
    assert [left(camp, sku) for sku in ("CAMP", "FIXING", "TENT", "PEG")] == [1, 2, 1, 6]


def test_an_inner_kit_comes_back_by_itself(camp):
    rma = ask(camp, ("FIXING", "3"))

    row = rma.lines.get()
    assert (row.part.sku, row.quantity, row.kit_line.part.sku) == ("PEG", 9, "FIXING")
    assert [left(camp, sku) for sku in ("CAMP", "FIXING", "TENT", "PEG")] == [0, 1, 2, 3]


def test_a_whole_kit_is_credited_with_its_price(camp):
    assert bring_back(ask(camp, ("CAMP", "1"))) == Decimal("9.99")
    assert bring_back(ask(camp, ("CAMP", "1"))) == Decimal("9.99")
    assert broken() == []


@pytest.mark.parametrize("price", ["10.00", "0.01", "33.34"])
def test_also_after_a_piece_each_whole_kit_is_credited_with_its_price(business, bo, price):
    kit("CAMP", ("TENT", "1"), ("PEG", "2"), ("ROPE", "4"))
    order = sell(business, bo, goods("CAMP", "3", price))
    piece = bring_back(ask(order, ("PEG", "1")))

    assert bring_back(ask(order, ("CAMP", "1"))) == Decimal(price)
    assert bring_back(ask(order, ("CAMP", "1"))) == Decimal(price)
    rest = bring_back(ask(order, ("TENT", "1"), ("PEG", "1"), ("ROPE", "4")))
    assert piece + rest == Decimal(price)


def test_pieces_in_any_order_add_up_to_the_price_of_the_kits(camp):
    for wanted in (("PEG", "1"), ("TENT", "1"), ("FIXING", "2"), ("PEG", "5"), ("TENT", "1")):
        bring_back(ask(camp, wanted))

    assert CreditNote.objects.aggregate(sum=Sum("gross"))["sum"] == Decimal("19.98")
    invoice = Invoice.objects.get()
    assert invoice.credited == invoice.gross == Decimal("19.98")


def test_a_piece_that_is_away_leaves_one_kit_less_to_return(camp):
    ask(camp, ("PEG", "1"))
    before = picture()

    with pytest.raises(RuleViolation) as refusal:
        ask(camp, ("CAMP", "2"))

    assert refusal.value.code == "exceeds_returnable"
    assert refusal.value.facts["lines"] == [
        {"order_line": str(sold(camp, "CAMP").uuid), "requested": "2", "returnable": "1"}
    ]
    assert refusal.value.message == "Only 1 of this line can be returned, not 2."
    assert picture() == before


def test_a_kit_and_one_of_its_pieces_are_claimed_together(camp):
    with pytest.raises(RuleViolation) as refusal:
        ask(camp, ("CAMP", "2"), ("PEG", "1"))

    assert refusal.value.facts["lines"] == [
        {"order_line": str(sold(camp, "PEG").uuid), "requested": "13", "returnable": "12"}
    ]


def test_half_a_kit_does_not_come_back_as_a_kit(camp):
    with pytest.raises(RuleViolation) as refusal:
        ask(camp, ("CAMP", "0.5"))

    assert (refusal.value.code, refusal.value.pointer) == ("invalid_quantity", "/lines/0/quantity")


def test_kits_that_were_not_shipped_do_not_come_back(business, bo):
    kit("CAMP", ("TENT", "1"))
    order = sell(business, bo, goods("CAMP"), shipped=False)

    with pytest.raises(RuleViolation) as refusal:
        ask(order, ("CAMP", "1"))

    assert refusal.value.facts["lines"][0]["returnable"] == "0"


def test_a_kit_of_a_stranger_is_refused(camp, cy):
    wanted = [LineInput(Decimal(1), order_line=sold(camp, "CAMP"))]

    with pytest.raises(RuleViolation) as refusal:
        request_return(business=camp.business, customer=cy, lines=wanted, actor=SYSTEM)

    assert (refusal.value.code, refusal.value.pointer) == ("wrong_customer", "/lines/0/order_line")


def test_a_kit_without_a_sale_comes_back_as_the_parts_of_its_list(business, bo):
    camp = kit("CAMP", ("TENT", "1"), ("PEG", "2"))

    rma = request_return(
        business=business, customer=bo, lines=[LineInput(Decimal(2), part=camp)], actor=SYSTEM
    )

    rows = rma.lines.select_related("part").order_by("number")
    assert [(row.part.sku, row.quantity, row.kit_line) for row in rows] == [
        ("TENT", 2, None),
        ("PEG", 4, None),
    ]


def test_units_in_a_kit_come_back_by_serial_number_or_with_it(business, bo):
    PartFactory(sku="BIKE", is_serialized=True)
    kit("TOUR", ("BIKE", "1"), ("BELL", "1"))
    told = (SaleComponent("BIKE", serials=("B-1", "B-2")), SaleComponent("BELL"))
    order = sell(business, bo, goods("TOUR", "2", "100.00", components=told))
    first = StockItem.objects.get(serial="B-1")

    request_return(
        business=business, customer=bo, lines=[LineInput(stock_item=first)], actor=SYSTEM
    )

    assert left(order, "TOUR") == 1
    rma = ask(order, ("TOUR", "1"))
    bike = rma.lines.get(part__sku="BIKE")
    receive_return(rma.pk, ReceiveInput(lines=[ArrivalInput(bike, serial="B-2")]), actor=SYSTEM)
    assert StockItem.objects.get(serial="B-2").state == "held"


def test_a_discount_on_kits_is_taken_back_with_their_parts(business, bo):
    kit("CAMP", ("TENT", "1"), ("PEG", "3"))
    order = sell(business, bo, goods("CAMP", "2", "9.99"), discount("-1.01"))

    notes = [bring_back(ask(order, wanted)) for wanted in (("TENT", "2"), ("PEG", "6"))]

    assert sum(notes) == Decimal("18.97")
    assert broken() == []


def test_a_recorded_return_spreads_a_given_amount_over_the_parts_of_a_kit(camp):
    given = GivenAmount(Decimal("8.00"), Decimal("1.39"), Decimal(21), "NORMAL")
    line = LineInput(Decimal(1), order_line=sold(camp, "CAMP"))
    values = {"business": camp.business, "customer": camp.customer}

    record_return(RecordInput(values, [RecordLine(line, given)]), actor=SYSTEM)

    note = CreditNote.objects.get()
    assert (note.gross, note.tax) == (Decimal("8.00"), Decimal("1.39"))
    rows = CreditLine.objects.filter(credit_note=note).order_by("number")
    assert [(row.quantity, row.gross) for row in rows] == [
        (1, Decimal("2.67")),
        (6, Decimal("5.33")),
    ]


def test_an_amount_given_for_a_kit_without_a_sale_is_spread_by_units(business, bo):
    camp = kit("CAMP", ("TENT", "1"), ("PEG", "3"))
    given = GivenAmount(Decimal("8.01"), Decimal("1.39"), Decimal(21), "NORMAL")
    line = LineInput(Decimal(1), part=camp)

    values = {"business": business, "customer": bo}
    record_return(RecordInput(values, [RecordLine(line, given)]), actor=SYSTEM)

    assert CreditNote.objects.get().gross == Decimal("8.01")
    assert [row.gross for row in CreditLine.objects.order_by("number")] == [
        Decimal("2.00"),
        Decimal("6.01"),
    ]


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["CAMP", "FIXING", "TENT", "PEG", "release"]),
        st.integers(1, 3),
        st.booleans(),
    ),
    max_size=8,
)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=STEPS,
    price=st.decimals("0.01", "99.99", places=2),
    currency=st.sampled_from(["JPY", "EUR", "KWD"]),
)
def test_any_order_of_kits_and_pieces_credits_exactly_the_price(
    business, bo, steps, price, currency
):
    with transaction.atomic():
        kit("FIXING", ("PEG", "3"), ("ROPE", "1"))
        kit("CAMP", ("TENT", "1"), ("FIXING", "2"))
        order = sell(business, bo, goods("CAMP", "3", str(price)), paid=False, currency=currency)

        for sku, number, credited in steps:
            _do(order, sku, number, credited=credited)
        for rma in ReturnOrder.objects.order_by("pk"):
            _finish(rma)
        for sku in ("TENT", "PEG", "ROPE"):
            if rest := left(order, sku):
                _finish(ask(order, (sku, str(rest))))

        invoice = Invoice.objects.get()
        assert CreditNote.objects.aggregate(sum=Sum("gross"))["sum"] == invoice.gross
        assert invoice.credited == invoice.gross
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert broken() == []
        transaction.set_rollback(True)


def _do(order: SalesOrder, sku: str, number: int, *, credited: bool) -> None:
    if sku == "release":
        rma = ReturnOrder.objects.filter(goods="expected").first()
        line = rma.lines.filter(released=0).first() if rma else None
        if line is not None:
            wanted = [QuantityInput(line, line.quantity)]
            release_return(line.return_order_id, wanted, actor=SYSTEM)
        return
    free = min(left(order, sku), Decimal(number))
    if free:
        rma = ask(order, (sku, str(free)))
        if credited:
            _finish(rma)


def _finish(rma: ReturnOrder) -> None:
    for line in rma.lines.all():
        if rest := line.quantity - line.released - line.received:
            receive_return(rma.pk, ReceiveInput(lines=[ArrivalInput(line, rest)]), actor=SYSTEM)
    restock = Disposition.objects.get(code="restock")
    rows = [line for line in rma.lines.all() if line.received > line.accepted]
    if rows:
        dispose_return(rma.pk, [DisposeInput(line, restock) for line in rows], actor=SYSTEM)
    if ReturnOrder.objects.get(pk=rma.pk).credit_owed:
        credit_return(rma.pk, actor=SYSTEM)


def test_one_part_of_a_kit_may_be_credited_before_the_others(camp):
    rma = ask(camp, ("CAMP", "1"))
    receive(rma)
    accept(rma)
    tent = rma.lines.get(part__sku="TENT")

    (note,) = credit_return(rma.pk, [CreditInput(tent)], actor=SYSTEM)

    assert note.gross == Decimal("3.33")
    (rest,) = credit_return(rma.pk, actor=SYSTEM)
    assert rest.gross == Decimal("6.66")
