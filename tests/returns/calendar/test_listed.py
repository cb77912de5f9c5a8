"""What the calendars list: what is open and dated, and for a while what was called off."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from returns.models import ReturnOrder
from returns.services import (
    cancel_return,
    complete_return,
    delete_return,
    hold_return,
    issue_return,
)
from rmaproject.access.actors import SYSTEM
from sales.models import SalesOrder
from sales.services.orders import cancel_order, complete_order, hold_order, issue_order
from tests.returns.calendar.steps import RETURNS, SALES, an_order, an_rma, events


def test_an_order_without_a_target_date_is_not_listed(client, business, bo):
    an_rma(business, bo, due=None)
    an_order(business, bo, due=None)

    assert events(client) == {}
    assert events(client, SALES) == {}


def test_days_long_past_and_far_ahead_are_listed_while_the_order_is_open(client, business, bo):
    an_rma(business, bo, due=date(2001, 1, 1), reference="OLD")
    an_rma(business, bo, due=date(2099, 1, 1), reference="FAR")

    assert set(events(client)) == {"OLD", "FAR"}


def test_held_orders_stay_listed(client, business, bo):
    rma = an_rma(business, bo, reference="RMA-H")
    hold_return(rma.pk, actor=SYSTEM, reason="waiting")
    order = an_order(business, bo, reference="SO-H")
    hold_order(order.pk, actor=SYSTEM)

    assert events(client)["RMA-H"]["STATUS"] == "CONFIRMED"
    assert events(client, SALES)["SO-H"]["STATUS"] == "CONFIRMED"


def complete_ones(business, bo):
    rma = an_rma(business, bo, reference="DONE")
    issue_return(rma.pk, actor=SYSTEM)
    complete_return(rma.pk, actor=SYSTEM)
    order = an_order(business, bo, reference="DONE")
    issue_order(order.pk, actor=SYSTEM)
    complete_order(order.pk, actor=SYSTEM, accept_incomplete=True)


@pytest.mark.parametrize("word", ["True", "true", "1"])
def test_complete_orders_are_listed_when_they_are_asked_for(client, business, bo, word):
    complete_ones(business, bo)

    assert events(client, include_completed=word)["DONE"]["STATUS"] == "CONFIRMED"
    assert events(client, SALES, include_completed=word)["DONE"]["STATUS"] == "CONFIRMED"


@pytest.mark.parametrize("word", [None, "False", "false", "0", ""])
def test_complete_orders_are_left_out_otherwise(client, business, bo, word):
    complete_ones(business, bo)
    given = {} if word is None else {"include_completed": word}

    assert events(client, **given) == {}
    assert events(client, SALES, **given) == {}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("include_completed=yes", "invalid"),
        ("include_completed=TRUE", "invalid"),
        ("include_completed=1&include_completed=0", "invalid"),
        ("include_complete=1", "unknown_parameter"),
    ],
)
def test_other_words_and_parameters_are_refused(client, business, query, code):
    answer = client.get(f"{RETURNS}?{query}")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == code


def test_what_was_called_off_is_struck_out_for_thirty_days(client, business, bo):
    rma = an_rma(business, bo, reference="RMA-X")
    cancel_return(rma.pk, actor=SYSTEM)
    order = an_order(business, bo, reference="SO-X")
    cancel_order(order.pk, actor=SYSTEM)

    assert events(client)["RMA-X"]["STATUS"] == "CANCELLED"
    assert events(client, SALES)["SO-X"]["STATUS"] == "CANCELLED"

    past = timezone.now() - timedelta(days=30, minutes=1)
    ReturnOrder.objects.filter(pk=rma.pk).update(closed_at=past)
    SalesOrder.objects.filter(pk=order.pk).update(cancelled_at=past)

    assert events(client, include_completed="1") == {}
    assert events(client, SALES, include_completed="1") == {}


def test_a_deleted_return_is_gone_at_once(client, business, bo):
    rma = an_rma(business, bo)
    delete_return(rma.pk, actor=SYSTEM)

    assert events(client, include_completed="1") == {}
