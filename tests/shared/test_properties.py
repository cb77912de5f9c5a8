"""Arithmetic that must hold for whatever numbers come: shares, roundings, references, digests."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rmaproject.shared import money
from rmaproject.shared.canonical import canonical, digest
from rmaproject.shared.errors import RuleViolation
from rmaproject.shared.references import (
    check_pattern,
    is_reference,
    period_of,
    render,
)
from sales.shares import Interval, allotments, free_intervals, lowest, share

CURRENCIES = st.sampled_from(["JPY", "EUR", "KWD"])
QUANTITIES = st.decimals("0.00001", "9999", places=5)


@st.composite
def totals(draw):
    """A currency and an amount of it, also below zero."""
    currency = draw(CURRENCIES)
    minor = draw(st.integers(-(10**9), 10**9))
    return currency, Decimal(minor).scaleb(-money.digits(currency))


@settings(max_examples=150, deadline=None)
@given(
    total=totals(),
    sold=QUANTITIES,
    steps=st.lists(st.tuples(st.booleans(), st.integers(1, 100)), max_size=25),
)
def test_any_takes_and_reversals_end_at_the_total_to_the_cent(total, sold, steps):
    currency, amount = total
    notes: list[list[tuple[Interval, Decimal]]] = []
    for take, percent in steps:
        if take:
            notes.append(_take(notes, amount, sold, sold * percent / 100, currency))
        elif notes:
            notes.pop(percent % len(notes))
        _no_overlap(notes, sold)
    notes.append(_take(notes, amount, sold, sold, currency))

    assert sum(worth for note in notes for _, worth in note) == amount
    assert sum(interval.size for note in notes for interval, _ in note) == sold


def _taken(notes):
    return [interval for note in notes for interval, _ in note]


def _take(notes, amount, sold, quantity, currency):
    quantity = quantity.quantize(Decimal("0.00001"), rounding=ROUND_HALF_UP)
    chosen = lowest(free_intervals(sold, _taken(notes)), quantity)
    return [(interval, share(amount, sold, interval, currency)) for interval in chosen]


def _no_overlap(notes, sold):
    rows = sorted(_taken(notes))
    assert all(0 <= row.start < row.end <= sold for row in rows)
    assert all(one.end <= other.start for one, other in pairwise(rows))


@given(total=totals(), weights=st.lists(st.decimals(0, 10**6, places=2), min_size=1, max_size=12))
def test_what_is_spread_adds_up_and_keeps_its_sign(total, weights):
    currency, amount = total

    parts = allotments(amount, weights, currency)

    assert len(parts) == len(weights)
    assert sum(parts) == amount
    assert all(part * amount >= 0 for part in parts)
    assert all(money.rounded(part, currency) == part for part in parts)


@given(total=totals(), percent=st.decimals(0, 100, places=2))
def test_tax_lies_within_the_gross(total, percent):
    currency, gross = total

    tax = money.tax_within(gross, percent, currency)

    assert 0 <= abs(tax) <= abs(gross)
    assert money.rounded(tax, currency) == tax
    exact = gross - gross * 100 / (100 + percent)
    assert abs(tax - exact) <= Decimal("0.5").scaleb(-money.digits(currency))


@given(amount=st.decimals(-(10**12), 10**12, places=6), currency=CURRENCIES)
def test_rounding_is_near_even_handed_and_final(amount, currency):
    rounded = money.rounded(amount, currency)

    assert abs(rounded - amount) <= Decimal("0.5").scaleb(-money.digits(currency))
    assert money.rounded(-amount, currency) == -rounded
    assert money.rounded(rounded, currency) == rounded
    assert Decimal(money.amount(amount, currency)) == rounded


@given(st.decimals(-(10**12), 10**12, places=8))
def test_a_plain_decimal_reads_back_and_has_no_idle_zero(value):
    text = money.plain(value)

    assert Decimal(text) == value
    assert "E" not in text
    assert not ("." in text and text.endswith(("0", ".")))


DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
PIECES = st.lists(
    st.sampled_from(["RMA", "-", "{ref}", "{ref:04d}", "{ref:6}", "{year}", "{month}", "{{", "é"]),
    max_size=6,
).map("".join)
PATTERNS = PIECES | st.text(max_size=12).map(lambda text: f"{{ref:{text}}}") | st.text(max_size=20)


def sound(pattern):
    try:
        check_pattern(pattern)
    except RuleViolation:
        return False
    return True


@settings(max_examples=300)
@given(pattern=PATTERNS, first=st.integers(1, 10**6), second=st.integers(1, 10**6), on=DAYS)
def test_a_sound_pattern_numbers_no_two_documents_of_a_period_alike(pattern, first, second, on):
    if not sound(pattern):
        return

    one, other = render(pattern, ref=first, on=on), render(pattern, ref=second, on=on)

    assert is_reference(one)
    assert (one == other) == (first == second)


@given(pattern=PATTERNS, one=DAYS, other=DAYS)
def test_a_new_period_never_repeats_a_reference_of_an_old_one(pattern, one, other):
    if not sound(pattern):
        return
    if period_of(pattern, one) == period_of(pattern, other):
        return

    assert render(pattern, ref=7, on=one) != render(pattern, ref=7, on=other)


@pytest.mark.parametrize(
    "pattern",
    [
        "RMA",
        "{ref:.0e}",
        "{ref:c}",
        "{ref!r}",
        "{year:04d}-{ref}",
        "{month}-{ref}",
        "{ref.real}",
        "{0}{ref}",
        "{",
        "{ref}\n",
        " {ref}",
        "x" * 60 + "{ref}",
        "{day}{ref}",
    ],
)
def test_a_pattern_that_cannot_number_is_refused(pattern):
    with pytest.raises(RuleViolation) as refusal:
        check_pattern(pattern)

    assert refusal.value.code == "invalid_pattern"


@pytest.mark.parametrize(
    ("pattern", "reference", "period"),
    [
        ("RMA-{ref:04d}", "RMA-0042", ""),
        ("CN-{year}-{ref:05d}", "CN-2026-00042", "2026"),
        ("{year}{month}/{ref}", "202603/42", "2026-03"),
    ],
)
def test_a_pattern_reads_as_it_is_written(pattern, reference, period):
    check_pattern(pattern)

    assert render(pattern, ref=42, on=date(2026, 3, 2)) == reference
    assert period_of(pattern, date(2026, 3, 2)) == period


@pytest.mark.parametrize(
    "text", ["", " a", "a ", "a\n", "a\tb", "x" * 65, "\x7f", "a\u200bb", "\u202ea"]
)
def test_what_cannot_be_printed_is_no_reference(text):
    assert not is_reference(text)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.decimals(-(10**6), 10**6, places=4)
    | st.uuids()
    | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=12,
)


@given(VALUES)
def test_a_digest_outlives_the_way_through_json(value):
    assert digest(json.loads(canonical(value))) == digest(value)


@given(st.dictionaries(st.text(max_size=4), VALUES, max_size=5))
def test_a_digest_does_not_know_the_order_of_names(value):
    assert digest(dict(reversed(value.items()))) == digest(value)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Decimal("2.50"), Decimal("2.5")),
        (Decimal("-0.00"), Decimal(0)),
        (Decimal("1E+3"), Decimal(1000)),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (datetime(2026, 3, 2, tzinfo=UTC), "2026-03-02T00:00:00+00:00"),
        ((1, 2), [1, 2]),
    ],
)
def test_the_same_content_has_one_text(one, other):
    assert canonical({"a": one}) == canonical({"a": other})


@pytest.mark.parametrize(
    ("one", "other"), [(None, ""), ([1, 2], [2, 1]), ({"a": None}, {}), ("1 ", "1"), (True, "true")]
)
def test_other_content_has_another_text(one, other):
    assert canonical(one) != canonical(other)
