"""G3 and G4 over everything at once: returns in parts, given and computed amounts, shares, fees,
store credit, reversals, refunds paid, failed and given up. After every step the books are sound."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F, Sum
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from customers.models import Company
from returns.counting import uncredited
from returns.models import Outcome, ReturnLine
from returns.services import CreditInput, LineInput, credit_return, reverse_credit
from returns.services.neighbours import recount_return
from rmaproject.access.actors import SYSTEM
from rmaproject.management.commands.verify import all_checks
from rmaproject.shared import money
from rmaproject.shared.errors import DomainError
from sales.models import Account, CreditNote, Invoice, LedgerLine, Payment, Refund, SalesOrder
from sales.services.invoicing import record_payment
from sales.services.refunding import (
    approve_refund,
    cancel_refund,
    change_refund,
    confirm_refund,
    fail_refund,
    pay_refund,
    refund_credit,
    retry_refund,
)
from sales.services.store_credit import apply_credit, pay_out_credit
from sales.services.units import GivenAmount
from tests.changes import picture
from tests.factories import discount, goods, sell
from tests.refunds.money import bank_of
from tests.returns.steps import judge, receive, request
from tests.returns.terms_told import Ruling, ruling

__all__ = ["ruling"]

VERBS = (
    "return",
    "store",
    "credit",
    "given",
    "take back",
    "pay",
    "done",
    "failed",
    "give up",
    "ask anew",
    "less",
    "apply",
    "pay out",
    "buy",
    "paid in",
)
STEPS = st.lists(
    st.tuples(st.sampled_from(VERBS), st.integers(0, 9), st.sampled_from(["1", "2", "0.7"])),
    min_size=8,
    max_size=20,
)
#: Picks the newest of what there is to pick from.
LAST = -1


@dataclass
class Desk:
    """The customer's sales under test, and how units are judged."""

    customer: Company
    orders: list[SalesOrder]
    share: str
    currency: str
    done: Counter[str] = field(default_factory=Counter)


def sale(business: Any, customer: Any, currency: str) -> SalesOrder:
    """Odd totals at two rates, with a discount on both that no line divides; unpaid."""
    lines = (
        goods("TENT", "4", "33.333333"),
        goods("PEG", "3", "1.101010", vat_percent=Decimal(9)),
        discount("-7.000001"),
    )
    return sell(business, customer, *lines, paid=False, currency=currency)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=STEPS,
    share=st.sampled_from(["100", "33.33", "0"]),
    fee=st.sampled_from(["0", "12.5"]),
    currency=st.sampled_from(["JPY", "EUR", "KWD"]),
)
@pytest.mark.django_db
def test_whatever_is_done_the_books_are_sound(
    business, bo, ruling: Ruling, steps, share, fee, currency
):
    ruling(fee_percent=Decimal(fee))
    with transaction.atomic():
        bank_of(bo)
        desk = Desk(bo, [sale(business, bo, currency)], share, currency)
        _pay_in(desk, 0, "2")
        for verb, pick, figure in [("return", 0, "1"), ("credit", 0, "1"), *steps]:
            with suppress(DomainError):
                DO[verb](desk, pick, figure)
                desk.done[verb] += 1
            _is_sound(desk)

        assert [str(row) for check in all_checks() for row in check.broken()] == []
        transaction.set_rollback(True)
    for verb in desk.done:
        event(verb)


#: One walk in which every kind of step finds something to do.
WHOLE_WALK = (
    "return 1, credit 1, less 1, pay 1, failed 1, pay 1, done 1, return 1, given 1, give up 1,"
    " ask anew 1, store 1, credit 1, pay out 1, store 1, credit 1, buy 1, apply 1, paid in 1,"
    " return 1, credit 1, take back 1"
)


@pytest.mark.django_db
def test_every_kind_of_step_can_be_taken(business, bo):
    """Else the walks above would prove nothing."""
    bank_of(bo)
    desk = Desk(bo, [sale(business, bo, "EUR")], "100", "EUR")
    _pay_in(desk, 0, "2")
    steps = [step.strip().rpartition(" ") for step in WHOLE_WALK.split(",")]

    for verb, _, figure in steps:
        before = picture()
        DO[verb](desk, LAST, figure)
        assert picture() != before, verb
        _is_sound(desk)

    assert {verb for verb, _, _ in steps} == set(VERBS)
    assert [str(row) for check in all_checks() for row in check.broken()] == []


def _one(rows: Sequence[Any], pick: int) -> Any:
    return rows[pick % len(rows)] if rows else None


def _return(desk: Desk, pick: int, figure: str, outcome: str = Outcome.REFUND) -> None:
    order = desk.orders[pick % len(desk.orders)]
    lines = order.lines.filter(kind="goods", shipped__gt=F("claimed")).order_by("pk")
    line = _one(list(lines), pick)
    if line is None:
        return
    units = min(Decimal(figure), line.shipped - line.claimed)
    rma = request(order, LineInput(units, order_line=line, outcome=outcome))
    receive(rma.lines.get(), str(units))
    judge(rma.lines.get(), str(units), desk.share)
    recount_return(rma.pk, actor=SYSTEM)


def _store(desk: Desk, pick: int, figure: str) -> None:
    _return(desk, pick, figure, Outcome.STORE_CREDIT)


def _credit(desk: Desk, pick: int, figure: str) -> None:
    line = _one([row for row in ReturnLine.objects.order_by("pk") if uncredited(row)], pick)
    if line is not None:
        units = min(Decimal(figure), uncredited(line))
        credit_return(line.return_order_id, [CreditInput(line, units)], actor=SYSTEM)


