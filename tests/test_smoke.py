"""A plain return from the customer's wish to closed, through the services alone."""

from __future__ import annotations

from decimal import Decimal

from returns.models import Disposition
from returns.services import (
    ArrivalInput,
    DisposeInput,
    ReceiveInput,
    complete_return,
    credit_return,
    dispose_return,
    receive_return,
)
from tests.factories import ask_return, goods, sell


def test_a_plain_return_ends_complete_credited_and_restocked(business, bo, ada):
    order = sell(business, bo, goods("TENT", "2", "50.00"))
    rma = ask_return(order, "1", issued=True)
    line = rma.lines.get()

    receive_return(rma.pk, ReceiveInput(lines=[ArrivalInput(line)]), actor=ada)
    restock = Disposition.objects.get(code="restock")
    dispose_return(rma.pk, [DisposeInput(line, restock)], actor=ada)
    (note,) = credit_return(rma.pk, actor=ada)
    done = complete_return(rma.pk, actor=ada)

    assert note.gross == Decimal("50.00")
    assert (done.status, done.goods, done.money) == ("complete", "received", "due")
