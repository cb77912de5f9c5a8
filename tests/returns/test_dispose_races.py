"""Two who decide about the same goods at once move them once, and what it is that holds it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from returns.models import Disposal, ReturnLine
from returns.services import LineInput, _advance, disposing, waiting
from stock.models import StockItem
from tests.factories import goods, sell
from tests.racing import WAIT, race
from tests.returns.steps import D, dispose, receive, request
from tests.returns.test_races import unlocked

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 4


@pytest.fixture
def line(business, bo) -> ReturnLine:
    """One tent is here; the tents of another return lie held in the same place."""
    for quantity in ("1", str(MANY)):
        order = sell(business, bo, goods("TENT", quantity, "50.00"))
        rma = request(order, LineInput(D(quantity), order_line=order.lines.get()))
        receive(rma.lines.get(), quantity)
    return ReturnLine.objects.get(quantity=1)


def test_of_many_who_decide_about_one_tent_one_succeeds(line):
    done, refused = race([partial(dispose, line, "scrap")] * MANY)

    assert len(done) == 1
    assert [refusal.code for refusal in refused] == ["nothing_undecided"] * (MANY - 1)
    assert Disposal.objects.count() == 1
    assert StockItem.objects.get().quantity == MANY


def test_without_lock_and_checks_one_tent_is_scrapped_many_times(line, monkeypatch):
    all_have_read, undisposed = Barrier(MANY), waiting.undisposed

    def read_together(rows: Any) -> Any:
        found = undisposed(rows)
        all_have_read.wait(WAIT)
        return found

    monkeypatch.setattr(_advance, "lock_return", unlocked)
    monkeypatch.setattr(disposing, "touched", lambda order, *args, **kwargs: order)
    monkeypatch.setattr(waiting, "undisposed", read_together)

    names = ("returnline_decided_within_received", "returnline_disposed_within_decided")
    with without_constraints(*names):
        done, refused = race([partial(dispose, line, "scrap")] * MANY)

    assert (len(done), refused) == (MANY, [])
    assert Disposal.objects.count() == MANY
    assert StockItem.objects.get().quantity == 1


@contextmanager
def without_constraints(*names: str) -> Iterator[None]:
    found = [row for row in ReturnLine._meta.constraints if row.name in names]
    assert len(found) == len(names)
    with connection.schema_editor() as editor:
        for constraint in found:
            editor.remove_constraint(ReturnLine, constraint)
    try:
        yield
    finally:
        ReturnLine.objects.update(accepted=0, disposed=0)
        with connection.schema_editor() as editor:
            for constraint in found:
                editor.add_constraint(ReturnLine, constraint)
