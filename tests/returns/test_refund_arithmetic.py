"""What is kept of a refund, in figures alone: parts add up to the whole in whatever order."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from returns.refunds import Cause, Reduction, Terms, reductions
from rmaproject.shared import money
from sales.shares import Interval, Worth, share
from tests.returns.steps import D

CURRENCIES = st.sampled_from(["JPY", "EUR", "KWD"])
PERCENT = st.decimals(min_value=0, max_value=100, places=2)


def worth(gross: str, net: str, vat: str = "21") -> Worth:
    return Worth(D(gross), D(net), D(vat), "NORMAL")


def units(start: str, end: str) -> Interval:
    return Interval(D(start), D(end))


def test_goods_in_full_lose_nothing():
    assert reductions([worth("100", "82.64")], D(2), units("0", "1"), Terms(), "EUR") == []


def test_a_share_keeps_the_rest_of_goods_and_their_discount():
    whole = [worth("100.00", "82.64"), worth("-10.00", "-8.26")]

    (kept,) = reductions(whole, D(2), units("0", "2"), Terms(share=D(70)), "EUR")

    # 30 % of 90.00 gross and of 74.38 net.
    assert kept == Reduction(Cause.SHARE, D(30), D("-27.00"), D("-22.31"), D(21), "NORMAL")


def test_a_fee_is_taken_from_what_the_share_leaves():
    terms = Terms(share=D(70), fee=D(10))

    share_kept, fee = reductions([worth("100.00", "82.64")], D(1), units("0", "1"), terms, "EUR")

    assert (share_kept.gross, share_kept.cause) == (D("-30.00"), Cause.SHARE)
    assert (fee.gross, fee.net, fee.cause) == (D("-7.00"), D("-5.79"), Cause.FEE)


def test_what_is_kept_stands_at_the_rate_it_was_charged_at():
    whole = [worth("100.00", "82.64"), worth("-10.00", "-9.17", vat="9")]

    goods, discount = reductions(whole, D(1), units("0", "1"), Terms(fee=D(10)), "EUR")

    assert (goods.vat_percent, goods.gross) == (D(21), D("-10.00"))
    assert (discount.vat_percent, discount.gross) == (D(9), D("1.00"))


@given(
    total=st.integers(0, 100_000),
    sold=st.integers(1, 9),
    cuts=st.lists(st.integers(0, 9), max_size=4),
    percent=PERCENT,
    fee=PERCENT,
    currency=CURRENCIES,
)
def test_parts_add_up_to_one_credit_of_all_and_never_beyond_their_units(
    total, sold, cuts, percent, fee, currency
):
    gross = Decimal(total).scaleb(-money.digits(currency))
    whole = [Worth(gross, money.rounded(gross / D("1.21"), currency), D(21), "NORMAL")]
    terms = Terms(share=percent, fee=fee)
    edges = sorted({0, sold, *(cut for cut in cuts if cut < sold)})
    parts = [Interval(Decimal(a), Decimal(b)) for a, b in pairwise(edges)]

    kept = [reductions(whole, Decimal(sold), part, terms, currency) for part in parts]
    at_once = reductions(whole, Decimal(sold), units("0", str(sold)), terms, currency)

    for cause in Cause:
        for name in ("gross", "net"):
            assert _sum([row for rows in kept for row in rows], cause, name) == _sum(
                at_once, cause, name
            )
    for part, rows in zip(parts, kept, strict=True):
        worth_of_part = share(gross, Decimal(sold), part, currency)
        assert 0 <= worth_of_part + sum((row.gross for row in rows), money.ZERO) <= worth_of_part


def test_rounding_each_part_on_its_own_would_end_off():
    """The negative control of the property above: 10 % of three thirds of 0.50."""
    whole, terms = [worth("0.50", "0.41")], Terms(fee=D(10))
    parts = [units("0", "1"), units("1", "2"), units("2", "3")]

    alone = [money.rounded(share(D("0.50"), D(3), part, "EUR") / 10, "EUR") for part in parts]
    kept = [reductions(whole, D(3), part, terms, "EUR") for part in parts]

    assert sum(alone) == D("0.06")
    assert -sum(row.gross for rows in kept for row in rows) == D("0.05")


def _sum(rows: list[Reduction], cause: Cause, name: str) -> Decimal:
    return sum((getattr(row, name) for row in rows if row.cause == cause), money.ZERO)
