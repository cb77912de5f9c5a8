"""Other goods for those that come back: by a linked sales order, once for each unit."""

from __future__ import annotations

from dataclasses import replace as but
from datetime import date

import pytest

from returns import terms
from returns.models import ExtraLine, Outbound, ReturnOrder
from returns.services import (
    CreditInput,
    LineInput,
    QuantityInput,
    ReplaceInput,
    complete_return,
    credit_return,
    edit_line,
    hold_return,
    release_return,
    replace_return,
    replacing,
    waive_return,
)
from rmaproject.access.actors import SYSTEM
from rmaproject.shared.errors import Conflict, NotFound, RuleViolation
from sales.models import OrderLine, UnitSale
from sales.services.invoicing import invoice_order
from stock.models import StockItem
from tests.changes import picture
from tests.factories import PartFactory, ask_return, goods, sell
from tests.returns.outcomes import counters, replace, ship_all
from tests.returns.steps import D, by_number, decided, receive, request


@pytest.fixture
def sale(business, bo):
    return sell(business, bo, goods("TENT", "3", "50.00"))


def fresh(rma):
    return ReturnOrder.objects.get(pk=rma.pk)


def test_an_accepted_unit_is_replaced_by_a_free_order_line_of_the_same_part(sale):
    rma = decided(sale)
    line = rma.lines.get()

    made = replace(line)

    sold = made.lines.get()
    assert (made.customer, made.business, made.currency) == (sale.customer, sale.business, "EUR")
    assert (made.status, made.return_order) == ("in_progress", rma.uuid)
    assert (sold.part.sku, sold.quantity, sold.gross_unit_price) == ("TENT", 1, 0)
    assert (sold.vat_percent, sold.vat_type) == (21, "NORMAL")
    assert counters(line) == {"quantity": 1, "received": 1, "accepted": 1, "replaced": 1}
    row = Outbound.objects.get()
    assert (row.kind, row.line, row.order_line, row.quantity) == ("replacement", line, sold, 1)


def test_a_replaced_unit_stays_claimed_and_is_owed_no_credit(sale):
    rma = decided(sale)

    replace(rma.lines.get())

    assert OrderLine.objects.get(order=sale).claimed == 1
    rma = fresh(rma)
    assert (rma.credit_owed, rma.money) == (False, "none")
    with pytest.raises(Conflict) as refusal:
        credit_return(rma.pk, actor=SYSTEM)
    assert refusal.value.code == "nothing_to_credit"
    assert complete_return(rma.pk, actor=SYSTEM).status == "complete"


def test_a_unit_is_replaced_once(sale):
    line = decided(sale, "2").lines.get()
    replace(line, "2")
    before = picture()

    with pytest.raises(RuleViolation) as refusal:
        replace(line)

    assert refusal.value.code == "exceeds_accepted"
    assert (refusal.value.pointer, refusal.value.facts["open"]) == ("/lines/0/quantity", "0")
    assert picture() == before


def test_entries_of_one_line_count_together(sale):
    rma = decided(sale)
    entry = ReplaceInput(rma.lines.get())

    with pytest.raises(RuleViolation) as refusal:
        replace_return(rma.pk, [entry, entry], actor=SYSTEM)

    assert refusal.value.code == "exceeds_accepted"
    assert refusal.value.pointer == "/lines/1/quantity"


def test_a_credited_unit_is_not_replaced_too(sale):
    rma = decided(sale, "2")
    line = rma.lines.get()
    credit_return(rma.pk, [CreditInput(line, D("1"))], actor=SYSTEM)

    with pytest.raises(RuleViolation) as refusal:
        replace(line, "2")

    assert refusal.value.facts == {"open": "1", "in_advance": "1"}
    assert replace(line).lines.get().quantity == 1


def test_a_waived_unit_is_replaced_without_its_goods(sale):
    rma = request(sale, LineInput(D("1"), order_line=sale.lines.get()))
    line = rma.lines.get()
    waive_return(rma.pk, [QuantityInput(line, D("1"))], actor=SYSTEM)

    replace(line)

    assert counters(line) == {"quantity": 1, "waived": 1, "replaced": 1}


