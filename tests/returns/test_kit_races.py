"""Kits and their pieces asked for at the same moment: the last piece goes to one of them.

The negative control is the same race without the CHECK on the order line: then all of them get it.
"""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from returns.models import ReturnOrder
from returns.services import LineInput, request_return
from rmaproject.access.actors import SYSTEM
from sales.models import OrderLine, SalesOrder
from stock.models import Part
from stock.services import set_kit_parts
from stock.services.kits import KitPartInput
from tests.factories import PartFactory, goods, sell
from tests.racing import race
from tests.returns.test_races import without_constraint

pytestmark = pytest.mark.django_db(transaction=True)

EACH = 8


@pytest.fixture
def camp(business: Any, bo: Any) -> SalesOrder:
    """One camping set: a tent and two pegs."""
    kit = PartFactory(sku="CAMP", kind="kit")
    parts = [
        KitPartInput(PartFactory(sku="TENT")),
        KitPartInput(PartFactory(sku="PEG"), Decimal(2)),
    ]
    set_kit_parts(kit.pk, parts, actor=SYSTEM)
    return sell(business, bo, goods("CAMP"))


def claims(order: SalesOrder) -> list[Any]:
    """As many who want the whole kit as who want its tent."""
    lines = [order.lines.get(part__sku=sku) for sku in ("CAMP", "TENT")]
    return [
        partial(claim, order, line, f"R-{line.number}-{number}")
        for number in range(EACH)
        for line in lines
    ]


def claim(order: SalesOrder, line: OrderLine, reference: str) -> ReturnOrder:
    return request_return(
        business=order.business,
        customer=order.customer,
        lines=[LineInput(Decimal(1), order_line=line)],
        actor=SYSTEM,
        reference=reference,
    )


def test_of_many_who_want_the_kit_or_its_tent_one_gets_it(camp):
    done, refused = race(claims(camp))

    assert len(done) == 1
    assert [refusal.code for refusal in refused] == ["exceeds_returnable"] * (2 * EACH - 1)
    assert OrderLine.objects.get(part__sku="TENT").claimed == 1
    assert OrderLine.objects.get(part__sku="PEG").claimed in (0, 2)


def test_without_the_check_the_same_tent_comes_back_many_times(camp):
    with without_constraint(OrderLine, "orderline_claimed_within_shipped"):
        done, refused = race(claims(camp))
        claimed = OrderLine.objects.get(part__sku="TENT").claimed

    assert (len(done), refused, claimed) == (2 * EACH, [], 2 * EACH)


def test_two_kits_put_into_each_other_at_the_same_moment_make_no_cycle(db):
    kits = [PartFactory(sku=sku, kind="kit") for sku in ("A", "B")]

    done, refused = race([partial(contain, *kits), partial(contain, *reversed(kits))])

    assert (len(done), [refusal.code for refusal in refused]) == (1, ["kit_cycle"])


def contain(outer: Part, inner: Part) -> Part:
    return set_kit_parts(outer.pk, [KitPartInput(inner)], actor=SYSTEM)
