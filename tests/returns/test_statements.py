"""What bringing in history costs: so many statements, however long the papers are."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Company
from returns.services import LineInput, RecordInput, RecordLine, record_return
from rmaproject.access.actors import SYSTEM, Actor
from sales.models import Business, LineKind, SalesOrder, VatType
from sales.services.recording import record_sales
from sales.services.sale import Sale, SaleCustomer, SaleInvoice, SaleLine, SaleShipment
from sales.services.units import GivenAmount
from tests.factories import DAY, CompanyFactory, PartFactory, goods, sell

IMPORT = Actor(None, door="import")
ONE = Decimal(1)


def statements(act: Callable[[], object]) -> int:
    """How many statements this sends, savepoints among them."""
    with CaptureQueriesContext(connection) as sent:
        act()
    return len(sent)


def take_back(order: SalesOrder, *, reference: str, actor: Actor = IMPORT) -> None:
    """Record a return of one unit of every line of a sale, at the amounts of its papers."""
    given = GivenAmount(Decimal("9.00"), Decimal("0.00"), Decimal("0.00"), VatType.ZERO)
    lines = [
        RecordLine(LineInput(ONE, order_line=line), given)
        for line in order.lines.filter(kind=LineKind.GOODS).order_by("number")
    ]
    values = {"business": order.business, "customer": order.customer, "reference": reference}
    told = RecordInput(
        values=values, lines=lines, digest=reference, credit_reference=reference, move_stock=False
    )
    record_return(told, actor=actor)


@pytest.fixture
def sold(business: Business, bo: Company) -> Callable[[int], SalesOrder]:
    """Sells so many lines that nobody has paid, as a ledger tells of them."""
    return lambda lines: sell(
        business, bo, *(goods(f"TENT-{n}", "3", "10.00") for n in range(lines)), paid=False
    )


def test_a_recorded_return_takes_few_statements(sold: Callable[[int], SalesOrder]) -> None:
    order = sold(1)

    assert statements(lambda: take_back(order, reference="R-1")) <= 41


def test_a_long_return_takes_as_few_as_a_short_one(sold: Callable[[int], SalesOrder]) -> None:
    short, long = sold(1), sold(12)

    one = statements(lambda: take_back(short, reference="R-1"))
    twelve = statements(lambda: take_back(long, reference="R-12"))

    assert twelve <= one


def test_telling_others_adds_few_statements(
    sold: Callable[[int], SalesOrder],
) -> None:
    silent, told = sold(1), sold(1)

    quiet = statements(lambda: take_back(silent, reference="R-1"))
    loud = statements(lambda: take_back(told, reference="R-2", actor=SYSTEM))

    assert 0 < loud - quiet <= 6


def test_a_batch_of_sales_takes_as_many_statements_as_one_sale(business: Business) -> None:
    customers = [CompanyFactory() for _ in range(21)]
    part = PartFactory()

    def record(first: int, last: int) -> None:
        batch = [sale_to(business, customers[n], part.sku, f"S-{n}") for n in range(first, last)]
        record_sales(batch, actor=IMPORT)

    one = statements(lambda: record(0, 1))
    twenty = statements(lambda: record(1, 21))

    assert twenty <= one + 1
    assert twenty <= 24


def sale_to(business: Business, customer: Company, sku: str, reference: str) -> Sale:
    """A sale that was shipped and invoiced, as a ledger tells of it."""
    line = SaleLine(
        number=1, kind=LineKind.GOODS, sku=sku, quantity=ONE, gross_unit_price=Decimal("5.00")
    )
    return Sale(
        business=business,
        reference=reference,
        ordered_on=DAY,
        currency=business.currency,
        customer=SaleCustomer(customer.reference, customer.name),
        lines=(line,),
        digest=reference.ljust(64, "0"),
        shipment=SaleShipment(DAY),
        invoice=SaleInvoice(DAY, f"INV-{reference}"),
    )
