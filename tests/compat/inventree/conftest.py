from __future__ import annotations

from typing import Any

import pytest

from rmaproject.access.actors import Actor
from stock.models import StockItem
from tests.compat.inventree.calling import Caller
from tests.compat.inventree.selling import order_of, tents
from tests.factories import PartFactory, goods, sell


@pytest.fixture
def api(ada: Actor) -> Caller:
    """Ada's client, with a token, before there is any business."""
    return Caller(ada)


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
    sell(business, bo, goods("TENT", price="121.00", serials=("T-1",)), reference="SO-BO")
    return StockItem.objects.get(serial="T-1")


@pytest.fixture
def pegs(business: Any, bo: Any) -> Any:
    """A line of five bags of pegs that Bo has bought for 10.00 each and paid."""
    PartFactory(sku="PEGS", name="Pegs")
    return sell(business, bo, goods("PEGS", "5"), reference="SO-PEGS").lines.get()


@pytest.fixture
def item(db: None) -> StockItem:
    """Nine tents on a shelf."""
    return tents()


@pytest.fixture
def order(business: Any, bo: Any, item: StockItem) -> Any:
    """Bo's pending order of four of them, with a shipment."""
    return order_of(business, bo, item)
