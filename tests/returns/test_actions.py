"""What is offered on a return is what the service would do."""

from __future__ import annotations

from decimal import Decimal

import pytest

from returns.actions import allowed_verbs
from returns.models import ReturnOrder
from returns.services import add_extra_line, cancel_return, credit_return
from rmaproject.access.actors import SYSTEM
from rmaproject.shared.errors import Conflict
from tests.factories import ask_return, goods, sell


def loaded(rma: ReturnOrder) -> ReturnOrder:
    return ReturnOrder.objects.with_lines().get(pk=rma.pk)


def test_a_return_with_a_credited_extra_line_is_not_offered_to_be_cancelled(business, bo):
    rma = ask_return(sell(business, bo, goods("TENT", "1", "10.00")), issued=True)
    values = {"name": "Sorry", "kind": "goodwill", "gross_unit_price": Decimal("1.00")}
    add_extra_line(rma.pk, values, actor=SYSTEM)
    assert "cancel" in allowed_verbs(loaded(rma), list(rma.lines.all()), SYSTEM)

    credit_return(rma.pk, actor=SYSTEM)

    assert "cancel" not in allowed_verbs(loaded(rma), list(rma.lines.all()), SYSTEM)
    with pytest.raises(Conflict):
        cancel_return(rma.pk, actor=SYSTEM)


def test_offering_asks_nothing_of_the_database(business, bo, django_assert_num_queries):
    rma = loaded(ask_return(sell(business, bo, goods("TENT")), issued=True))
    lines = list(rma.lines.all())

    with django_assert_num_queries(0):
        allowed_verbs(rma, lines, SYSTEM)
