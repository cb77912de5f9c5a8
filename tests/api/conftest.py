"""Who calls the REST door, and what was sold before."""

from __future__ import annotations

import pytest

from tests.api.caller import Caller
from tests.factories import goods, sell


@pytest.fixture
def api(ada):
    return Caller(ada.user)


@pytest.fixture
def sale(business, bo):
    """Three tents, sold, shipped and paid; a unit of each serial too."""
    return sell(business, bo, goods("TENT", "3", "50.00"))


@pytest.fixture
def unit(business, bo):
    order = sell(business, bo, goods("DRILL", "1", "80.00", serials=("D-1",)))
    return order.lines.get().unit_sales.get().stock_item
