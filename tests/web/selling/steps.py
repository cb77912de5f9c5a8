"""The forms of a sales order, in the few words that tests need."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sales.models import SalesOrder


def fresh(order):
    return SalesOrder.objects.get(pk=order.pk)


def address(name, order, *more):
    return reverse(f"sales:{name}", args=[order.uuid, *more])


def post(client, url, order, **values):
    return client.post(url, {"version": fresh(order).version, **values})


def new_order(business, **values):
    return {
        "business": str(business.uuid),
        "customer": "BO",
        "reference": "SO-9",
        "form-TOTAL_FORMS": "0",
        "form-INITIAL_FORMS": "0",
        **values,
    }


def new_line(n, **values):
    given = {
        "kind": "goods",
        "quantity": "1",
        "gross_unit_price": "10",
        "vat_percent": "21",
        "vat_type": "NORMAL",
        **values,
    }
    return {f"form-{n}-{name}": value for name, value in given.items()}


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        answer = client.get(url)
    assert answer.status_code == 200
    return len(seen)
