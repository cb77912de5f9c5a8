"""Their numbers for states, and ours; every table is total in our direction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q

from returns.models import Action, Condition, Outcome
from returns.states import Status
from stock.models import State


@dataclass(frozen=True)
class Code:
    """One state of theirs as its list of codes tells it."""

    key: int
    name: str
    label: str
    color: str = "secondary"


RETURN_CODES: Final = (
    Code(10, "PENDING", "Pending"),
    Code(20, "IN_PROGRESS", "In Progress", "primary"),
    Code(25, "ON_HOLD", "On Hold", "warning"),
    Code(30, "COMPLETE", "Complete", "success"),
    Code(40, "CANCELLED", "Cancelled", "danger"),
)
RETURN_STATUS: Final[Mapping[str, int]] = {
    Status.PENDING: 10,
    Status.AWAITING_APPROVAL: 10,
    Status.IN_PROGRESS: 20,
    Status.ON_HOLD: 25,
    Status.COMPLETE: 30,
    Status.CANCELLED: 40,
    Status.REJECTED: 40,
}

OUTCOME_CODES: Final = (
    Code(10, "PENDING", "Pending"),
    Code(20, "RETURN", "Return", "success"),
    Code(30, "REPAIR", "Repair", "primary"),
    Code(40, "REPLACE", "Replace", "warning"),
    Code(50, "REFUND", "Refund", "info"),
    Code(60, "REJECT", "Reject", "danger"),
)
OUTCOME: Final[Mapping[str, int]] = {
    Outcome.NOTHING: 10,
    Outcome.SENT_BACK: 20,
    Outcome.REPAIR: 30,
    Outcome.REPLACEMENT: 40,
    Outcome.REFUND: 50,
    Outcome.STORE_CREDIT: 50,
}
REJECTED: Final = 60
#: What a line is to become by a code of theirs.
WISHES: Final[Mapping[int, Outcome]] = {
    10: Outcome.NOTHING,
    20: Outcome.SENT_BACK,
    30: Outcome.REPAIR,
    40: Outcome.REPLACEMENT,
    50: Outcome.REFUND,
    60: Outcome.NOTHING,
}
#: Where received goods go that nobody has decided about, once one of these is chosen.
GOODS_GO: Final[Mapping[int, Action]] = {
    20: Action.SEND_BACK,
    30: Action.REPAIR,
    40: Action.QUARANTINE,
    50: Action.QUARANTINE,
    60: Action.SEND_BACK,
}

STOCK_CODES: Final = (
    Code(10, "OK", "OK", "success"),
    Code(50, "ATTENTION", "Attention needed", "warning"),
    Code(55, "DAMAGED", "Damaged", "warning"),
    Code(60, "DESTROYED", "Destroyed", "danger"),
    Code(65, "REJECTED", "Rejected", "danger"),
    Code(70, "LOST", "Lost", "dark"),
    Code(75, "QUARANTINED", "Quarantined", "info"),
    Code(85, "RETURNED", "Returned", "warning"),
)
STOCK_STATUS: Final[Mapping[str, int]] = {
    State.AVAILABLE: 10,
    State.HELD: 75,
    State.QUARANTINED: 75,
    State.IN_REPAIR: 50,
    State.REFURBISHING: 50,
    State.TO_SEND_BACK: 65,
    State.SOLD: 10,
    State.SCRAPPED: 60,
    State.RETURNED_TO_VENDOR: 65,
    State.DONATED: 60,
}
#: What a receipt in one of their states decides at once.
DECIDED_AT_THE_DOCK: Final[Mapping[int, Action]] = {
    10: Action.RESTOCK,
    85: Action.RESTOCK,
    60: Action.SCRAP,
}
#: What somebody at the dock saw who receives in one of their states; the goods are held.
SEEN_AT_THE_DOCK: Final[Mapping[int, Condition]] = {
    50: Condition.OPENED,
    55: Condition.DAMAGED,
    65: Condition.DAMAGED,
    75: Condition.UNKNOWN,
}


def label_of(codes: tuple[Code, ...], key: int) -> str:
    """The text of a code."""
    return next(code.label for code in codes if code.key == key)


def conditions(column: str, statuses: Mapping[str, int]) -> dict[int, Q]:
    """For each code of theirs the rows whose column holds one of our words for it."""
    found: dict[int, Q] = {}
    for word, code in statuses.items():
        found[code] = found.get(code, Q()) | Q(**{column: word})
    return found


def told(name: str, codes: tuple[Code, ...]) -> dict[str, Any]:
    """A list of codes as its address answers."""
    values = {
        code.name: {
            "key": code.key,
            "logical_key": None,
            "name": code.name,
            "label": code.label,
            "color": code.color,
            "custom": False,
        }
        for code in codes
    }
    return {"status_class": name, "values": values}
