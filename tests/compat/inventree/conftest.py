from __future__ import annotations

from typing import Any

import pytest

from rmaproject.access.actors import Actor
from tests.compat.inventree.calling import Caller
from tests.factories import PartFactory, goods, sell


@pytest.fixture
def client(ada: Actor, business: Any) -> Caller:
    """Ada's client, with a token."""
    return Caller(ada)


@pytest.fixture
def tent(business: Any) -> Any:
    """A part with serial numbers."""
    return PartFactory(sku="TENT", name="Tent", is_serialized=True)


@pytest.fixture
def unit(business: Any, bo: Any, tent: Any) -> Any:
    """A tent that Bo has bought for 121.00 and paid."""
    from stock.models import StockItem

    sell(business, bo, goods("TENT", price="121.00", serials=("T-1",)), reference="SO-BO")
    return StockItem.objects.get(serial="T-1")


@pytest.fixture
def pegs(business: Any, bo: Any) -> Any:
    """A line of five bags of pegs that Bo has bought for 10.00 each and paid."""
    PartFactory(sku="PEGS", name="Pegs")
    return sell(business, bo, goods("PEGS", "5"), reference="SO-PEGS").lines.get()
