"""Replaced, sent back and charged once, however many try at the same moment; with controls."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from returns.models import Outbound, ReturnLine, ReturnOrder
from returns.services import _advance, cancel_return, charge_return, credit_return, replacing
from rmaproject.access.actors import SYSTEM
from rmaproject.management.commands.verify import all_checks
from sales.models import Invoice, OrderLine, SalesOrder
from sales.services.orders import cancel_order
from stock.models import StockItem
from tests.factories import ask_return, goods, sell
from tests.racing import WAIT, race
from tests.returns.outcomes import replace, send_back, ship_all
from tests.returns.steps import decided, receive

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 6


@pytest.fixture
def sale(business, bo):
    return sell(business, bo, goods("TENT", "1", "50.00"))


def sound() -> None:
    assert [str(broken) for check in all_checks() for broken in check.broken()] == []


def test_of_many_who_replace_one_unit_one_succeeds(sale):
    line = decided(sale).lines.get()

    made, refused = race([partial(replace, line)] * MANY)

    assert len(made) == 1
    assert {refusal.code for refusal in refused} == {"exceeds_accepted"}
    line.refresh_from_db()
    assert line.replaced == 1
    assert SalesOrder.objects.filter(return_order__isnull=False).count() == 1
    sound()


def together(monkeypatch: Any) -> None:
    """No lock, no version guard; every caller has read the line before any writes."""
    all_have_read = Barrier(MANY)
    linked = replacing._linked_order

    def wait_then_link(*args: Any) -> Any:
        all_have_read.wait(WAIT)
        return linked(*args)

    monkeypatch.setattr(_advance, "lock_return", unlocked)
    monkeypatch.setattr(replacing, "_linked_order", wait_then_link)
    monkeypatch.setattr(replacing, "touched", lambda order, *args, **kwargs: order)


def unlocked(return_id: int) -> ReturnOrder:
    return ReturnOrder.objects.select_related("business", "customer").get(pk=return_id)


def test_without_the_lock_the_database_still_replaces_it_once(sale, monkeypatch):
    line = decided(sale).lines.get()
    together(monkeypatch)

    made, refused = race([partial(replace, line)] * MANY)

    assert len(made) == 1
    assert {refusal.code for refusal in refused} == {"outcome_given"}
    assert Outbound.objects.count() == 1


def test_without_lock_and_checks_one_unit_is_replaced_many_times(sale, monkeypatch):
    line = decided(sale).lines.get()
    together(monkeypatch)

    with without(line, "returnline_each_unit_has_one_outcome", "returnline_replaced_goods_stay"):
        made, refused = race([partial(replace, line)] * MANY)
        line.refresh_from_db()
        replaced = line.replaced

    assert (len(made), refused) == (MANY, [])
    assert replaced == MANY


@contextmanager
def without(line: ReturnLine, *names: str) -> Iterator[None]:
    constraints = [row for row in ReturnLine._meta.constraints if row.name in names]
    with connection.schema_editor() as editor:
        for constraint in constraints:
            editor.remove_constraint(ReturnLine, constraint)
    try:
        yield
    finally:
        ReturnLine.objects.filter(pk=line.pk).update(replaced=0)
        with connection.schema_editor() as editor:
            for constraint in constraints:
                editor.add_constraint(ReturnLine, constraint)


def test_a_unit_is_credited_or_replaced_not_both(sale):
    rma = decided(sale)
    line = rma.lines.get()

    done, refused = race([partial(replace, line), lambda: credit_return(rma.pk, actor=SYSTEM)])

    assert len(done) == 1
    assert {refusal.code for refusal in refused} <= {"exceeds_accepted", "nothing_to_credit"}
    line.refresh_from_db()
    assert line.credited + line.replaced == 1
    sound()


def test_of_many_who_send_one_unit_back_one_succeeds(business, bo):
    bikes = sell(business, bo, goods("BIKE", "1", "900.00", serials=("B-1",)))
    line = ask_return(bikes, issued=True).lines.get()
    receive(line)

    done, refused = race([partial(send_back, line)] * MANY)

    assert len(done) == 1
    assert {refusal.code for refusal in refused} == {"exceeds_sendable"}
    assert StockItem.objects.get().holder == bo
    assert OrderLine.objects.get().claimed == 0
    sound()


def test_of_many_who_charge_one_replacement_one_succeeds(sale):
    rma = ask_return(sale, issued=True)
    ship_all(replace(rma.lines.get(), in_advance=True))
    job = partial(charge_return, rma.pk, actor=SYSTEM, reason="Late.")

    done, refused = race([job] * MANY)

    assert len(done) == 1
    assert {refusal.code for refusal in refused} == {"nothing_to_charge"}
    assert Invoice.objects.filter(order__return_order=rma.uuid).count() == 1
    sound()


def test_a_return_and_its_replacement_are_cancelled_at_once(sale):
    rma = ask_return(sale, issued=True)
    made = replace(rma.lines.get(), in_advance=True)

    done, refused = race(
        [partial(cancel_return, rma.pk, actor=SYSTEM), partial(cancel_order, made.pk, actor=SYSTEM)]
    )

    assert {refusal.code for refusal in refused} <= {"illegal_transition"}
    assert ReturnOrder.objects.get().status == "cancelled"
    assert SalesOrder.objects.get(pk=made.pk).status == "cancelled"
    assert len(done) + len(refused) == 2
    sound()
