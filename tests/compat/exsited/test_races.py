"""What two clients send at the same moment is done once; what differs is done twice."""

from __future__ import annotations

import pytest

from returns.models import Receipt, ReturnOrder
from tests.compat.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_return_sent_twice_at_once_is_one_return(desk):
    body = desk.asks(("TENT", "1"), id="RMA-1")

    answers = at_once(lambda _: desk.caller.post(desk.path(), body))

    assert ReturnOrder.objects.count() == 1
    assert {status for status, _ in answers} <= {200, 201, 409, 503}
    assert [status for status, _ in answers].count(201) == 1


def test_two_returns_at_once_are_two_where_their_ids_differ(desk):
    """The negative control: nothing but the id makes the race above end in one."""
    answers = at_once(
        lambda number: desk.caller.post(desk.path(), desk.asks(("PEG", "1"), id=f"RMA-{number}"))
    )

    assert [status for status, _ in answers] == [201, 201]
    assert ReturnOrder.objects.count() == 2


def test_the_last_unit_is_received_once(desk):
    rma = desk.ask(("TENT", "1"))

    answers = at_once(lambda _: desk.receive(rma, "1"))

    assert Receipt.objects.count() == 1
    first, second = (status for status, _ in answers)
    assert (first, second in (404, 409, 422, 503)) == (200, True)


def test_two_units_are_received_at_once_where_two_are_expected(desk):
    """The negative control: the second arrival is refused for the count alone."""
    rma = desk.ask(("TENT", "3"))

    answers = at_once(lambda _: desk.receive(rma, "1"))

    assert [status for status, _ in answers] == [200, 200]
    assert Receipt.objects.count() == 2
