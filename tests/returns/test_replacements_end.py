"""A replacement that ends before it left frees its goods; one that left holds its return."""

from __future__ import annotations

import pytest

from returns.models import ExtraLine, OutboundEnd, ReturnOrder
from returns.services import cancel_return, credit_return, delete_return, reject_return, remove_line
from rmaproject.access.actors import SYSTEM
from rmaproject.shared.errors import Conflict, RuleViolation
from sales.models import OrderLine, SalesOrder
from sales.services.orders import cancel_order, complete_order, create_order
from sales.services.orders import edit_line as edit_order_line
from sales.services.orders import remove_line as remove_order_line
from tests.changes import picture
from tests.factories import ask_return, goods, sell
from tests.returns.outcomes import counters, replace, ship_all
from tests.returns.steps import D, decided


@pytest.fixture
def sale(business, bo):
    return sell(business, bo, goods("TENT", "3", "50.00"))


def fresh(rma):
    return ReturnOrder.objects.get(pk=rma.pk)


def test_a_cancelled_replacement_frees_its_units(sale):
    rma = decided(sale)
    line = rma.lines.get()
    made = replace(line, price_difference=D("-5.00"))

    cancel_order(made.pk, actor=SYSTEM)

    assert "replaced" not in counters(line)
    assert OutboundEnd.objects.get().quantity == 1
    assert ExtraLine.objects.get().void
    assert fresh(rma).credit_owed
    assert credit_return(rma.pk, actor=SYSTEM)[0].gross == D("50.00")


def test_a_replacement_order_that_ends_short_frees_what_never_left(sale):
    line = decided(sale, "2").lines.get()
    made = replace(line, "2")

    complete_order(made.pk, actor=SYSTEM, accept_incomplete=True)

    assert "replaced" not in counters(line)
    assert replace(line, "2").pk != made.pk


def test_a_replacement_that_left_counts_when_its_order_is_complete(sale):
    line = decided(sale, "2").lines.get()
    made = replace(line, "2")
    ship_all(made)

    complete_order(made.pk, actor=SYSTEM)

    assert counters(line)["replaced"] == 2


def test_how_much_replaces_goods_is_not_changed_on_the_order(sale):
    made = replace(decided(sale, "2").lines.get(), "2")
    line = made.lines.get()

    for change in (
        lambda: edit_order_line(made.pk, line.pk, {"quantity": D("1")}, actor=SYSTEM),
        lambda: remove_order_line(made.pk, line.pk, actor=SYSTEM),
    ):
        with pytest.raises(Conflict) as refusal:
            change()
        assert refusal.value.code == "line_replaces"


def test_an_ordinary_order_ends_without_a_word_to_returns(business, bo):
    order = create_order(business=business, customer=bo, actor=SYSTEM)

    assert cancel_order(order.pk, actor=SYSTEM).status == "cancelled"


@pytest.mark.parametrize("end", [cancel_return, delete_return])
def test_a_return_that_ends_takes_its_unshipped_replacement_along(sale, end):
    rma = ask_return(sale, "2", issued=True)
    made = replace(rma.lines.get(), "2", in_advance=True)

    end(rma.pk, actor=SYSTEM)

    assert SalesOrder.objects.get(pk=made.pk).status == "cancelled"
    assert counters(rma.lines.get()) == {"quantity": 2}
    assert OrderLine.objects.get(order=sale).claimed == 0


@pytest.mark.parametrize("end", [cancel_return, delete_return])
def test_a_return_whose_replacement_left_does_not_end(sale, end):
    rma = ask_return(sale, "1", issued=True)
    made = replace(rma.lines.get(), in_advance=True)
    ship_all(made)
    before = picture()

    with pytest.raises(Conflict) as refusal:
        end(rma.pk, actor=SYSTEM)

    assert refusal.value.code == "replacement_shipped"
    assert refusal.value.facts == {"sales_orders": [str(made.uuid)]}
    assert picture() == before


def test_a_return_is_not_rejected_once_a_replacement_has_left(sale):
    rma = ask_return(sale, "1", issued=True)
    ship_all(replace(rma.lines.get(), in_advance=True))
    ReturnOrder.objects.filter(pk=rma.pk).update(status="awaiting_approval")

    with pytest.raises(Conflict) as refusal:
        reject_return(rma.pk, actor=SYSTEM, reason="Too late.")

    assert refusal.value.code == "replacement_shipped"


def test_a_line_with_a_replacement_is_not_taken_out(sale):
    rma = ask_return(sale, "1", issued=True)
    replace(rma.lines.get(), in_advance=True)

    with pytest.raises(RuleViolation) as refusal:
        remove_line(rma.lines.get(), actor=SYSTEM)

    assert refusal.value.code == "line_has_history"
