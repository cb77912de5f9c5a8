"""What several tests of returns begin with."""

from __future__ import annotations

from typing import Any

import pytest

from sales.models import SalesOrder
from tests.factories import goods, sell
from tests.returns.feeds import Subscription
from tests.returns.kits import kit


@pytest.fixture
def mine(ada):
    """Ada's calendar feed of everything."""
    return Subscription(ada.user)


@pytest.fixture
def camp(business: Any, bo: Any) -> SalesOrder:
    """Two camping sets at 9.99: a tent and two fixings, each of three pegs."""
    kit("FIXING", ("PEG", "3"))
    kit("CAMP", ("TENT", "1"), ("FIXING", "2"))
    return sell(business, bo, goods("CAMP", "2", "9.99"))


@pytest.fixture
def tents(business: Any, bo: Any) -> SalesOrder:
    """Bo bought three tents for 50.00 each."""
    return sell(business, bo, goods("TENT", "3", "50.00"))


@pytest.fixture
def bikes(business: Any, bo: Any) -> SalesOrder:
    """Bo bought two bicycles, B-1 and B-2."""
    return sell(business, bo, goods("BIKE", "2", "900.00", serials=("B-1", "B-2")))
