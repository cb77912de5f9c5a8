"""In which words an event is told. Adapters register those of their systems."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from rmaproject.events.models import Event

#: What the words of a format are made with; None means that the event is not for this format.
Format = Callable[[Event], dict[str, Any] | None]


def standard(event: Event) -> dict[str, Any] | None:
    """As Standard Webhooks has it: type, timestamp and data."""
    return {"type": event.type, "timestamp": event.at.isoformat(), "data": event.data}


FORMATS: Final[dict[str, Format]] = {"standard": standard}
