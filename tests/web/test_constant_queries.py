"""What a page costs does not grow with its rows: every list and every record, small and large."""

from __future__ import annotations

import pytest

from returns.models import ReturnOrder
from returns.services import LineInput, credit_return
from rmaproject.access.actors import SYSTEM
from sales.models import CreditNote, Invoice, Refund
from sales.services.banking import keep_bank_details
from tests.factories import CompanyFactory, ask_return, goods, sell
from tests.refunds.money import account, bank_of
from tests.returns.ruling import publish, rule
from tests.returns.steps import D, decided, receive, request
from tests.web.browser import queries_of

pytestmark = pytest.mark.django_db

LISTS = (
    "/",
    "/?team=1",
    "/returns/",
    "/returns/?queue=all",
    "/returns/receive/",
    "/returns/inspect/",
    "/returns/board/",
    "/returns/calendar/?show=list",
    "/refunds/",
    "/sales/",
    "/sales/board/",
    "/sales/invoices/",
    "/sales/payments/",
    "/sales/credit-notes/",
    "/customers/",
    "/stock/",
    "/stock/parts/",
    "/reports/",
    "/notices/?show=all",
)


def fill(business, number):
    """A customer with a return in every station of its way."""
    customer = CompanyFactory(name=f"Customer {number}")
    bank_of(customer)

    def sale(name):
        return sell(business, customer, goods(f"{name}-{number}", "2", "20.00"))

    ask_return(sale("ASKED"))
    ask_return(sale("ISSUED"), issued=True)
    receive(ask_return(sale("HERE"), issued=True).lines.get())
    decided(sale("OWED"))
    credit_return(decided(sale("PAID")).pk, actor=SYSTEM)


def test_no_list_asks_more_for_more_rows(clerk, business):
    fill(business, 1)
    fill(business, 2)
    for path in LISTS:
        clerk.get(path)  # what is looked up once for a process
    few = {path: queries_of(clerk, path) for path in LISTS}

    for number in range(3, 7):
        fill(business, number)

    assert {path: queries_of(clerk, path) for path in LISTS} == few


def big(business, customer, lines):
    """Somebody bought and sends back so many things; all are here, decided and credited."""
    sold = [goods(f"THING-{customer.pk}-{number}", "2", "20.00") for number in range(lines)]
    order = sell(business, customer, *sold)
    made = request(order, *(LineInput(D("2"), order_line=row) for row in order.lines.all()))
    for line in made.lines.all():
        receive(line)
    rma = ReturnOrder.objects.get(pk=made.pk)
    credited = decided(sell(business, customer, *sold))
    credit_return(credited.pk, actor=SYSTEM)
    return customer, order, rma, ReturnOrder.objects.get(pk=credited.pk)


def records(customer, order, rma, credited):
    """Every page about these records that opens without a step."""
    notes = CreditNote.objects.filter(customer=customer)
    paths = [f"/returns/{rma.uuid}/{step}" for step in ("", "edit/", "receive/", "count/")]
    paths += [f"/returns/{rma.uuid}/{step}" for step in ("inspect/", "dispose/", "slip/")]
    paths += [f"/returns/{credited.uuid}/", f"/sales/{order.uuid}/"]
    paths += [f"/customers/{customer.uuid}/", f"/returns/new/?customer={customer.uuid}"]
    paths += [f"/sales/invoices/{Invoice.objects.filter(order=order).get().uuid}/"]
    paths += [f"/sales/credit-notes/{notes.get().uuid}/"]
    paths += [f"/sales/accounts/{notes.get().account.uuid}/"]
    paths += [f"/refunds/{Refund.objects.get(credit_note__in=notes).uuid}/"]
    return paths


def test_no_record_asks_more_for_more_lines(clerk, business, bo, cy):
    keep_bank_details(account(), business=business, actor=SYSTEM)
    publish(business, rule("window", {"days": 3650, "from": "order"}))
    small, large = big(business, bo, 2), big(business, cy, 6)
    pages = list(zip(records(*small), records(*large), strict=True))
    for paths in pages:
        for path in paths:
            clerk.get(path)  # what is looked up once for a process

    costs = {few: (queries_of(clerk, few), queries_of(clerk, many)) for few, many in pages}

    grown = {path: cost for path, cost in costs.items() if cost[1] > cost[0]}
    assert grown == {}
