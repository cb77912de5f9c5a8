"""What is old enough to go: events, the log of deliveries, and jobs that ended badly."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import connection

from rmaproject.events.models import Event
from rmaproject.shared import clock
from rmaproject.webhooks.models import Delivery, DeliveryState

BATCH = 5000

_OLD_JOBS = """
    DELETE FROM procrastinate_jobs j
    WHERE (j.status IN ('failed', 'cancelled', 'aborted', 'succeeded')
           AND NOT EXISTS (SELECT 1 FROM procrastinate_events e
                           WHERE e.job_id = j.id AND e.at > now() - interval '30 days'))
       OR (j.status = 'doing' AND j.worker_id IS NULL)
"""


def prune() -> tuple[int, int]:
    """Remove what is kept no longer, a part at a time; gives how many events and deliveries."""
    now = clock.now()
    old = Delivery.objects.filter(created_at__lt=now - timedelta(days=settings.WEBHOOK_LOG_DAYS))
    deliveries = _remove(old.exclude(state=DeliveryState.PENDING))
    events = Event.objects.filter(
        at__lt=now - timedelta(days=settings.EVENT_DAYS), position__isnull=False
    )
    with connection.cursor() as cursor:
        cursor.execute(_OLD_JOBS)
    return _remove(events), deliveries


def _remove(rows: object) -> int:
    removed = 0
    while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):  # type: ignore[attr-defined]
        rows.filter(pk__in=keys).delete()  # type: ignore[attr-defined]
        removed += len(keys)
    return removed
