"""Somebody's calendar program."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.returns.calendar.steps import basic


@pytest.fixture
def client(ada):
    """Ada's calendar program, which knows her name and password."""
    return Client(headers={"Authorization": basic("ada")})
