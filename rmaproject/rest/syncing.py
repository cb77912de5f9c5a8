"""What changed since the caller last asked: the filter, and the instant to ask from next time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import Model, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from rmaproject.shared.errors import Malformed

HEADER: Final = "X-Page-Generated"
#: By how much the clocks of our machines may differ.
MARGIN: Final = timedelta(seconds=2)
#: The columns that say when a row was last written, the best first.
STAMPS: Final = ("updated_at", "at", "created_at")
OLDEST: Final = (
    "SELECT least(clock_timestamp(), min(xact_start)) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


def watermark() -> str:
    """An instant of which all earlier changes are seen by whoever reads after this call.

    A change has the time at which it was made and is seen when its transaction ends, so the
    oldest transaction that still runs holds the instant back.
    """
    with connection.cursor() as cursor:
        cursor.execute(OLDEST)
        (oldest,) = cursor.fetchone()
    safe = (oldest - MARGIN).astimezone(UTC)
    return f"{safe.replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def instant(text: str) -> datetime:
    """The instant that a query parameter names. Raises Malformed `invalid_parameter`."""
    for spelled in (text, "+".join(text.rsplit(" ", 1))):  # a plus that nobody escaped
        try:
            found = parse_datetime(spelled)
            if found is not None and found.tzinfo is not None:
                return found.astimezone(UTC)  # PostgreSQL knows no offset beyond sixteen hours
        except (ValueError, OverflowError):
            continue
    message = _("An instant reads 2026-11-22T10:00:00Z, with its offset.")
    raise Malformed(message, code="invalid_parameter", pointer="updated_since")


def stamp_of(model: type[Model]) -> str | None:
    """The column by which changes of a table are found; None where there is none."""
    columns = {field.name for field in model._meta.concrete_fields}
    return next((name for name in STAMPS if name in columns), None)


def changed_since(rows: QuerySet[Any, Any], column: str, text: str) -> QuerySet[Any, Any]:
    """The rows that changed at this instant or later."""
    return rows.filter(**{f"{column}__gte": instant(text)})
