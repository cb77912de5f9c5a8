"""Tell the worker that something waits. Only a hint: what waits is in the tables."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from rmaproject.webhooks.models import Endpoint

SPREAD = "webhooks.spread"
SEND = "webhooks.send"


def wake() -> None:
    """Once what is written now is committed, let the worker look; once a transaction."""
    if not any(known is _look for _, known, *_ in connection.run_on_commit):
        transaction.on_commit(_look, robust=True)


def wake_for(endpoint_id: int, at: datetime | None = None) -> None:
    """Let the worker send what is due to an endpoint, now or at that time."""
    when = f".{at:%Y%m%d%H%M%S}" if at else ""
    _defer(SEND, f"{SEND}.{endpoint_id}{when}", at, endpoint_id=endpoint_id)


def _look() -> None:
    if Endpoint.objects.filter(active=True).exists():
        _defer(SPREAD, SPREAD, None)


def _defer(task: str, only_one: str, at: datetime | None, **arguments: int) -> None:
    if ProcrastinateJob.objects.filter(queueing_lock=only_one, status="todo").exists():
        return
    try:
        with transaction.atomic():
            job = app.configure_task(
                task, allow_unknown=True, queueing_lock=only_one, schedule_at=at
            )
            job.defer(**arguments)
    except AlreadyEnqueued:
        return  # Somebody was quicker.
