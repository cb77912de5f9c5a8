"""A client of that system, and what was sold before."""

from __future__ import annotations

from typing import Any

import pytest

from sales.models import SalesOrder
from tests.compat.zoho.client import Zoho
from tests.factories import goods, sell


@pytest.fixture
def zoho(business: Any, ada: Any) -> Zoho:
    return Zoho(ada)


@pytest.fixture
def sale(business: Any, bo: Any) -> SalesOrder:
    """Three tents and ten pegs, sold, shipped, invoiced and paid."""
    return sell(
        business, bo, goods("TENT", "3", "50.00"), goods("PEG", "10", "1.25"), reference="SO-00032"
    )
