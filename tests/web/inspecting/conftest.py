"""Goods that came and nobody looked at, and who keeps the settings."""

from __future__ import annotations

import pytest

from returns.models import ReturnOrder
from returns.services import ArrivalInput, ReceiveInput, receive_return
from returns.setup import make_sheet
from rmaproject.access.actors import SYSTEM
from tests.factories import actor_with, ask_return, goods, sell
from tests.returns.steps import D


@pytest.fixture
def rma(business, bo) -> ReturnOrder:
    """Three tents are here and nobody looked at them; there is a sheet for all parts."""
    make_sheet()
    order = sell(business, bo, goods("TENT", "3", "50.00", name="Tent"))
    made = ask_return(order, "3", issued=True)
    arrived = [ArrivalInput(made.lines.get(), D("3"))]
    receive_return(made.pk, ReceiveInput(lines=arrived), actor=SYSTEM)
    return made


@pytest.fixture
def admin(client, roles):
    user = actor_with("Administrator", username="root").user
    client.force_login(user)
    return client
