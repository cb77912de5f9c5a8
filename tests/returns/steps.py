"""The steps of a return, in the few words that tests need."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import F

from customers.models import Company
from returns.models import (
    Disposition,
    Inspection,
    Receipt,
    ReceiptLine,
    ReturnLine,
    ReturnOrder,
    Verdict,
)
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
from rmaproject.shared import clock
from rmaproject.shared.errors import DomainError
from sales.models import Business, SalesOrder
from tests.changes import picture
from tests.factories import ask_return, goods, sell


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


def judge(line: ReturnLine, quantity: str = "1", share: str = "100") -> Inspection:
    """So much of what arrived is accepted at a part of its price, and stays where it is."""
    row = ReceiptLine.objects.filter(line=line).latest("pk")
    made = Inspection.objects.create(
        return_order_id=line.return_order_id,
        receipt_line=row,
        line=line,
        verdict=Verdict.ACCEPTED,
        share=D(share),
        quantity=D(quantity),
        at=clock.now(),
    )
    ReturnLine.objects.filter(pk=line.pk).update(accepted=F("accepted") + D(quantity))
    return made


def judged(order: SalesOrder, *shares: str) -> ReturnOrder:
    """A return of one unit of the first goods line for each share, accepted at it."""
    sold = order.lines.filter(kind="goods").order_by("number")[0]
    rma = request(order, LineInput(D(str(len(shares))), order_line=sold))
    for share in shares:
        receive(rma.lines.get())
        judge(rma.lines.get(), share=share)
    return ReturnOrder.objects.get(pk=rma.pk)


def decided(order: SalesOrder, quantity: str = "1") -> ReturnOrder:
    """A return of so many of every goods line, all received and restocked."""
    rma = ask_return(order, quantity, issued=True)
    for line in rma.lines.all():
        receive(line, quantity)
        dispose(line)
    return ReturnOrder.objects.get(pk=rma.pk)


def by_number(rma: ReturnOrder) -> list[ReturnLine]:
    return list(rma.lines.order_by("number"))


def refused(call: Callable[[], object]) -> DomainError:
    """The refusal of a call, which must have changed nothing."""
    before = picture()
    with pytest.raises(DomainError) as refusal:
        call()
    assert picture() == before
    return refusal.value


def bikes(business: Business, customer: Company, *serials: str) -> SalesOrder:
    """Bicycles with these serial numbers, sold to somebody."""
    return sell(business, customer, goods("BIKE", str(len(serials)), "900.00", serials=serials))
