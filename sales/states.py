"""The verbs of a sales order: one table that legality, rights, buttons and tests derive from."""

from __future__ import annotations

from typing import Final

from django.db.models import TextChoices

from rmaproject.shared.transitions import Transition


class OrderStatus(TextChoices):
    """The stored status of a sales order; `shipped` is computed from quantities."""

    PENDING = "pending", "Pending"
    IN_PROGRESS = "in_progress", "In progress"
    ON_HOLD = "on_hold", "On hold"
    COMPLETE = "complete", "Complete"
    CANCELLED = "cancelled", "Cancelled"


S = OrderStatus
T = Transition

#: DOMAIN 4. Target None: the status stays; a held order resumes to what it was held from.
ORDER_VERBS: Final = (
    # verb        label             from                                     to             permission
    T("issue",    "Issue",          (S.PENDING,),                            S.IN_PROGRESS, "sales.issue_order"),
    T("hold",     "Hold",           (S.PENDING, S.IN_PROGRESS),              S.ON_HOLD,     "sales.hold_order"),
    T("resume",   "Resume",         (S.ON_HOLD,),                            None,          "sales.resume_order"),
    T("allocate", "Allocate stock", (S.PENDING, S.IN_PROGRESS),              None,          "sales.allocate_order"),
    T("ship",     "Ship",           (S.IN_PROGRESS,),                        None,          "sales.ship_order"),
    T("complete", "Complete",       (S.IN_PROGRESS,),                        S.COMPLETE,    "sales.complete_order"),
    T("cancel",   "Cancel",         (S.PENDING, S.IN_PROGRESS, S.ON_HOLD),   S.CANCELLED,   "sales.cancel_order"),
    T("edit",     "Edit",           (S.PENDING, S.IN_PROGRESS),              None,          "sales.edit_order"),
)  # fmt: skip

#: Orders that still ask for work.
OPEN: Final = (S.PENDING, S.IN_PROGRESS, S.ON_HOLD)

ORDER_PERMISSIONS: Final = [
    ("issue_order", "Issue sales orders"),
    ("hold_order", "Hold sales orders"),
    ("resume_order", "Resume sales orders"),
    ("ship_order", "Ship sales orders"),
    ("complete_order", "Complete sales orders"),
    ("cancel_order", "Cancel sales orders"),
]
