"""The jobs of the worker that bring events to endpoints."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from rmaproject.webhooks.services.sending import send_due
from rmaproject.webhooks.services.spreading import spread_all
from rmaproject.webhooks.waking import SEND, SPREAD, wake_for

#: Only for a database that is busy: a call that fails has its own times.
AGAIN = RetryStrategy(max_attempts=5, wait=2)


@app.task(name=SPREAD, retry=AGAIN)
def spread_events() -> None:
    """Make deliveries of what was told since, and send them."""
    for endpoint_id in spread_all():
        wake_for(endpoint_id)


@app.task(name=SEND, retry=AGAIN)
def send_to(endpoint_id: int) -> None:
    """Send what is due to one endpoint, and come back when more will be."""
    if at := send_due(endpoint_id):
        wake_for(endpoint_id, at)
