"""Receiving, deciding, crediting and taking back in any order: the books hold after each step."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Q, Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from returns.counting import still_expected, undecided
from returns.models import Receipt, ReceiptLine, ReturnLine, ReturnOrder
from returns.services import LineInput, credit_return, reverse_credit, reverse_receipt
from rmaproject.access.actors import SYSTEM
from rmaproject.management.commands.verify import all_checks
from rmaproject.shared.errors import Conflict
from sales.models import CreditLine, CreditNote, Invoice, LedgerLine, OrderLine
from stock.models import Movement, StockItem
from tests.factories import discount, goods, sell
from tests.returns.steps import dispose, receive, request

VERBS = ("receive", "dispose", "credit", "take goods back", "take credit back")
STEPS = st.lists(
    st.tuples(st.sampled_from(VERBS), st.integers(0, 5), st.sampled_from(["1", "2", "3"])),
    min_size=4,
    max_size=14,
)


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS, currency=st.sampled_from(["JPY", "EUR", "KWD"]))
def test_whatever_is_taken_back_the_books_hold_after_each_step(business, bo, steps, currency):
    with transaction.atomic():
        order = sell(
            business,
            bo,
            goods("TENT", "7", "33.333333"),
            goods("BIKE", "2", "90.01", serials=("B-1", "B-2")),
            discount("-7.000001"),
            paid=False,
            currency=currency,
        )
        tent, bike = order.lines.filter(kind="goods").order_by("number")
        rma = request(order, *_announced(tent, bike))

        for verb, pick, quantity in steps:
            DO[verb](rma, pick, Decimal(quantity))
            _books_are_sound()
        _take_everything_back()

        _nothing_is_left(tent, bike)
        _bring_everything_back(rma)
        _all_is_credited_to_the_cent()
        transaction.set_rollback(True)


def _announced(tent: OrderLine, bike: OrderLine) -> list[Any]:
    units = StockItem.objects.filter(serial__isnull=False).order_by("serial")
    return [
        LineInput(Decimal(7), order_line=tent),
        *(LineInput(stock_item=unit) for unit in units),
    ]


def _receive(rma: ReturnOrder, pick: int, quantity: Decimal) -> None:
    if line := _pick(pick, still_expected):
        receive(line, str(min(quantity, still_expected(line))))


def _dispose(rma: ReturnOrder, pick: int, quantity: Decimal) -> None:
    if line := _pick(pick, undecided):
        code = ("restock", "quarantine", "scrap")[pick % 3]
        dispose(line, code, str(min(quantity, undecided(line))))


def _credit(rma: ReturnOrder, pick: int, quantity: Decimal) -> None:
    if ReturnOrder.objects.get(pk=rma.pk).credit_owed:
        credit_return(rma.pk, actor=SYSTEM)


def _take_goods_back(rma: ReturnOrder, pick: int, quantity: Decimal) -> None:
    """What was scrapped refuses it, and then nothing of it has happened."""
    receipts = list(_standing_receipts())
    if receipts:
        _undo(receipts[pick % len(receipts)])


def _undo(receipt: Receipt) -> None:
    if receipt.lines.filter(disposals__disposition__action="scrap").exists():
        with pytest.raises(Conflict, match="moved on"):
            reverse_receipt(receipt.pk, actor=SYSTEM, reason="Wrong.")
    else:
        reverse_receipt(receipt.pk, actor=SYSTEM, reason="Wrong.")


def _take_credit_back(rma: ReturnOrder, pick: int, quantity: Decimal) -> None:
    notes = list(_standing_notes())
    if notes:
        reverse_credit(notes[pick % len(notes)].pk, actor=SYSTEM, reason="Wrong.")


DO = {
    "receive": _receive,
    "dispose": _dispose,
    "credit": _credit,
    "take goods back": _take_goods_back,
    "take credit back": _take_credit_back,
}


def _pick(pick: int, measure: Any) -> ReturnLine | None:
    lines = ReturnLine.objects.select_related("order_line").order_by("pk")
    fitting = [line for line in lines if measure(line) > 0]
    return fitting[pick % len(fitting)] if fitting else None


def _standing_receipts() -> Any:
    return Receipt.objects.filter(reverses=None, reversed_by=None).order_by("pk")


def _standing_notes() -> Any:
    return CreditNote.objects.filter(reverses=None, reversed_by=None).order_by("pk")


def _take_everything_back() -> None:
    """All credit, then all goods but what was scrapped."""
    for note in _standing_notes():
        reverse_credit(note.pk, actor=SYSTEM, reason="Wrong.")
    for receipt in _standing_receipts():
        _take_goods_back(
            receipt.return_order, list(_standing_receipts()).index(receipt), Decimal(1)
        )


def _bring_everything_back(rma: ReturnOrder) -> None:
    while line := _pick(0, still_expected):
        receive(line, str(still_expected(line)))
    while line := _pick(0, undecided):
        dispose(line)
    credit_return(rma.pk, actor=SYSTEM)


def _all_is_credited_to_the_cent() -> None:
    _books_are_sound()
    invoice = Invoice.objects.get()
    sums = _standing_notes().aggregate(net=Sum("net"), tax=Sum("tax"), gross=Sum("gross"))
    assert sums == {"net": invoice.net, "tax": invoice.tax, "gross": invoice.gross}
    assert invoice.settled == invoice.gross


def _books_are_sound() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    assert [str(row) for check in all_checks() for row in check.broken()] == []
    invoice = Invoice.objects.get()
    live = CreditLine.objects.filter(live=True).aggregate(sum=Sum("gross"))["sum"] or 0
    assert invoice.credited == live <= invoice.gross
    assert (LedgerLine.objects.aggregate(sum=Sum("amount"))["sum"] or 0) == 0
    in_stock = StockItem.objects.filter(location__isnull=False).aggregate(sum=Sum("quantity"))
    moved = Movement.objects.aggregate(
        came=Sum("quantity", filter=Q(to_location__isnull=False), default=0),
        left=Sum("quantity", filter=Q(from_location__isnull=False), default=0),
    )
    assert (in_stock["sum"] or 0) == moved["came"] - moved["left"]


def _nothing_is_left(tent: OrderLine, bike: OrderLine) -> None:
    """What stands is what was scrapped, whose receipts could not be taken back."""
    _books_are_sound()
    assert Invoice.objects.get().credited == 0
    standing = ReceiptLine.objects.filter(receipt__in=_standing_receipts())
    assert all(
        row.receipt.lines.filter(disposals__movement__to_location=None).exists()
        for row in standing.select_related("receipt")
    )
    for sold in (tent, bike):
        sold.refresh_from_db()
        assert sold.claimed == sold.shipped
