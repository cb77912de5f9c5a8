"""A client of that system, and what was sold before."""

from __future__ import annotations

from typing import Any

import pytest

from sales.models import SalesOrder
from tests.compat.zoho.client import Zoho, item
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


@pytest.fixture
def made(zoho: Any, sale: Any) -> dict[str, Any]:
    """A return of two tents."""
    found: dict[str, Any] = zoho.create(sale, item(sale, "TENT", 2))["salesreturn"]
    return found


@pytest.fixture
def came(zoho: Any, made: Any) -> str:
    """One of its tents came: the receive."""
    line = made["line_items"][0]["line_item_id"]
    answer = zoho.receive(made["salesreturn_id"], {"line_item_id": line, "quantity": 1})
    return str(answer["salesreturn"]["receive_id"])
