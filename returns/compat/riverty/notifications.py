"""What this system's subscribers hear: a refund is done."""

from __future__ import annotations

from typing import Any, Final

#: Our events that this system knows, and what it calls them.
TYPES: Final = {"refund.done": "accounting/refundCompleted"}


def notification(event: Any) -> dict[str, Any] | None:
    """An event of ours as this system's notification; None for what it has no word for.

    It holds ids and references, never a person's name, account or amount.
    """
    kind = TYPES.get(event.type)
    if kind is None:
        return None
    return {
        "notificationId": str(event.uuid),
        "notificationType": kind,
        "createdAt": event.at.isoformat(),
        "businessCode": event.data.get("business"),
        "refundId": event.data.get("id"),
        "refundReference": event.data.get("reference"),
    }
