"""What two clients send at the same moment is done once; what differs is done twice."""

from __future__ import annotations

from typing import Any

import pytest

from returns.models import Receipt, ReturnOrder
from sales.models import SalesOrder
from tests.compat.racing import at_once
from tests.compat.zoho.client import Zoho, item

pytestmark = pytest.mark.django_db(transaction=True)


def create(zoho: Zoho, sale: SalesOrder, body: dict[str, Any], reference: str) -> Any:
    told = {"line_items": [body], "salesreturn_number": reference}
    return zoho.ask("POST", "/salesreturns", told, salesorder_id=str(sale.uuid))


def receive(zoho: Zoho, made: dict[str, Any]) -> Any:
    (line,) = made["line_items"]
    came = {"line_items": [{"line_item_id": line["line_item_id"], "quantity": 1}]}
    return zoho.ask("POST", "/salesreturnreceives", came, salesreturn_id=made["salesreturn_id"])


def test_the_same_return_sent_twice_at_once_is_one_return(zoho, sale):
    body = item(sale, "TENT", 1)

    answers = at_once(lambda _: create(zoho, sale, body, "RMA-1"))

    assert ReturnOrder.objects.count() == 1
    assert answers[0][0] == 201
    assert answers[1][0] in (200, 201, 409, 503)
    if answers[1][0] < 300:
        ids = {told["salesreturn"]["salesreturn_id"] for _, told in answers}
        assert len(ids) == 1


def test_two_returns_at_once_are_two_where_their_numbers_differ(zoho, sale):
    """The negative control: nothing but the number makes the race above end in one."""
    body = item(sale, "TENT", 1)

    answers = at_once(lambda number: create(zoho, sale, body, f"RMA-{number}"))

    assert [status for status, _ in answers] == [201, 201]
    assert ReturnOrder.objects.count() == 2


def test_the_last_unit_is_received_once(zoho, sale):
    made = zoho.create(sale, item(sale, "TENT", 1))["salesreturn"]

    answers = at_once(lambda _: receive(zoho, made))

    assert Receipt.objects.count() == 1
    first, second = (status for status, _ in answers)
    assert (first, second in (409, 422, 503)) == (201, True)


def test_two_units_are_received_at_once_where_two_are_expected(zoho, sale):
    """The negative control: the second arrival is refused for the count alone."""
    made = zoho.create(sale, item(sale, "TENT", 2))["salesreturn"]

    answers = at_once(lambda _: receive(zoho, made))

    assert [status for status, _ in answers] == [201, 201]
    assert Receipt.objects.count() == 2
