"""A version of the rules tried on past returns: what would have been different."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from returns.models import ReturnOrder
from returns.services import issue_return
from returns.services.policies import create_policy
from returns.services.replaying import replay
from rmaproject.access.actors import SYSTEM
from rmaproject.shared import clock
from tests.changes import picture
from tests.factories import BusinessFactory, goods, sell
from tests.returns.ruling import ask, publish, rule


@pytest.fixture
def past(business, bo):
    """Two returns of one tent each, and one of a stove, under a fee of ten percent."""
    publish(business, rule("fee", {"percent": "10"}))
    today = clock.today(business)
    made = []
    for sku, price, days in (("TENT", "50.00", 5), ("TENT", "50.00", 40), ("STOVE", "80.00", 5)):
        order = sell(business, bo, goods(sku, "2", price), on=today - timedelta(days=days))
        made.append(ask(order))
    return made


def draft(business, *rules):
    return create_policy(business, rules={"rules": list(rules)}, actor=SYSTEM)


def test_the_same_rules_change_nothing(business, past):
    found = replay(draft(business, rule("fee", {"percent": "10"})), ReturnOrder.objects.all())

    assert (found.looked_at, found.more, found.changes) == (3, False, [])
    assert dict(found.sums["EUR"].before) == dict(found.sums["EUR"].after)


def test_each_return_that_would_be_ruled_otherwise_is_listed_with_both_rulings(business, past):
    version = draft(
        business,
        rule("window", {"days": 30, "from": "order"}),
        rule("fee", {"percent": "25"}, {"sku": "STOVE"}),
        rule("fee", {"percent": "10"}),
        rule("approval", {"needed": "above", "above": "60.00"}),
        rule("shipping", {"paid_by": "customer", "amount": "4.95"}),
    )
    before = picture()

    found = replay(version, ReturnOrder.objects.all())

    tent, old, stove = past
    changes = {change.order.pk: (change.before, change.after) for change in found.changes}
    assert changes[tent.pk][0].credit == Decimal("45.00")
    assert changes[tent.pk][1].credit == Decimal("40.05")
    assert (changes[old.pk][1].refused, changes[old.pk][1].credit) == (((1, "outside_window"),), 0)
    after = changes[stove.pk][1]
    assert (after.fee, after.shipping, after.approval) == (20, Decimal("4.95"), True)
    assert after.credit == Decimal("55.05")
    assert found.sums["EUR"].before["credit"] == Decimal("162.00")
    assert found.sums["EUR"].after["credit"] == Decimal("95.10")
    assert picture() == before


def test_a_return_without_rules_is_compared_with_none(business, bo):
    ask(sell(business, bo, goods("TENT", "2", "50.00")))

    found = replay(draft(business, rule("fee", {"percent": "10"})), ReturnOrder.objects.all())

    (change,) = found.changes
    assert (change.before.fee, change.after.fee) == (0, 5)


def test_only_returns_of_the_business_in_the_span_are_looked_at(business, bo, past):
    from returns.services import turn_returns

    turn_returns(on=True, actor=SYSTEM)
    ask(sell(BusinessFactory(), bo, goods("TENT")))
    version = draft(business)
    today = clock.today(business)
    rows = ReturnOrder.objects.all()

    assert replay(version, rows, since=today, until=today).looked_at == 3
    assert replay(version, rows, since=today + timedelta(days=1)).looked_at == 0
    assert replay(version, rows, until=date(2020, 1, 1)).looked_at == 0


def test_many_returns_cost_as_many_queries_as_few(business, bo, past):
    version = draft(business, rule("approval", {"needed": "above", "above": "60.00"}))
    issue_return(past[0].pk, actor=SYSTEM)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            replay(version, ReturnOrder.objects.all())
        return len(queries)

    few = cost()
    for _ in range(9):
        ask(sell(business, bo, goods("TENT", "2", "50.00")))

    assert cost() == few <= 15
