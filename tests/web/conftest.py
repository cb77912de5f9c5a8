"""Somebody at the desk, and something that was sold."""

from __future__ import annotations

import pytest

from tests.factories import goods, sell


@pytest.fixture
def clerk(client, ada):
    """A browser in which Ada is logged in."""
    client.force_login(ada.user)
    return client


@pytest.fixture
def tents(business, bo):
    """Bo bought two tents for 50.00 each; shipped, invoiced and paid."""
    return sell(business, bo, goods("TENT", "2", "50.00", name="Tent"), reference="SALE-1")
