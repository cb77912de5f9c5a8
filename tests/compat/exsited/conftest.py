"""Who calls this door, and the invoice that goods come back from."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import pytest

import rmaproject.access
from rmaproject.access.tokens import create_token
from rmaproject.shared.errors import NotPermitted
from tests.compat.calling import Caller
from tests.compat.exsited.steps import CLIENT, Desk
from tests.factories import actor_with, discount, goods, sell


@pytest.fixture
def desk(business, bo, roles):
    """Three tents and ten pegs, sold, shipped and charged; an integrator with a bearer token."""
    lines = goods("TENT", "3", "50.00"), goods("PEG", "10", "1.00"), discount("-3.00")
    order = sell(business, bo, *lines, reference="SO-1")
    caller = Caller(actor_with("Integrator", username="connector"), scheme="Bearer")
    return Desk(caller, order.invoices.get())


@pytest.fixture
def oauth(monkeypatch: pytest.MonkeyPatch, roles: None) -> Any:
    """One OAuth2 client that acts as the connector."""
    user = actor_with("Integrator", username="sdk").user
    asked: list[tuple[str, str]] = []

    def grant(client_id: str, client_secret: str, *, grant_type: str, refresh_token: str = ""):
        if {"client_id": client_id, "client_secret": client_secret} != CLIENT:
            raise NotPermitted("There is no such client.", code="invalid_client")
        asked.append((grant_type, refresh_token))
        return {
            "access_token": create_token(user),
            "refresh_token": "refresh-1",
            "token_type": "Bearer",
            "expires_in": 3600,
            "scope": "",
        }

    stub = ModuleType("rmaproject.access.oauth")
    stub.grant = grant  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, stub.__name__, stub)
    monkeypatch.setattr(rmaproject.access, "oauth", stub, raising=False)
    return asked
