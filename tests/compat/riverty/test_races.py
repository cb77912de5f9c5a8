"""What two clients send at the same moment is done once; what differs is done twice."""

from __future__ import annotations

from typing import Any

import pytest

from returns.models import ReturnOrder
from sales.models import CreditNote
from tests.compat.racing import at_once
from tests.compat.riverty.steps import PEG, Shop

pytestmark = pytest.mark.django_db(transaction=True)


def book(shop: Shop, number: int, request_id: str) -> Any:
    body = shop.body(PEG, returnReference=f"R-{number}")
    return shop.caller.post(shop.path, body, X_Request_ID=request_id)


def test_the_same_request_sent_twice_at_once_is_one_return(shop):
    answers = at_once(lambda number: book(shop, number, "request-1"))

    assert (ReturnOrder.objects.count(), CreditNote.objects.count()) == (1, 1)
    assert answers[0][0] == 200
    assert answers[1][0] in (200, 409)
    if answers[1][0] == 200:
        assert answers[0][1] == answers[1][1]


def test_the_same_return_under_two_request_ids_is_one_return(shop):
    body = shop.body(PEG, returnReference="R-1")

    answers = at_once(
        lambda number: shop.caller.post(shop.path, body, X_Request_ID=f"request-{number}")
    )

    assert (ReturnOrder.objects.count(), CreditNote.objects.count()) == (1, 1)
    assert answers[0][0] == 200


def test_two_requests_at_once_are_two_returns_where_they_differ(shop):
    """The negative control: nothing but the id and the reference makes the races above end so."""
    answers = at_once(lambda number: book(shop, number, f"request-{number}"))

    assert [status for status, _ in answers] == [200, 200]
    assert (ReturnOrder.objects.count(), CreditNote.objects.count()) == (2, 2)
