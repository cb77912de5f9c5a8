"""What two clients send at the same moment is done once; what differs is done twice."""

from __future__ import annotations

from typing import Any

import pytest

from returns.models import Receipt, ReturnOrder
from tests.compat.inventree.calling import Caller
from tests.compat.racing import at_once
from tests.factories import ask_return

pytestmark = pytest.mark.django_db(transaction=True)


def create(client: Caller, customer: Any, reference: str) -> Any:
    return client.post("order/ro/", {"customer": customer.pk, "reference": reference})


def receive(client: Caller, order: ReturnOrder) -> Any:
    items = [{"item": order.lines.get().pk, "quantity": 1}]
    told = {"items": items, "location": order.business.returns_location_id}
    return client.post(f"order/ro/{order.pk}/receive/", told)


def test_the_same_order_sent_twice_at_once_is_one_order(client: Caller, bo: Any) -> None:
    answers = at_once(lambda _: create(client, bo, "RMA-7"))

    assert ReturnOrder.objects.count() == 1
    assert answers[0][0] == 201
    assert answers[1][0] in (201, 409, 503)


def test_two_orders_at_once_are_two_where_their_references_differ(client: Caller, bo: Any) -> None:
    """The negative control: nothing but the reference makes the race above end in one."""
    answers = at_once(lambda number: create(client, bo, f"RMA-{number + 7}"))

    assert [status for status, _ in answers] == [201, 201]
    assert ReturnOrder.objects.count() == 2


def test_the_last_unit_is_received_once(client: Caller, bo: Any, pegs: Any) -> None:
    order = ask_return(pegs.order, "1", issued=True)

    answers = at_once(lambda _: receive(client, order))

    assert Receipt.objects.count() == 1
    first, second = (status for status, _ in answers)
    assert (first, second in (409, 422, 503)) == (201, True)


def test_two_units_are_received_at_once_where_two_are_expected(
    client: Caller, bo: Any, pegs: Any
) -> None:
    """The negative control: the second arrival is refused for the count alone."""
    order = ask_return(pegs.order, "2", issued=True)

    answers = at_once(lambda _: receive(client, order))

    assert [status for status, _ in answers] == [201, 201]
    assert Receipt.objects.count() == 2
