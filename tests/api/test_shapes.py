"""Rows built by hand are what their serializers say, and cost the same for one and for twelve."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework import serializers

from customers.api.addresses import AddressOutput
from customers.api.companies import CompanyOutput
from customers.api.contacts import ContactOutput
from customers.services import save_address, save_contact
from rmaproject.access.actors import SYSTEM
from rmaproject.rest.history import HistoryOutput
from sales.api.accounts import AccountOutput
from sales.api.bank_details import BankDetailsOutput
from sales.api.bank_files import BankFileOutput
from sales.api.businesses import BusinessOutput
from sales.api.credit_note_shapes import CreditNoteOutput
from sales.api.invoice_shapes import InvoiceOutput
from sales.api.order_parts import OrderAllocationOutput, OrderLineOutput, OrderShipmentOutput
from sales.api.order_shapes import SalesOrderOutput
from sales.api.payments import PaymentOutput
from sales.api.refund_shapes import RefundOutput
from sales.models import CreditNote, SalesOrder
from sales.services.bank_files import make_bank_file
from sales.services.banking import BankAccount, keep_bank_details
from sales.services.refunding import approve_refund, refund_credit
from stock.api.categories import CategoryOutput
from stock.api.items import StockItemOutput
from stock.api.locations import LocationOutput
from stock.api.movements import MovementOutput
from stock.api.parts import PartOutput
from stock.services import book_in, create_category
from tests.api.caller import Caller
from tests.api.test_documents import credit
from tests.factories import (
    BusinessFactory,
    CompanyFactory,
    LocationFactory,
    PartFactory,
    discount,
    goods,
    sell,
)

pytestmark = pytest.mark.django_db

LISTS = {
    "/companies/": CompanyOutput,
    "/contacts/": ContactOutput,
    "/addresses/": AddressOutput,
    "/parts/": PartOutput,
    "/part-categories/": CategoryOutput,
    "/locations/": LocationOutput,
    "/stock-items/": StockItemOutput,
    "/stock-movements/": MovementOutput,
    "/businesses/": BusinessOutput,
    "/sales-orders/": SalesOrderOutput,
    "/allocations/": OrderAllocationOutput,
    "/invoices/": InvoiceOutput,
    "/payments/": PaymentOutput,
    "/credit-notes/": CreditNoteOutput,
    "/accounts/": AccountOutput,
    "/refunds/": RefundOutput,
    "/bank-details/": BankDetailsOutput,
    "/bank-files/": BankFileOutput,
}


def trade(number: int, business: Any = None) -> SalesOrder:
    """Everything that a sale and a partial credit leave behind, with stock beside it."""
    business = business or BusinessFactory()
    customer = CompanyFactory(reference=f"BUYER-{number}")
    save_contact(customer.pk, {"name": "Bo"}, actor=SYSTEM)
    save_address(customer.pk, {"line1": "Dam 1"}, actor=SYSTEM)
    shelf = LocationFactory(parent=LocationFactory())
    category = create_category({"code": f"C-{number}", "name": "Outdoor"}, actor=SYSTEM)
    costs = {"unit_cost": Decimal("1.5"), "cost_currency": "EUR", "category": category}
    peg = PartFactory(sku=f"PEG-{number}", is_batched=True, **costs)
    book_in(peg, shelf, quantity=Decimal(5), batch="B1", actor=SYSTEM)
    order = sell(
        business,
        customer,
        goods(f"TENT-{number}", serials=(f"T-{number}",)),
        goods(peg.sku, "2", "5.00"),
        discount("-3.00"),
        reference=f"TRADE-{number}",
    )
    _refunded(credit(order))
    return order


def _refunded(note: CreditNote) -> None:
    """The refund of a credit note, paid by a bank file."""
    iban = "DE89370400440532013000"
    ours = BankAccount("Tents & Co", iban)
    keep_bank_details(ours, business=note.business, actor=SYSTEM)
    keep_bank_details(BankAccount("Bo", iban), customer=note.customer, actor=SYSTEM)
    (refund,) = refund_credit(note.pk, actor=SYSTEM)
    approve_refund(refund.pk, actor=SYSTEM)
    make_bank_file(note.business, [refund.pk], actor=SYSTEM)


def mismatches(value: Any, field: Any, at: str) -> list[str]:
    """Where a JSON value is not what its serializer field says."""
    if value is None:
        return [] if field.allow_null else [f"{at} is null"]
    if isinstance(field, serializers.ListSerializer | serializers.ListField):
        inside = [mismatches(item, field.child, f"{at}[]") for item in value]
        return [found for rows in inside for found in rows]
    if isinstance(field, serializers.Serializer):
        if set(value) != set(field.fields):
            return [f"{at} has {sorted(set(value) ^ set(field.fields))} on one side only"]
        inside = [
            mismatches(value[name], inner, f"{at}/{name}") for name, inner in field.fields.items()
        ]
        return [found for rows in inside for found in rows]
    if isinstance(field, serializers.DecimalField) and not isinstance(value, str):
        return [f"{at} is no text"]
    if value == "" and type(field) in (serializers.CharField, serializers.EmailField):
        return []
    try:
        field.run_validation(value)
    except serializers.ValidationError as error:
        return [f"{at} is {value!r}: {error}"]
    return []


def test_what_is_shown_is_what_the_schema_says(ada: Any) -> None:
    order = trade(1)
    caller = Caller(ada)
    below = f"/sales-orders/{order.uuid}/"
    lists: dict[str, Any] = {
        **LISTS,
        below + "lines/": OrderLineOutput,
        below + "shipments/": OrderShipmentOutput,
        below + "history/": HistoryOutput,
    }

    for path, output in lists.items():
        rows = caller.get(path).json()["results"]
        assert rows
        for row in rows:
            assert mismatches(row, output(), path) == []
            if "/history/" not in path and path != "/accounts/":
                assert caller.get(f"{path}{row['id']}/").json() == row


def cost(send: Callable[[], Any]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert send().status_code == 200
    return len(queries)


def test_lists_and_details_cost_the_same_with_one_and_with_twelve_rows(ada: Any) -> None:
    first = trade(1)
    caller = Caller(ada)
    below = f"/sales-orders/{first.uuid}/"
    one = {path: cost(lambda path=path: caller.get(path)) for path in (*LISTS, below)}
    for number in range(2, 13):
        trade(number)

    twelve = {path: cost(lambda path=path: caller.get(path)) for path in (*LISTS, below)}

    assert len(caller.get("/sales-orders/").json()["results"]) == 12
    assert twelve == one
    assert max(one.values()) <= 16


def test_an_order_costs_the_same_with_one_and_with_twelve_lines(ada: Any, business: Any) -> None:
    customer = CompanyFactory()
    small = sell(business, customer, goods("TENT", serials=("S-1",)))
    lines = [goods("TENT", serials=(f"L-{number}",)) for number in range(12)]
    large = sell(business, customer, *lines)
    caller = Caller(ada)

    costs = [
        cost(lambda order=order: caller.get(f"/sales-orders/{order.uuid}/"))
        for order in (small, large)
    ]

    assert len(caller.get(f"/sales-orders/{large.uuid}/").json()["lines"]) == 12
    assert costs[0] == costs[1]
