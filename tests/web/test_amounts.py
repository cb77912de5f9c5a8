"""Figures as people type them, and those that could mean two things."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

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
