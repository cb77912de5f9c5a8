"""What can happen to a unit: the events of a life, and the words for places and people."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from stock.models import Location, Movement

#: What happened, in the order in which events of one moment are told.
TITLES: Final = {
    "booked_in": "Booked in",
    "moved": "Moved",
    "corrected": "Corrected",
    "sold": "Sold",
    "invoiced": "Invoiced",
    "announced": "Announced for return",
    "matched": "Matched to its sale",
    "received": "Received back",
    "receipt_reversed": "Receipt reversed",
    "inspected": "Inspected",
    "decided": "Decided",
    "scrapped": "Scrapped",
    "returned_to_vendor": "Returned to the vendor",
    "donated": "Donated",
    "repaired": "Repaired and sent back",
    "sent_back": "Sent back to the customer",
    "replaced": "Replacement ordered",
    "replacement_shipped": "Replacement shipped",
    "credited": "Credited",
    "credit_reversed": "Credit taken back",
    "refunded": "Refunded",
}
ORDER: Final = {kind: place for place, kind in enumerate(TITLES)}
#: Movements that no document stands behind, by their cause.
BY_CAUSE: Final = {
    "book_in": "booked_in",
    "correction": "corrected",
    "move": "moved",
    "shipment": "sold",
    "receipt": "received",
    "disposal": "decided",
    "reversal": "receipt_reversed",
    "send_back": "sent_back",
}
#: States in which a unit has left for good; the event is called by them.
_GONE: Final = ("scrapped", "returned_to_vendor", "donated")


@dataclass(frozen=True)
class Document:
    """A paper behind an event; without id and reference where the caller may not see it."""

    kind: str
    id: UUID | None = None
    reference: str = ""


@dataclass(frozen=True)
class LifeEvent:
    """One thing that happened to a unit."""

    at: datetime
    kind: str
    documents: tuple[Document, ...] = ()
    actor: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What happened, in a word or two."""
        return TITLES.get(self.kind, self.kind.replace("_", " ").capitalize())


def places(movement: Movement | None) -> dict[str, Any]:
    """Where a movement began and ended, in words."""
    if movement is None:
        return {}
    told = {
        "from": _place(movement.from_location, movement.from_state),
        "to": _place(movement.to_location, movement.to_state),
    }
    return {name: text for name, text in told.items() if text}


def end(movement: Movement | None) -> str:
    """How a unit left for good; "" while it has not."""
    gone = movement is not None and movement.to_state in _GONE
    return movement.to_state if movement and gone else ""


def _place(location: Location | None, state: str) -> str:
    return ", ".join(text for text in (location.code if location else "", state) if text)


def name(user: Any) -> str:
    """Who did it; empty for a program."""
    return user.get_username() if user else ""
