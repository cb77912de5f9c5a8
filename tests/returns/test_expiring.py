"""Deadlines: set by the rules when a return is issued, and what the clock does when they pass."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command

from returns.models import ReturnLine, ReturnOrder
from returns.services import (
    ArrivalInput,
    LineInput,
    QuantityInput,
    ReceiveInput,
    edit_return,
    hold_return,
    issue_return,
    receive_return,
    request_return,
    turn_returns,
    waive_return,
)
from returns.services.expiring import expire_returns
from rmaproject.access.actors import SYSTEM
from rmaproject.audit.models import AuditEntry
from sales.models import OrderLine
from tests.changes import picture
from tests.factories import BusinessFactory, goods, sell
from tests.returns.ruling import ask, publish, rule, wait_until

SOLD = date(2026, 3, 2)
LAST = SOLD + timedelta(days=14)


@pytest.fixture
def rma(business, bo, monkeypatch):
    """Three tents to come within fourteen days."""
    order = sell(business, bo, goods("TENT", "3", "50.00"), on=SOLD)
    wait_until(monkeypatch, SOLD)
    publish(business, rule("deadline", {"days": 14}))
    return issue_return(ask(order, "3").pk, actor=SYSTEM)


def after(monkeypatch: Any) -> None:
    wait_until(monkeypatch, LAST + timedelta(days=1), 0, 1)


def arrive(rma: ReturnOrder, quantity: int) -> None:
    arrival = ArrivalInput(rma.lines.get(), Decimal(quantity))
    receive_return(rma.pk, ReceiveInput(lines=[arrival]), actor=SYSTEM)


def test_the_deadline_comes_from_the_rules_unless_somebody_set_one(business, rma):
    assert rma.deadline == LAST
    other = request_return(
        business=business, customer=rma.customer, actor=SYSTEM, deadline=date(2026, 5, 1)
    )

    assert issue_return(other.pk, actor=SYSTEM).deadline == date(2026, 5, 1)


def test_on_its_last_day_a_return_is_left_alone(rma, monkeypatch):
    wait_until(monkeypatch, LAST, 23, 59)
    before = picture()

    assert expire_returns() == {"cancelled": 0, "released": 0, "left": 0}
    assert picture() == before


def test_of_which_nothing_came_is_cancelled_and_frees_what_it_claimed(rma, monkeypatch):
    after(monkeypatch)

    done = expire_returns()

    assert done == {"cancelled": 1, "released": 0, "left": 0}
    rma.refresh_from_db()
    assert (rma.status, rma.status_reason) == ("cancelled", "expired")
    assert OrderLine.objects.get().claimed == 0
    entry = AuditEntry.objects.filter(aggregate_id=rma.uuid).latest("n")
    assert (entry.verb, entry.actor, entry.door) == ("cancel", None, "clock")


def test_of_which_part_came_the_rest_is_released(rma, monkeypatch):
    arrive(rma, 1)
    after(monkeypatch)

    done = expire_returns()

    assert done == {"cancelled": 0, "released": 1, "left": 0}
    line = ReturnLine.objects.get()
    assert (line.received, line.released, OrderLine.objects.get().claimed) == (1, 2, 1)
    rma.refresh_from_db()
    assert (rma.status, rma.goods) == ("in_progress", "received")
    assert expire_returns() == {"cancelled": 0, "released": 0, "left": 0}


def test_what_was_waived_is_not_called_off(rma, monkeypatch):
    waiving = QuantityInput(rma.lines.get(), Decimal(1))
    from returns.services import edit_line

    edit_line(rma.lines.get(), {"quantity": Decimal(2)}, actor=SYSTEM)
    waive_return(rma.pk, [waiving], actor=SYSTEM)
    after(monkeypatch)

    expire_returns()

    line = ReturnLine.objects.get()
    assert (line.waived, line.released, line.void) == (1, 2, False)


def test_a_held_return_expires_too(rma, monkeypatch):
    hold_return(rma.pk, actor=SYSTEM, reason="Wait.")
    after(monkeypatch)

    assert expire_returns()["cancelled"] == 1


def test_a_second_run_finds_nothing_left_to_do(rma, monkeypatch):
    arrive(rma, 1)
    after(monkeypatch)
    expire_returns()
    before = picture()

    call_command("expire_returns")

    assert picture() == before


def test_a_return_whose_replacement_is_out_is_left_alone(rma, monkeypatch):
    ReturnLine.objects.update(replaced=1)
    after(monkeypatch)
    before = picture()

    assert expire_returns() == {"cancelled": 0, "released": 0, "left": 1}
    assert picture() == before


def test_without_a_deadline_nothing_expires(rma, monkeypatch):
    edit_return(rma.pk, {"deadline": None}, actor=SYSTEM)
    after(monkeypatch)

    assert expire_returns() == {"cancelled": 0, "released": 0, "left": 0}


def test_while_returns_are_off_nothing_expires(rma, monkeypatch):
    turn_returns(on=False, actor=SYSTEM)
    after(monkeypatch)
    before = picture()

    assert expire_returns() == {"cancelled": 0, "released": 0, "left": 0}
    assert picture() == before


def test_days_end_where_the_business_is(rma, bo, monkeypatch):
    east = BusinessFactory(time_zone="Pacific/Auckland")
    order = sell(east, bo, goods("TENT", "1"), on=SOLD)
    line = LineInput(Decimal(1), order_line=order.lines.get())
    made = request_return(business=east, customer=bo, lines=[line], actor=SYSTEM, deadline=LAST)
    wait_until(monkeypatch, LAST, 13)  # 01:00 of the next day in Auckland

    assert expire_returns() == {"cancelled": 1, "released": 0, "left": 0}
    made.refresh_from_db()
    rma.refresh_from_db()
    assert (made.status, rma.status) == ("cancelled", "in_progress")


@pytest.mark.django_db(transaction=True)
def test_a_return_that_somebody_works_on_is_left_for_the_next_run(rma, monkeypatch):
    from threading import Thread

    from django.db import connection, transaction

    after(monkeypatch)
    found: list[Any] = []

    def run() -> None:
        try:
            found.append(expire_returns())
        finally:
            connection.close()

    with transaction.atomic():
        ReturnOrder.objects.select_for_update().get(pk=rma.pk)
        clockwork = Thread(target=run)
        clockwork.start()
        clockwork.join(20)

    assert found == [{"cancelled": 0, "released": 0, "left": 1}]
    assert expire_returns()["cancelled"] == 1
