"""The history of a return as comments, one for each operation of a caller."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from returns.compat.zoho.words import operation
from returns.models import ReturnOrder
from rmaproject.audit.models import AuditEntry
from rmaproject.shared import clock

#: Seconds of each unit of time, the longest first.
_SPANS: Final = (
    ("year", 31_536_000),
    ("month", 2_592_000),
    ("day", 86_400),
    ("hour", 3_600),
    ("minute", 60),
)


def comments_of(order: ReturnOrder, entries: Sequence[AuditEntry]) -> list[dict[str, Any]]:
    """A comment for each operation, oldest first.

    What one request did, with what the rules let follow, is one operation.
    """
    now = clock.now(order.business)
    keyed = groupby(entries, key=lambda entry: entry.request_id or f"#{entry.n}")
    return [_comment(order, next(group), now) for _, group in keyed]


def _comment(order: ReturnOrder, entry: AuditEntry, now: datetime) -> dict[str, Any]:
    at = entry.at.astimezone(now.tzinfo)
    return {
        "comment_id": f"{order.uuid}-{entry.n}",
        "salesreturn_id": str(order.uuid),
        "commented_by": entry.actor.get_username() if entry.actor else "",
        "comment_type": "system",
        "date": at.date().isoformat(),
        "date_description": ago((now - at).total_seconds()),
        "time": f"{at.hour % 12 or 12}:{at:%M} {'AM' if at.hour < 12 else 'PM'}",
        "operation_type": operation(entry.verb),
        "transaction_id": str(order.uuid),
        "transaction_type": "salesreturn",
    }


def ago(seconds: float) -> str:
    """How long ago something was, in words."""
    for name, span in _SPANS:
        if seconds >= span:
            many = int(seconds // span)
            return f"{many} {name}{'' if many == 1 else 's'} ago"
    return "few seconds ago"
