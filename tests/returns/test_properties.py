"""Whatever is done in whatever order: when all is back, all is credited and the books are sound."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from returns.counting import still_expected, undecided
from returns.models import ReturnLine, ReturnOrder
from returns.services import LineInput, QuantityInput, credit_return, release_return, waive_return
from rmaproject.access.actors import SYSTEM
from rmaproject.management.commands.verify import all_checks
from sales.models import Account, CreditNote, Invoice, LedgerLine, OrderLine, SalesOrder
from tests.factories import discount, goods, sell
from tests.returns.steps import dispose, receive, request

VERBS = ("ask", "receive", "dispose", "credit", "release", "waive")
STEPS = st.lists(
    st.tuples(st.sampled_from(VERBS), st.integers(0, 5), st.sampled_from(["1", "2", "2.5"])),
    max_size=14,
)


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS, currency=st.sampled_from(["JPY", "EUR", "KWD"]))
def test_all_that_was_sold_comes_back_to_the_cent(business, bo, steps, currency):
    with transaction.atomic():
        order = sell(
            business,
            bo,
            goods("TENT", "7", "33.333333"),
            goods("PEG", "5.5", "1.101010", vat_percent=Decimal(9)),
            discount("-7.000001"),
            paid=False,
            currency=currency,
        )

        for verb, pick, quantity in steps:
            DO[verb](order, pick, Decimal(quantity))
        _bring_everything_back(order)

        _books_are_sound(order)
        transaction.set_rollback(True)


def _ask(order: SalesOrder, pick: int, quantity: Decimal) -> None:
    lines = [line for line in _sold(order) if line.shipped > line.claimed]
    if lines:
        line = lines[pick % len(lines)]
        wanted = min(quantity, line.shipped - line.claimed)
        request(order, LineInput(wanted, order_line=line))


def _receive(order: SalesOrder, pick: int, quantity: Decimal) -> None:
    if line := _pick(pick, still_expected):
        receive(line, str(min(quantity, still_expected(line))))


def _dispose(order: SalesOrder, pick: int, quantity: Decimal) -> None:
    if line := _pick(pick, undecided):
        dispose(line, ("restock", "scrap")[pick % 2], str(min(quantity, undecided(line))))


def _credit(order: SalesOrder, pick: int, quantity: Decimal) -> None:
    owed = ReturnOrder.objects.filter(credit_owed=True).order_by("pk")
    if owed:
        credit_return(owed[pick % len(owed)].pk, actor=SYSTEM)


def _release(order: SalesOrder, pick: int, quantity: Decimal) -> None:
    if line := _pick(pick, still_expected):
        wanted = QuantityInput(line, min(quantity, still_expected(line)))
        release_return(line.return_order_id, [wanted], actor=SYSTEM)


def _waive(order: SalesOrder, pick: int, quantity: Decimal) -> None:
    line = _pick(pick, lambda line: line.order_line.shipped - line.order_line.claimed)
    if line:
        free = line.order_line.shipped - line.order_line.claimed
        wanted = QuantityInput(line, min(quantity, free))
        waive_return(line.return_order_id, [wanted], actor=SYSTEM)


DO = {
    "ask": _ask,
    "receive": _receive,
    "dispose": _dispose,
    "credit": _credit,
    "release": _release,
    "waive": _waive,
}


def _sold(order: SalesOrder) -> list[OrderLine]:
    return list(order.lines.filter(kind="goods").order_by("number"))


def _pick(pick: int, measure: Any) -> ReturnLine | None:
    lines = ReturnLine.objects.select_related("order_line").order_by("pk")
    fitting = [line for line in lines if measure(line) > 0]
    return fitting[pick % len(fitting)] if fitting else None


def _bring_everything_back(order: SalesOrder) -> None:
    for line in _sold(order):
        if line.shipped > line.claimed:
            request(order, LineInput(line.shipped - line.claimed, order_line=line))
    while line := _pick(0, still_expected):
        receive(line, str(still_expected(line)))
    while line := _pick(0, undecided):
        dispose(line)
    for rma in ReturnOrder.objects.filter(credit_owed=True).order_by("pk"):
        credit_return(rma.pk, actor=SYSTEM)


def _books_are_sound(order: SalesOrder) -> None:
    invoice = Invoice.objects.get(order=order)
    sums = CreditNote.objects.aggregate(net=Sum("net"), tax=Sum("tax"), gross=Sum("gross"))
    assert sums == {"net": invoice.net, "tax": invoice.tax, "gross": invoice.gross}
    assert invoice.credited == invoice.settled == invoice.gross
    assert Account.objects.get().balance == 0
    assert LedgerLine.objects.aggregate(sum=Sum("amount"))["sum"] == 0
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert [str(row) for check in all_checks() for row in check.broken()] == []