def _given(desk: Desk, pick: int, figure: str) -> None:
    """An amount as another system told it: neither the price nor with its discount."""
    line = _one([row for row in ReturnLine.objects.order_by("pk") if uncredited(row)], pick)
    if line is not None:
        gross = money.rounded(Decimal(figure) * 9, desk.currency)
        tax = money.tax_within(gross, Decimal(21), desk.currency)
        told = GivenAmount(gross, tax, Decimal(21), "NORMAL")
        units = min(Decimal(figure), uncredited(line))
        credit_return(line.return_order_id, [CreditInput(line, units, told)], actor=SYSTEM)


def _standing() -> list[CreditNote]:
    return list(CreditNote.objects.filter(reverses=None, reversed_by=None).order_by("pk"))


def _take_back(desk: Desk, pick: int, figure: str) -> None:
    note = _one(_standing(), pick)
    if note is not None:
        reverse_credit(note.pk, actor=SYSTEM, reason="Again, and better.")


def _refund_in(*states: str) -> Callable[[int], Any]:
    return lambda pick: _one(list(Refund.objects.filter(state__in=states).order_by("pk")), pick)


def _pay(desk: Desk, pick: int, figure: str) -> None:
    refund = _refund_in("waiting_approval", "ready", "failed")(pick)
    if refund is not None:
        if refund.state == "failed":
            retry_refund(refund.pk, actor=SYSTEM)
        elif refund.state == "waiting_approval":
            approve_refund(refund.pk, actor=SYSTEM)
        pay_refund(refund.pk, actor=SYSTEM)


def _done(desk: Desk, pick: int, figure: str) -> None:
    refund = _refund_in("sent")(pick)
    if refund is not None:
        confirm_refund(refund.pk, actor=SYSTEM)


def _failed(desk: Desk, pick: int, figure: str) -> None:
    refund = _refund_in("sent")(pick)
    if refund is not None:
        fail_refund(refund.pk, actor=SYSTEM, reason="The account is closed.")


def _give_up(desk: Desk, pick: int, figure: str) -> None:
    refund = _refund_in("waiting_approval", "ready", "failed")(pick)
    if refund is not None:
        cancel_refund(refund.pk, actor=SYSTEM, keep=figure == "2")


def _less(desk: Desk, pick: int, figure: str) -> None:
    refund = _refund_in("waiting_approval", "ready", "failed")(pick)
    if refund is not None:
        amount = money.rounded(refund.amount * Decimal(figure) / 2, desk.currency)
        change_refund(refund.pk, actor=SYSTEM, amount=amount)


def _ask_anew(desk: Desk, pick: int, figure: str) -> None:
    note = _one(_standing(), pick)
    if note is not None:
        refund_credit(note.pk, actor=SYSTEM)


def _kept(pick: int) -> Any:
    return _one(list(CreditNote.objects.filter(kept__gt=0).order_by("pk")), pick)


def _apply(desk: Desk, pick: int, figure: str) -> None:
    note = _kept(pick)
    due = Invoice.objects.filter(settled__lt=F("gross")).order_by("pk").first()
    if note is not None and due is not None:
        amount = min(note.kept, due.gross - due.settled)
        apply_credit(note.pk, due.pk, amount, actor=SYSTEM)


def _pay_out(desk: Desk, pick: int, figure: str) -> None:
    note = _kept(pick)
    if note is not None:
        pay_out_credit(note.pk, note.kept, actor=SYSTEM)


def _buy(desk: Desk, pick: int, figure: str) -> None:
    if len(desk.orders) < 3:
        order = desk.orders[0]
        desk.orders.append(sale(order.business, desk.customer, desk.currency))


def _pay_in(desk: Desk, pick: int, figure: str) -> None:
    """Half of what all was sold for, all of it, or about a third: also more than is due."""
    sold = Invoice.objects.aggregate(gross=Sum("gross"))["gross"]
    record_payment(
        business=desk.orders[0].business,
        customer_id=desk.customer.pk,
        currency=desk.currency,
        amount=money.rounded(sold * Decimal(figure) / 2, desk.currency),
        actor=SYSTEM,
    )


DO: dict[str, Callable[[Desk, int, str], None]] = {
    "return": _return,
    "store": _store,
    "credit": _credit,
    "given": _given,
    "take back": _take_back,
    "pay": _pay,
    "done": _done,
    "failed": _failed,
    "give up": _give_up,
    "ask anew": _ask_anew,
    "less": _less,
    "apply": _apply,
    "pay out": _pay_out,
    "buy": _buy,
    "paid in": _pay_in,
}


def _is_sound(desk: Desk) -> None:
    """Balanced, and never more credited than sold, nor more paid back than paid."""
    assert LedgerLine.objects.aggregate(sum=Sum("amount"))["sum"] == 0
    receivable = LedgerLine.objects.filter(ledger="receivable").aggregate(sum=Sum("amount"))["sum"]
    assert Account.objects.aggregate(sum=Sum("balance"))["sum"] == receivable
    for invoice in Invoice.objects.all():
        notes = CreditNote.objects.filter(invoice=invoice, reverses=None, reversed_by=None)
        credited = notes.aggregate(gross=Sum("gross"))["gross"] or money.ZERO
        assert 0 <= credited == invoice.credited <= invoice.gross
        for line in invoice.lines.filter(kind="discount"):
            assert line.gross <= line.credited_gross <= 0
    for payment in Payment.objects.all():
        assert 0 <= payment.refunded + payment.refunding <= payment.amount
    paid_back = Refund.objects.filter(state="done").aggregate(sum=Sum("amount"))["sum"]
    paid = Payment.objects.aggregate(paid=Sum("amount"), back=Sum("refunded"))
    assert (paid_back or 0) == paid["back"] <= paid["paid"]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
