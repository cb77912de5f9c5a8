"""A note that was paid by many cards: each step on one of its refunds costs what it always does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Company
from returns.services import credit_return
from rmaproject.access.actors import SYSTEM
from sales.models import Business, Refund
from sales.services.invoicing import record_payment
from sales.services.refunding import approve_refund, cancel_refund, pay_refund, settle_due
from tests.factories import CompanyFactory, goods, sell
from tests.refunds.money import no_gateway_calls
from tests.returns.steps import D, decided

#: Number, refund and its part, the note and the payment, each of three with trail and event.
EACH = 15


def cost(step: Any, *args: Any, **values: Any) -> int:
    with CaptureQueriesContext(connection) as queries:
        step(*args, **values)
    return len(queries)


def costs(business: Business, customer: Company, many: int, monkeypatch: Any) -> dict[str, int]:
    """How many queries each step takes with so many refunds on one note."""
    order = sell(business, customer, goods(customer.reference, "1", f"{many}.00"), paid=False)
    for number in range(many):
        record_payment(
            business=business,
            customer_id=customer.pk,
            currency="EUR",
            amount=D("1.00"),
            actor=SYSTEM,
            gateway="sandbox",
            gateway_reference=f"{customer.reference}-{number}",
        )
    rma = decided(order)
    told = {"intend": cost(credit_return, rma.pk, actor=SYSTEM)}
    first, second = Refund.objects.filter(customer=customer).order_by("pk")[:2]
    told["approve"] = cost(approve_refund, first.pk, actor=SYSTEM)
    told["cancel"] = cost(cancel_refund, second.pk, actor=SYSTEM)
    with no_gateway_calls(monkeypatch):
        told["pay"] = cost(pay_refund, first.pk, actor=SYSTEM)
    told["settle"] = cost(settle_due, older_than=timedelta(0))
    assert Refund.objects.get(pk=first.pk).state == "done"
    return told


@pytest.mark.django_db(transaction=True)
def test_a_step_costs_the_same_however_many_refunds_a_note_has(business, monkeypatch):
    few = costs(business, CompanyFactory(), 3, monkeypatch)

    many = costs(business, CompanyFactory(), 23, monkeypatch)

    more = many.pop("intend") - few.pop("intend")
    assert many == few
    assert more <= 20 * EACH
