"""Figures as people type them, and those that could mean two things."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from rmaproject.access.actors import SYSTEM
from rmaproject.web.forms import AmountField, typed_amount
from stock.services import edit_part
from tests.factories import goods, sell
from tests.web.browser import text_of


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


@pytest.mark.parametrize(
    ("value", "currency", "english", "german"),
    [
        ("389", "EUR", "389.00", "389,00"),
        ("389", "JPY", "389", "389"),
        ("1.25", "KWD", "1.250", "1,250"),
        ("0.125", "EUR", "0.125", "0,125"),
        ("1234.5000", "EUR", "1234.50", "1234,50"),
        ("-12", "USD", "-12.00", "-12,00"),
        ("5", "", "5", "5"),
    ],
)
def test_an_amount_to_change_has_the_decimals_of_its_currency(value, currency, english, german):
    amount = Decimal(value)
    for language, shown in (("en", english), ("de", german)):
        with translation.override(language):
            assert typed_amount(amount, currency) == shown
            assert AmountField(min_value=-99).clean(shown) == amount
    assert typed_amount(None, "EUR") == ""


def test_prices_and_costs_are_shown_to_be_changed_with_their_decimals(client, ada, business, bo):
    client.force_login(ada.user)
    order = sell(business, bo, goods("TENT", "1", "389"), shipped=False, invoiced=False)
    line = order.lines.get()
    part = edit_part(
        line.part_id, {"unit_cost": Decimal(120), "cost_currency": "EUR"}, actor=SYSTEM
    )

    asked = client.get(f"/sales/{order.uuid}/lines/{line.uuid}/")
    costs = client.get(f"/stock/parts/{part.uuid}/edit/")
    paid = client.get(f"/sales/{order.uuid}/payment/")

    assert 'value="389.00"' in text_of(asked)
    assert 'value="120.00"' in text_of(costs)
    assert paid.status_code == 200
