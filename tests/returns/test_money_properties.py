"""G3: whatever is returned, kept, credited and taken back, in whatever order, ends to the cent."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from returns import refunds
from returns.counting import creditable_units, uncredited
from returns.models import ReturnLine, ReturnOrder
from returns.services import CreditInput, LineInput, credit_return, reverse_credit
from rmaproject.access.actors import SYSTEM
from rmaproject.shared import money
from sales import shares
from sales.models import CreditNote, Invoice, InvoiceLine, LedgerLine, SalesOrder
from sales.services.units import worths
from tests.factories import discount, goods, sell
from tests.returns.steps import judge, receive, request
from tests.returns.terms_told import Ruling, ruling

__all__ = ["ruling"]

SHARES = st.sampled_from(["100", "100", "70", "33.33", "0"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("return"), st.integers(0, 1), st.sampled_from(["1", "2", "0.7"])),
        st.tuples(st.just("credit"), st.integers(0, 9), st.sampled_from(["all", "1", "0.5"])),
        st.tuples(st.just("take back"), st.integers(0, 9), st.just("")),
    ),
    min_size=3,
    max_size=7,
)
QUIET = settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@dataclass
class Books:
    """The sale under test, and the credit notes that stand."""

    order: SalesOrder
    standing: list[CreditNote] = field(default_factory=list)


def sale(business: Any, customer: Any, currency: str) -> SalesOrder:
    """Odd totals at two rates, and a discount on both that no line divides."""
    nine = Decimal(9)
    return sell(
        business,
        customer,
        goods("TENT", "7", "33.333333"),
        goods("PEG", "3", "1.101010", vat_percent=nine),
        discount("-7.000001"),
        paid=False,
        currency=currency,
    )


@QUIET
@given(
    steps=STEPS,
    share=SHARES,
    fee=st.sampled_from(["0", "10", "12.5"]),
    currency=st.sampled_from(["JPY", "EUR", "KWD"]),
)
def test_all_ends_where_one_credit_of_all_would(
    business, bo, ruling: Ruling, steps, share, fee, currency
):
    ruling(fee_percent=Decimal(fee))
    with transaction.atomic():
        books = Books(sale(business, bo, currency))

        for verb, pick, figure in steps:
            DO[verb](books, pick, figure, share)
            _is_sound(books)
        _bring_all_back(books, share)

        _is_sound(books)
        assert _credited(books) == _at_once(books.order, Decimal(share), Decimal(fee))
        transaction.set_rollback(True)


@QUIET
@given(steps=STEPS, picks=st.lists(SHARES, min_size=9, max_size=9))
def test_each_unit_may_be_worth_less_and_the_books_are_sound(business, bo, steps, picks):
    with transaction.atomic():
        books = Books(sale(business, bo, "EUR"))

        for (verb, pick, figure), share in zip(steps, picks, strict=False):
            DO[verb](books, pick, figure, share)
            _is_sound(books)
        _bring_all_back(books, "100")

        _is_sound(books)
        transaction.set_rollback(True)


def test_the_total_so_far_would_end_off():
    """The negative control: shares by how many units were credited, not by which.

    Of three units at 0.50 in all two are credited, the first is taken back, then the other two
    are credited.
    """
    total, sold = Decimal("0.50"), Decimal(3)

    def worth(start: int, end: int) -> Decimal:
        place = shares.Interval(Decimal(start), Decimal(end))
        return shares.share(total, sold, place, "EUR")

    second = worth(1, 2)
    by_units = second + worth(0, 1) + worth(2, 3)
    so_far = second + worth(1, 3)

    assert (by_units, so_far) == (Decimal("0.50"), Decimal("0.49"))


def _return(books: Books, pick: int, figure: str, share: str) -> None:
    lines = list(books.order.lines.filter(kind="goods", shipped__gt=F("claimed")).order_by("pk"))
    if lines:
        line = lines[pick % len(lines)]
        _arrive(books, line, min(Decimal(figure), line.shipped - line.claimed), share)


def _arrive(books: Books, line: Any, units: Decimal, share: str) -> None:
    rma = request(books.order, LineInput(units, order_line=line))
    receive(rma.lines.get(), str(units))
    judge(rma.lines.get(), str(units), share)


def _credit(books: Books, pick: int, figure: str, share: str) -> None:
    lines = [line for line in ReturnLine.objects.order_by("pk") if uncredited(line) > 0]
    lines = [line for line in lines if creditable_units([line])]
    if lines:
        line = lines[pick % len(lines)]
        units = uncredited(line) if figure == "all" else min(Decimal(figure), uncredited(line))
        wanted = [CreditInput(line, units)]
        books.standing += credit_return(line.return_order_id, wanted, actor=SYSTEM)


def _take_back(books: Books, pick: int, figure: str, share: str) -> None:
    if books.standing:
        note = books.standing.pop(pick % len(books.standing))
        reverse_credit(note.pk, actor=SYSTEM, reason="Again, and better.")


DO = {"return": _return, "credit": _credit, "take back": _take_back}


def _bring_all_back(books: Books, share: str) -> None:
    for line in books.order.lines.filter(kind="goods", shipped__gt=F("claimed")):
        _arrive(books, line, line.shipped - line.claimed, share)
    for rma in ReturnOrder.objects.order_by("pk"):
        if any(uncredited(line) > 0 for line in rma.lines.all()):
            books.standing += credit_return(rma.pk, actor=SYSTEM)


def _credited(books: Books) -> tuple[Decimal, Decimal]:
    gross = sum((note.gross for note in books.standing), money.ZERO)
    return gross, sum((note.net for note in books.standing), money.ZERO)


def _at_once(order: SalesOrder, share: Decimal, fee: Decimal) -> tuple[Decimal, Decimal]:
    """What one credit of every line in full comes to, by the pure functions."""
    gross = net = money.ZERO
    for line in InvoiceLine.objects.filter(invoice__order=order, kind="goods"):
        whole = worths(line, order.currency)
        kept = refunds.reductions(
            whole,
            line.quantity,
            shares.Interval(money.ZERO, line.quantity),
            refunds.Terms(share, fee),
            order.currency,
        )
        gross += sum((row.gross for row in [*whole, *kept]), money.ZERO)
        net += sum((row.net for row in [*whole, *kept]), money.ZERO)
    return gross, net


def _is_sound(books: Books) -> None:
    """Never more than the sale, and every booking balanced."""
    invoice = Invoice.objects.get(order=books.order)
    gross, net = _credited(books)
    assert 0 <= gross == invoice.credited <= invoice.gross
    assert net <= invoice.net
    assert LedgerLine.objects.aggregate(sum=Sum("amount"))["sum"] == 0
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
