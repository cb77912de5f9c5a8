"""A finished sale in one call: the same again is no second sale."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from guardian.shortcuts import assign_perm

from customers.models import Company
from rmaproject.access.actors import Actor
from sales.models import Account, Invoice, Payment, SalesOrder
from stock.models import Part, StockItem
from tests.api.caller import Caller, codes
from tests.factories import CompanyFactory, UserFactory

pytestmark = pytest.mark.django_db

SALE: dict[str, Any] = {
    "business": "1000",
    "reference": "ODE12345678901",
    "ordered_on": "2024-08-01",
    "currency": "EUR",
    "customer": {
        "reference": "TFI2021072801",
        "name": "Jansen BV",
        "email": "retour@jansen.example",
    },
    "lines": [
        {
            "number": 1,
            "kind": "goods",
            "sku": "TENT-3P",
            "name": "Tent, 3 persons",
            "quantity": "1",
            "gross_unit_price": "74.80",
            "vat_percent": "21",
            "vat_type": "NORMAL",
            "serials": ["T3-0007"],
        },
        {
            "number": 2,
            "kind": "goods",
            "sku": "PEG-10",
            "name": "Pegs, 10",
            "quantity": "2",
            "gross_unit_price": "5.00",
            "vat_percent": "21",
            "vat_type": "NORMAL",
        },
        {
            "number": 3,
            "kind": "discount",
            "name": "Set discount",
            "quantity": "1",
            "gross_unit_price": "-2.00",
            "vat_percent": "21",
            "vat_type": "NORMAL",
        },
    ],
    "shipment": {"shipped_on": "2024-08-02", "carrier": "PostNL", "tracking_number": "3SABC123"},
    "invoice": {"reference": "ORDNL-9100250113", "invoiced_on": "2024-08-02"},
    "payments": [{"amount": "82.80", "paid_on": "2024-08-03", "method": "card"}],
}


@pytest.fixture
def caller(ada: Any, business: Any) -> Caller:
    return Caller(ada)


def changed(path: str, value: Any) -> dict[str, Any]:
    """The sale with one value changed or, with `...`, left out."""
    body = copy.deepcopy(SALE)
    *steps, last = [int(step) if step.isdecimal() else step for step in path.split("/")]
    place: Any = body
    for step in steps:
        place = place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return body


def test_a_finished_sale_is_recorded_as_the_contract_says(caller: Caller) -> None:
    made = caller.post("/sales-orders/record", SALE)

    order = made.json()
    assert (made.status_code, made["ETag"]) == (201, '"1"')
    assert made["Location"].endswith(f"/api/v1/sales-orders/{order['id']}/")
    assert caller.get(made["Location"]).json() == order
    assert (order["reference"], order["status"], order["shipped"]) == (
        "ODE12345678901",
        "complete",
        True,
    )
    unit = StockItem.objects.get(serial="T3-0007")
    tent, pegs, rebate = order["lines"]
    assert (tent["sku"], tent["returnable_quantity"], tent["stock_items"]) == (
        "TENT-3P",
        "1",
        [str(unit.uuid)],
    )
    assert (pegs["quantity"], pegs["returnable_quantity"], pegs["stock_items"]) == ("2", "2", [])
    assert pegs["part"] == str(Part.objects.get(sku="PEG-10").uuid)
    assert (rebate["part"], rebate["sku"], rebate["returnable_quantity"]) == (None, None, "0")
    invoice = order["invoices"][0]
    assert (invoice["reference"], invoice["gross"]) == ("ORDNL-9100250113", "82.80")
    assert [line["order_line"] for line in invoice["lines"]] == [
        line["id"] for line in order["lines"]
    ]
    assert [line["part"] for line in invoice["lines"]] == [line["part"] for line in order["lines"]]
    assert [payment["amount"] for payment in order["payments"]] == ["82.80"]
    assert Account.objects.get().balance == 0


def same_content() -> Iterator[dict[str, Any]]:
    yield SALE
    yield dict(reversed(list(SALE.items())))
    yield changed("lines/1/quantity", 2)
    yield changed("lines/1/quantity", "2.00")
    yield changed("lines/0/gross_unit_price", 74.8)
    yield changed("currency", ...)
    yield changed("lines/0/kind", ...)
    yield changed("correction_reason", "")
    yield changed("lines/1/serials", [])
    yield changed("lines/1/vat_type", ...)


@pytest.mark.parametrize("body", list(same_content()))
def test_the_same_content_again_is_the_first_order(caller: Caller, body: dict[str, Any]) -> None:
    first = caller.post("/sales-orders/record", SALE)

    again = caller.post("/sales-orders/record", body)

    assert (again.status_code, again.json()) == (200, first.json())
    assert (SalesOrder.objects.count(), Invoice.objects.count(), Payment.objects.count()) == (
        1,
        1,
        1,
    )


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("lines/1/quantity", "3"),
        ("lines/0/gross_unit_price", "74.81"),
        ("ordered_on", "2024-07-31"),
        ("shipment", ...),
        ("payments/0/method", "cash"),
        ("customer/name", "Janssen BV"),
        ("lines/2", ...),
    ],
)
def test_other_content_under_the_reference_is_a_conflict(
    caller: Caller, path: str, value: Any
) -> None:
    caller.post("/sales-orders/record", SALE)

    refused = caller.post("/sales-orders/record", changed(path, value))

    assert (refused.status_code, refused.json()["code"]) == (409, "reference_exists")
    assert (SalesOrder.objects.count(), Payment.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("path", "value", "pointer", "code"),
    [
        ("lines/0/quantity", "0", "/lines/0/quantity", "min_value"),
        ("lines/0/quantity", "many", "/lines/0/quantity", "invalid"),
        ("lines/0/quantity", True, "/lines/0/quantity", "invalid"),
        ("lines/0/quantity", None, "/lines/0/quantity", "null"),
        ("lines/0/quantity", 2, "/lines/0/serials", "serials_missing"),
        ("lines/1/quantity", "0.000001", "/lines/1/quantity", "max_decimal_places"),
        ("lines/0/sku", ..., "/lines/0/sku", "part_missing"),
        ("lines/2/sku", "X", "/lines/2/sku", "part_missing"),
        ("lines/0/kind", "gift", "/lines/0/kind", "invalid_choice"),
        ("lines/1/number", 1, "/lines/1/number", "doubled_number"),
        ("lines/1/number", ..., "/lines/1/number", "required"),
        ("lines/0/vat_percent", "-1", "/lines/0/vat_percent", "min_value"),
        ("lines/0/vat_type", "LOW", "/lines/0/vat_type", "invalid_choice"),
        ("lines/0/colour", "red", "/lines/0/colour", "unknown_field"),
        ("lines/1/serials", ["A", "a"], "/lines/1/serials", "doubled_serial"),
        ("lines", [], "/lines", "empty"),
        ("lines", {}, "/lines", "not_a_list"),
        ("lines", ..., "/lines", "required"),
        ("payments/0/amount", "1e999", "/payments/0/amount", "max_digits"),
        ("payments/0/paid_on", "soon", "/payments/0/paid_on", "invalid"),
        ("currency", "EURO", "/currency", "invalid_currency"),
        ("currency", "XTS", "/currency", "invalid_currency"),
        ("customer/email", "no address", "/customer/email", "invalid"),
        ("customer/reference", "x" * 65, "/customer/reference", "max_length"),
        ("customer", "TFI2021072801", "/customer", "invalid"),
        ("shipment/when", 1, "/shipment/when", "unknown_field"),
        ("reference", "A\x00B", "/reference", "null_characters_not_allowed"),
        ("kit", 1, "/kit", "unknown_field"),
    ],
)
def test_each_bad_value_is_named(
    caller: Caller, path: str, value: Any, pointer: str, code: str
) -> None:
    refused = caller.post("/sales-orders/record", changed(path, value))

    assert refused.status_code == 400
    assert codes(refused)[pointer] == code
    assert not SalesOrder.objects.exists()
    assert not Company.objects.exists()


@pytest.mark.parametrize(
    ("path", "value", "status", "code"),
    [
        ("business", "9999", 404, "not_found"),
        ("ordered_on", "2999-01-01", 422, "invalid_date"),
        ("lines/2/gross_unit_price", "2.00", 422, "invalid_price"),
        ("lines/0/gross_unit_price", "-1", 422, "invalid_price"),
        ("lines/2/gross_unit_price", "-200", 422, "invoice_below_zero"),
        ("payments/0/amount", "1.001", 422, "invalid_amount"),
        ("payments/0/amount", "0", 422, "invalid_amount"),
        ("reference", " padded", 422, "invalid_reference"),
        ("customer/country", "nl", 422, "invalid_country"),
    ],
)
def test_broken_rules_leave_nothing_behind(
    caller: Caller, path: str, value: Any, status: int, code: str
) -> None:
    refused = caller.post("/sales-orders/record", changed(path, value))

    assert (refused.status_code, refused.json()["code"]) == (status, code)
    for model in (SalesOrder, Company, Part, Invoice, Payment, StockItem, Account):
        assert not model.objects.exists()


def test_given_tax_is_taken_as_given(caller: Caller) -> None:
    made = caller.post("/sales-orders/record", changed("lines/0/vat_amount", "12.99")).json()

    line = made["invoices"][0]["lines"][0]
    assert (line["net"], line["tax"], line["gross"]) == ("61.81", "12.99", "74.80")


def test_a_unit_that_another_customer_holds_is_not_sold_twice(caller: Caller) -> None:
    caller.post("/sales-orders/record", SALE)
    second = changed("reference", "SECOND")
    second["customer"] = {"reference": "OTHER"}
    del second["invoice"], second["payments"]

    refused = caller.post("/sales-orders/record", second)
    corrected = caller.post(
        "/sales-orders/record", {**second, "correction_reason": "Sold on the market"}
    )

    assert (refused.status_code, refused.json()["code"]) == (409, "unit_held_elsewhere")
    assert corrected.status_code == 201
    assert StockItem.objects.get(serial="T3-0007").holder == Company.objects.get(reference="OTHER")


def test_unknown_customers_and_parts_need_the_right_to_make_them(
    roles: None, business: Any
) -> None:
    clerk = UserFactory(username="clerk")
    for right in ("sales.record_order", "sales.view_order", "access.see_all_businesses"):
        assign_perm(right, clerk)
    caller = Caller(Actor(clerk))

    no_company = caller.post("/sales-orders/record", SALE)
    CompanyFactory(reference="TFI2021072801")
    no_part = caller.post("/sales-orders/record", SALE)

    assert (no_company.status_code, no_part.status_code) == (403, 403)
    assert no_company.json()["facts"]["permission"] == "customers.create_company"
    assert no_part.json()["facts"]["permission"] == "stock.edit_part"
    assert (Part.objects.count(), SalesOrder.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_the_same_sale_from_two_senders_at_once_is_one_order(ada: Any, business: Any) -> None:
    callers = [Caller(ada) for _ in range(4)]

    def send(caller: Caller) -> Any:
        try:
            return caller.post("/sales-orders/record", SALE)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, callers))

    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert (SalesOrder.objects.count(), Payment.objects.count()) == (1, 1)
