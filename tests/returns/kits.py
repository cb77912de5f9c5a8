"""Kits that come back, in the few words that tests need."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Sum

from returns.models import Disposition, ReturnOrder
from returns.services import (
    ArrivalInput,
    LineInput,
    ReceiveInput,
    credit_return,
    dispose_return,
    issue_return,
    receive_return,
    request_return,
)
from returns.services.inputs import DisposeInput
from rmaproject.access.actors import SYSTEM
from rmaproject.management.commands.verify import all_checks
from sales.kits import returnable
from sales.models import CreditNote, OrderLine, SalesOrder
from stock.models import Part, StockItem
from stock.services import set_kit_parts
from stock.services.kits import KitPartInput
from tests.factories import PartFactory


def kit(sku: str, *parts: tuple[str, str]) -> Part:
    """A kit of so much of parts by SKU; parts that are not there are made."""
    made = PartFactory(sku=sku, kind="kit")
    wanted = [
        KitPartInput(Part.objects.filter(sku=name).first() or PartFactory(sku=name), Decimal(n))
        for name, n in parts
    ]
    return set_kit_parts(made.pk, wanted, actor=SYSTEM)


def sold(order: SalesOrder, sku: str) -> OrderLine:
    return OrderLine.objects.select_related("part").get(order=order, part__sku=sku)


def ask(order: SalesOrder, *wanted: tuple[str, str], issued: bool = True) -> ReturnOrder:
    """A return of so much of the lines of these SKUs."""
    lines = [LineInput(Decimal(number), order_line=sold(order, sku)) for sku, number in wanted]
    made = request_return(
        business=order.business, customer=order.customer, lines=lines, actor=SYSTEM
    )
    return issue_return(made.pk, actor=SYSTEM) if issued else made


def receive(rma: ReturnOrder, **values: Any) -> None:
    lines = [ArrivalInput(line, line.quantity) for line in rma.lines.order_by("number")]
    receive_return(rma.pk, ReceiveInput(lines=lines, **values), actor=SYSTEM)


def accept(rma: ReturnOrder) -> None:
    restock = Disposition.objects.get(code="restock")
    wanted = [DisposeInput(line, restock) for line in rma.lines.order_by("number")]
    dispose_return(rma.pk, wanted, actor=SYSTEM)


def bring_back(rma: ReturnOrder) -> Decimal:
    """Receive, accept and credit all of a return; what was credited."""
    receive(rma)
    accept(rma)
    credit_return(rma.pk, actor=SYSTEM)
    return CreditNote.objects.latest("pk").gross


def left(order: SalesOrder, sku: str) -> Decimal:
    return returnable(sold(order, sku), list(order.lines.all()))


def in_stock(sku: str, location: Any) -> Decimal:
    rows = StockItem.objects.filter(part__sku=sku, location=location, state="available")
    return rows.aggregate(sum=Sum("quantity", default=Decimal(0)))["sum"]


def broken() -> list[str]:
    return [str(row) for check in all_checks() for row in check.broken()]
