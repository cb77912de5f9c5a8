from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.webhooks.receiver import Receiver, receiving


@pytest.fixture
def local(settings):
    """This machine may be called, as on an intranet that allows it."""
    settings.WEBHOOK_ALLOW = ["127.0.0.0/8"]
    settings.WEBHOOK_TIMEOUT = 2
    settings.WEBHOOK_PAUSE = timedelta(0)


@pytest.fixture
def receiver(local) -> Iterator[Receiver]:
    with receiving() as server:
        yield server
