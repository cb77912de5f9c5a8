"""Who calls this door, and the sale of its documentation's examples."""

from __future__ import annotations

import pytest

from tests.compat.calling import Caller
from tests.compat.riverty.steps import Shop
from tests.factories import actor_with, discount, goods, sell


@pytest.fixture
def shop(business, bo, roles):
    """A tent and two pegs with a discount on the set, paid by hand: 82.80."""
    lines = goods("TENT-3P", "1", "74.80"), goods("PEG-10", "2", "5.00"), discount("-2.00")
    order = sell(business, bo, *lines, reference="ODE12345678901")
    who = actor_with("Integrator", username="accountant")
    return Shop(Caller(who, header="X-Subscription-Key", scheme=""), order)
