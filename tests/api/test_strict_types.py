"""A value has the JSON type of its field, and a figure the digits that its sender meant."""

from __future__ import annotations

from decimal import Decimal

import pytest

from customers.models import Company
from rmaproject.rest.inputs import AmountInput, QuantityInput
from rmaproject.rest.rendering import loads
from tests.api.caller import Caller, codes
from tests.factories import actor_with, goods, sell

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", 7), ("name", True), ("is_customer", "true"), ("is_customer", 1)],
)
def test_a_value_of_another_json_type_is_refused_by_its_name(api, field, value):
    before = Company.objects.count()

    refused = api.post("/companies/", {"name": "Cy", "is_customer": True, field: value})

    assert (refused.status_code, codes(refused)) == (400, {f"/{field}": "invalid"})
    assert Company.objects.count() == before


@pytest.mark.parametrize(("value", "status"), [(2, 201), (2.0, 201), (2.5, 400), ("2", 400)])
def test_a_whole_number_may_be_written_with_a_point_but_not_as_a_text(roles, value, status):
    admin = Caller(actor_with("Administrator"))

    made = admin.post("/inspection-sheets/", {"name": "Tents", "photos": value})

    assert made.status_code == status


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("0.30000000000000004", "0.3"),
        ("1234567890.12345", "1234567890.12345"),
        ("100.0", "100"),
        ("5", "5"),
        ('"0.30000"', "0.30000"),
    ],
)
def test_a_number_is_what_a_binary_number_can_carry_and_a_text_is_as_it_stands(text, meant):
    assert QuantityInput().run_validation(loads(text.encode())) == Decimal(meant)


@pytest.mark.parametrize("text", ["0.123456", '"0.30000000000000004"', '"1e5x"', "true"])
def test_a_figure_finer_than_its_field_or_none_at_all_is_refused(text):
    with pytest.raises(Exception, match=r"decimal places|valid number"):
        AmountInput().run_validation(loads(text.encode()))


def test_a_preview_without_a_customer_says_that_one_is_missing(api, business, bo):
    sale = sell(business, bo, goods("TENT", "1", "50.00"))
    body = {
        "business": business.code,
        "lines": [{"order_line": str(sale.lines.get().uuid), "quantity": "1"}],
    }

    seen = api.post("/returns/preview/", body).json()

    assert (seen["allowed"], seen["refusal"]["code"]) == (False, "customer_missing")
