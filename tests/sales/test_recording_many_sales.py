"""Many sales recorded at once are written as one is, and refused as one is."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from rmaproject.access.actors import SYSTEM
from rmaproject.shared.errors import RuleViolation
from sales.models import Account, Allocation, InvoiceLine, OrderLine, SalesOrder
from sales.services.recording import record_sales
from sales.services.sale import Sale, SaleCustomer, SaleInvoice, SaleLine, SaleShipment
from tests.factories import DAY


@pytest.fixture
def sales(business):
    """Three sales of two lines each to two customers."""
    return [
        Sale(
            business=business,
            reference=reference,
            ordered_on=DAY,
            currency="EUR",
            customer=SaleCustomer(customer),
            lines=(
                SaleLine(1, Decimal(2), Decimal("1.25"), sku="PEG"),
                SaleLine(2, Decimal(1), Decimal("3.00"), kind="shipping", name="Postage"),
            ),
            digest=reference.ljust(64, "0"),
            shipment=SaleShipment(DAY),
            invoice=SaleInvoice(DAY, f"INV-{reference}"),
        )
        for reference, customer in (("S1", "BO"), ("S2", "CY"), ("S3", "BO"))
    ]


def test_rows_of_many_sales_point_to_each_other(sales):
    record_sales(sales, actor=SYSTEM)

    lines = OrderLine.objects.order_by("order", "number")
    assert [(line.order.reference, line.kind, line.shipped) for line in lines] == [
        (reference, kind, shipped)
        for reference in ("S1", "S2", "S3")
        for kind, shipped in (("goods", 2), ("shipping", 0))
    ]
    assert all(row.order_line.order == row.shipment.order for row in Allocation.objects.all())
    assert all(row.invoice.order == row.order_line.order for row in InvoiceLine.objects.all())
    balances = Account.objects.order_by("company__reference").values_list("balance", flat=True)
    assert list(balances) == [11, Decimal("5.5")]


def test_keys_of_copied_rows_leave_no_trap_for_the_next_row(sales):
    record_sales(sales, actor=SYSTEM)
    last = OrderLine.objects.order_by("pk").last()

    record_sales([replace(sales[0], reference="S4", invoice=None)], actor=SYSTEM)

    assert OrderLine.objects.filter(order__reference="S4").earliest("pk").pk > last.pk


def test_a_broken_constraint_has_its_code_and_nothing_is_recorded(sales):
    below_zero = (replace(sales[2].lines[0], gross_unit_price=Decimal(-1)),)
    broken = [*sales[:2], replace(sales[2], lines=below_zero)]

    with pytest.raises(RuleViolation) as refusal:
        record_sales(broken, actor=SYSTEM)

    assert refusal.value.code == "invalid_price"
    assert SalesOrder.objects.count() == 0
