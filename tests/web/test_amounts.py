"""Figures as people type them, and those that could mean two things."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from rmaproject.web.forms import AmountField


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("12,5", "12.5"), ("12.50", "12.50"), ("1500", "1500"), ("0,125", "0.125"), (" 3 ", "3")],
)
def test_a_point_and_a_comma_both_part_the_decimals(typed, meant):
    assert AmountField().clean(typed) == Decimal(meant)


@pytest.mark.parametrize("typed", ["1,500", "12,345", "-1,500", "1,500,000"])
def test_a_comma_that_may_stand_for_thousands_is_asked_about(typed):
    with pytest.raises(ValidationError) as refusal:
        AmountField().clean(typed)

    assert refusal.value.code == "unclear_comma"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1.234,56", "1234.56"),
        ("1.234.567,8", "1234567.8"),
        ("1234,56", "1234.56"),
        ("0,125", "0.125"),
        ("1,250", "1.250"),
        ("12.5", "12.5"),
        ("1 234,50", "1234.50"),
        ("1,234.56", "1234.56"),
    ],
)
def test_a_german_comma_parts_the_decimals_and_a_point_the_thousands(typed, meant):
    with translation.override("de"):
        assert AmountField().clean(typed) == Decimal(meant)


@pytest.mark.parametrize("typed", ["1.500", "12.345", "-1.500", "1.500.000"])
def test_a_german_point_that_may_stand_for_decimals_is_asked_about(typed):
    with translation.override("de"), pytest.raises(ValidationError) as refusal:
        AmountField().clean(typed)

    assert refusal.value.code == "unclear_comma"
    assert f"{typed} ohne Punkt" in refusal.value.messages[0]


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_figure_that_is_sent_back_as_it_was_shown_is_the_same(language):
    with translation.override(language):
        shown = AmountField().prepare_value(Decimal("1.125"))

        assert AmountField().clean(shown) == Decimal("1.125")