def test_another_part_may_replace_it(sale):
    line = decided(sale).lines.get()

    made = replace(line, part=PartFactory(sku="TENT-4"))

    assert made.lines.get().part.sku == "TENT-4"


def test_a_dearer_replacement_is_invoiced_at_the_difference_when_it_ships(sale):
    line = decided(sale).lines.get()
    made = replace(line, part=PartFactory(sku="TENT-4"), price_difference=D("20.00"))
    ship_all(made)

    invoice = invoice_order(made.pk, actor=SYSTEM)

    assert (invoice.gross, invoice.tax) == (D("20.00"), D("3.47"))
    assert ExtraLine.objects.count() == 0


def test_a_cheaper_replacement_owes_the_difference(sale):
    rma = decided(sale)

    made = replace(rma.lines.get(), price_difference=D("-5.00"))

    assert made.lines.get().gross_unit_price == 0
    owed = ExtraLine.objects.get()
    assert (owed.kind, owed.gross_unit_price, owed.vat_percent) == ("price_difference", 5, 21)
    (note,) = credit_return(rma.pk, actor=SYSTEM)
    assert (note.gross, note.tax) == (D("5.00"), D("0.87"))


def test_a_cheaper_replacement_of_a_complete_return_needs_it_reopened(sale):
    rma = decided(sale)
    line = rma.lines.get()
    edit_line(line, {"outcome": "replacement"}, actor=SYSTEM)
    complete_return(rma.pk, actor=SYSTEM)

    with pytest.raises(Conflict) as refusal:
        replace(line, price_difference=D("-5.00"))

    assert refusal.value.code == "illegal_transition"
    assert replace(line).lines.get().quantity == 1


def test_units_on_their_way_are_replaced_in_advance_only(sale):
    rma = ask_return(sale, "2", issued=True)
    line = rma.lines.get()
    before = picture()

    with pytest.raises(RuleViolation) as refusal:
        replace(line)

    assert refusal.value.code == "exceeds_accepted"
    assert refusal.value.facts == {"open": "0", "in_advance": "2"}
    assert picture() == before
    assert replace(line, "2", in_advance=True).lines.get().quantity == 2


def test_units_replaced_in_advance_still_wait_for_their_goods(sale):
    rma = ask_return(sale, "1", issued=True)
    line = rma.lines.get()
    replace(line, in_advance=True)

    with pytest.raises(Conflict) as refusal:
        complete_return(rma.pk, actor=SYSTEM)
    receive(line)

    assert refusal.value.code == "still_expected"
    with pytest.raises(Conflict) as undecided:
        complete_return(rma.pk, actor=SYSTEM)
    assert undecided.value.code == "undecided"


def test_a_unit_replaced_in_advance_cannot_be_released(sale):
    rma = ask_return(sale, "1", issued=True)
    replace(rma.lines.get(), in_advance=True)

    with pytest.raises(RuleViolation) as refusal:
        release_return(rma.pk, actor=SYSTEM)

    assert refusal.value.code == "outcome_given"


def test_the_rules_may_ask_for_the_goods_first(sale, monkeypatch):
    rma = ask_return(sale, "1", issued=True)
    slow = but(terms.return_terms(rma), advance_replacement=False)
    monkeypatch.setattr(replacing, "return_terms", lambda order: slow)
    before = picture()

    with pytest.raises(RuleViolation) as refusal:
        replace(rma.lines.get(), in_advance=True)

    assert (refusal.value.code, refusal.value.pointer) == ("not_in_advance", "/in_advance")
    assert picture() == before


def test_half_a_bicycle_is_no_replacement(business, bo):
    bikes = sell(business, bo, goods("BIKE", "2", "900.00", serials=("B-1", "B-2")))
    rma = request(bikes, LineInput(D("2"), order_line=bikes.lines.get()))

    with pytest.raises(RuleViolation) as refusal:
        replace(rma.lines.get(), "0.5", in_advance=True)

    assert (refusal.value.code, refusal.value.pointer) == ("invalid_quantity", "/lines/0/quantity")


