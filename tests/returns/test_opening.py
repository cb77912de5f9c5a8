"""Returns asked for and issued in one go, and whole sales recorded as come back: each once."""

from __future__ import annotations

from functools import partial

import pytest

from returns.models import ReturnOrder
from returns.services import LineInput, RecordInput, open_return, record_rest, repeats
from rmaproject.access.actors import SYSTEM
from sales.models import CreditNote
from tests.factories import discount, goods, sell
from tests.racing import race
from tests.returns.steps import D, refused


@pytest.fixture
def order(business, bo):
    return sell(business, bo, goods("TENT", "4", "10.00"), discount("-3.00"))


def opened(order, quantity="1", **values):
    line = order.lines.get(kind="goods")
    told = {"reference": "R-1", "digest": "a", **values}
    return open_return(
        business=order.business,
        customer=order.customer,
        lines=[LineInput(D(quantity), order_line=line)],
        actor=SYSTEM,
        **told,
    )


def rest(order, digest="a", reference="R-1"):
    values = {"business": order.business, "customer": order.customer, "reference": reference}
    return record_rest(
        RecordInput(values=values, lines=[], digest=digest, invoiced=True), order, actor=SYSTEM
    )


def test_a_return_is_asked_for_and_issued_in_one_go(order):
    rma, new = opened(order)

    assert (new, rma.status, rma.reference, rma.version) == (True, "in_progress", "R-1", 2)


def test_the_same_content_again_is_the_first_return_and_other_content_a_conflict(order):
    first, _ = opened(order)

    assert opened(order) == (first, False)
    assert refused(lambda: opened(order, "2", digest="b")).code == "reference_exists"
    assert order.lines.get(kind="goods").claimed == 1


def test_without_a_reference_each_is_its_own(order):
    made = [opened(order, reference="")[0] for _ in range(2)]

    assert made[0].reference != made[1].reference


def test_more_than_was_sold_is_refused_whole_and_with_the_figures(order):
    refusal = refused(lambda: opened(order, "5"))

    assert refusal.facts["lines"][0]["returnable"] == "4"
    assert ReturnOrder.objects.count() == 0


def test_a_whole_sale_comes_back_once(order):
    opened(order, "1")
    rma, new = rest(order, reference="R-2")

    assert (new, rma.status, rma.lines.get().credited) == (True, "complete", 3)
    assert CreditNote.objects.get().gross == D("27.75")  # three of four, with their discount
    assert rest(order, reference="R-2") == (rma, False)
    assert refused(lambda: rest(order, reference="R-3")).code == "nothing_left"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", [partial(opened, quantity="4"), rest])
def test_the_same_return_told_twice_at_the_same_moment_is_one(order, act):
    made, refusals = race([partial(act, order)] * 4)

    assert refusals == []
    assert sorted(new for _, new in made) == [False, False, False, True]
    assert {rma.pk for rma, _ in made} == {ReturnOrder.objects.get().pk}


@pytest.mark.django_db(transaction=True)
def test_without_looking_again_after_the_refusal_the_second_would_be_a_conflict(order, monkeypatch):
    """The negative control: what the race above is decided by."""
    monkeypatch.setattr(repeats, "_SAME_REFERENCE", "another constraint")

    made, refusals = race([partial(opened, order)] * 4)

    assert len(made) < 4
    assert {refusal.code for refusal in refusals} == {"reference_exists"}
    assert ReturnOrder.objects.count() == 1
