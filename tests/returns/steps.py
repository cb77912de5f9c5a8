"""The steps of a return, in the few words that tests need."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from returns.models import Disposition, Receipt, ReturnLine, ReturnOrder
from returns.services import (
    ArrivalInput,
    DisposeInput,
    LineInput,
    ReceiveInput,
    dispose_return,
    issue_return,
    receive_return,
    request_return,
)
from rmaproject.access.actors import SYSTEM
from sales.models import SalesOrder
from tests.factories import ask_return


def D(text: str) -> Decimal:  # noqa: N802 as the type it stands for
    return Decimal(text)


def request(
    order: SalesOrder, *lines: LineInput, issued: bool = True, **values: Any
) -> ReturnOrder:
    """A return by the customer of a sale, with these lines."""
    made = request_return(
        business=order.business, customer=order.customer, lines=list(lines), actor=SYSTEM, **values
    )
    return issue_return(made.pk, actor=SYSTEM) if issued else made


def receive(line: ReturnLine, quantity: str = "1", **values: Any) -> Receipt:
    """So much of a line arrives."""
    arrival = ArrivalInput(line, D(quantity), **values)
    return receive_return(line.return_order_id, ReceiveInput(lines=[arrival]), actor=SYSTEM)


def dispose(line: ReturnLine, code: str = "restock", quantity: str | None = None) -> ReturnOrder:
    """What arrived of a line is decided."""
    disposition = Disposition.objects.get(code=code)
    entry = DisposeInput(line, disposition, D(quantity) if quantity else None)
    return dispose_return(line.return_order_id, [entry], actor=SYSTEM)


def decided(order: SalesOrder, quantity: str = "1") -> ReturnOrder:
    """A return of so many of every goods line, all received and restocked."""
    rma = ask_return(order, quantity, issued=True)
    for line in rma.lines.all():
        receive(line, quantity)
        dispose(line)
    return ReturnOrder.objects.get(pk=rma.pk)


def by_number(rma: ReturnOrder) -> list[ReturnLine]:
    return list(rma.lines.order_by("number"))
