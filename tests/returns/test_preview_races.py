"""Two who were shown the same future: only one of them can have it."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from threading import Barrier, Lock
from typing import Any

import pytest
from django.db import transaction

from returns.models import Disposition, ReturnOrder
from returns.services import (
    ArrivalInput,
    DisposeInput,
    ReceiveInput,
    credit_return,
    dispose_return,
    receive_return,
)
from returns.services.previewing import as_foreseen, preview_return
from rmaproject.access.actors import SYSTEM
from sales.models import CreditNote
from tests.factories import ask_return, goods, sell
from tests.racing import WAIT, race

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shown(business, bo) -> list[tuple[ReturnOrder, str]]:
    """Two returns, each shown to settle the same 20.00 that the customer owes elsewhere."""
    tents = sell(business, bo, goods("TENT", "2", "50.00"))
    found = []
    for _ in range(2):
        rma = ask_return(tents, "1", issued=True)
        line = rma.lines.get()
        receive_return(rma.pk, ReceiveInput(lines=[ArrivalInput(line)]), actor=SYSTEM)
        restock = Disposition.objects.get(code="restock")
        dispose_return(rma.pk, [DisposeInput(line, restock)], actor=SYSTEM)
        found.append(rma)
    sell(business, bo, goods("ROPE", "1", "20.00"), paid=False)
    return [(rma, str(preview_return(rma.pk, "credit", actor=SYSTEM).token)) for rma in found]


def settled() -> list[Decimal]:
    return sorted(CreditNote.objects.values_list("applied", flat=True))


def test_of_two_who_were_shown_the_same_one_is_told_that_it_is_stale(shown):
    def book(rma: ReturnOrder, token: str) -> Any:
        act = partial(credit_return, rma.pk, actor=SYSTEM)
        return as_foreseen(token, rma.pk, "credit", act, actor=SYSTEM)

    booked, refused = race([partial(book, rma, token) for rma, token in shown])

    assert len(booked) == 1
    assert [refusal.code for refusal in refused] == ["stale_preview"]
    assert settled() == [20]


def test_without_the_comparison_under_the_lock_both_would_act(shown):
    # One after the other: who waits for a lock of a look ahead gets it when its transaction ends.
    turn, looked = Lock(), Barrier(2)

    def book_carelessly(rma: ReturnOrder, token: str) -> Any:
        with transaction.atomic():
            with turn:
                assert preview_return(rma.pk, "credit", actor=SYSTEM).token == token
            looked.wait(WAIT)
            return credit_return(rma.pk, actor=SYSTEM)

    booked, refused = race([partial(book_carelessly, rma, token) for rma, token in shown])

    assert (len(booked), refused) == (2, [])
    assert settled() == [0, 20]
