"""Who calls this door, and the invoice that goods come back from."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import call_command

from tests.compat.calling import Caller
from tests.compat.exsited.steps import Desk
from tests.factories import actor_with, discount, goods, sell


@pytest.fixture
def desk(business, bo, roles):
    """Three tents and ten pegs, sold, shipped and charged; an integrator with a bearer token."""
    lines = goods("TENT", "3", "50.00"), goods("PEG", "10", "1.00"), discount("-3.00")
    order = sell(business, bo, *lines, reference="SO-1")
    caller = Caller(actor_with("Integrator", username="connector"), scheme="Bearer")
    return Desk(caller, order.invoices.get())


@pytest.fixture
def oauth(roles: None) -> dict[str, str]:
    """What the connector sends to get a token: a client as an operator makes it."""
    out = StringIO()
    call_command("create_oauth_client", "sdk", stdout=out)
    made: dict[str, str] = json.loads(out.getvalue())
    return made