@pytest.mark.parametrize("quantity", ["0", "-1"])
def test_nothing_is_not_replaced(sale, quantity):
    line = decided(sale).lines.get()

    with pytest.raises(RuleViolation) as refusal:
        replace(line, quantity)

    assert refusal.value.code == "invalid_quantity"


def test_a_line_of_another_return_is_not_replaced(sale):
    one, two = decided(sale), decided(sale)

    with pytest.raises(NotFound):
        replace_return(one.pk, [ReplaceInput(two.lines.get())], actor=SYSTEM)


def test_what_nobody_knows_is_replaced_by_a_named_part_only(sale):
    from returns.services import ReceiveInput, SurpriseInput, receive_return

    rma = ask_return(sale, "1", issued=True)
    surprise = SurpriseInput(description="A blue thing")
    receive_return(rma.pk, ReceiveInput(unexpected=[surprise]), actor=SYSTEM)
    line = rma.lines.get(unexpected=True)

    with pytest.raises(RuleViolation) as refusal:
        replace(line, in_advance=True)

    assert refusal.value.code == "part_missing"


def test_sales_in_two_currencies_are_not_replaced_by_one_order(business, bo):
    euros = sell(business, bo, goods("TENT", "1", "50.00"))
    pounds = sell(business, bo, goods("TENT", "1", "40.00"), currency="GBP")
    rma = request(
        euros,
        LineInput(D("1"), order_line=euros.lines.get()),
        LineInput(D("1"), order_line=pounds.lines.get()),
    )
    wanted = [ReplaceInput(line) for line in by_number(rma)]

    with pytest.raises(RuleViolation) as refusal:
        replace_return(rma.pk, wanted, in_advance=True, actor=SYSTEM)

    assert refusal.value.code == "currencies_differ"
    assert refusal.value.facts == {"currencies": ["EUR", "GBP"]}


def test_a_held_return_replaces_nothing(sale):
    rma = decided(sale)
    hold_return(rma.pk, actor=SYSTEM, reason="Wait.")

    with pytest.raises(Conflict) as refusal:
        replace(rma.lines.get())

    assert refusal.value.code == "on_hold"


def test_a_replacing_unit_belongs_to_the_customer_by_its_own_sale(business, bo):
    bikes = sell(business, bo, goods("BIKE", "1", "900.00", serials=("B-1",)))
    rma = request(bikes, LineInput(stock_item=StockItem.objects.get()))
    made = replace(rma.lines.get(), in_advance=True)

    ship_all(made, "B-2")

    new = StockItem.objects.get(serial="B-2")
    assert (new.state, new.holder) == ("sold", bo)
    assert UnitSale.objects.get(stock_item=new).order_line == made.lines.get()


def test_a_new_outcome_holds_for_units_without_one(sale):
    rma = decided(sale, "2")
    line = rma.lines.get()
    edit_line(line, {"outcome": "replacement"}, actor=SYSTEM)
    assert not fresh(rma).credit_owed
    replace(line)

    edit_line(line, {"outcome": "refund"}, actor=SYSTEM)

    assert fresh(rma).credit_owed
    assert credit_return(rma.pk, actor=SYSTEM)[0].gross == D("50.00")


def test_the_outcome_stays_once_every_unit_has_had_it(sale):
    rma = decided(sale)
    line = rma.lines.get()
    credit_return(rma.pk, actor=SYSTEM)

    with pytest.raises(Conflict) as refusal:
        edit_line(line, {"outcome": "replacement"}, actor=SYSTEM)

    assert (refusal.value.code, refusal.value.facts) == ("outcome_given", {"given": "1"})


def test_an_unknown_outcome_is_refused(sale):
    line = decided(sale).lines.get()

    with pytest.raises(RuleViolation) as refusal:
        edit_line(line, {"outcome": "applause"}, actor=SYSTEM)

    assert refusal.value.code == "invalid_outcome"


def test_the_deadline_of_a_return_has_no_say_in_replacing_accepted_goods(sale):
    rma = decided(sale)
    ReturnOrder.objects.filter(pk=rma.pk).update(deadline=date(2026, 1, 1))

    assert replace(rma.lines.get()).lines.get().quantity == 1
