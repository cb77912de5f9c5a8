"""What several tests of returns begin with."""

from __future__ import annotations

import pytest

from tests.returns.feeds import Subscription


@pytest.fixture
def mine(ada):
    """Ada's calendar feed of everything."""
    return Subscription(ada.user)
