"""The verbs of a sales order: one table that legality, rights, buttons and tests derive from."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from rmaproject.shared.transitions import Transition


class OrderStatus(TextChoices):
    """The stored status of a sales order; `shipped` is computed from quantities."""

    PENDING = "pending", _("Pending")
    IN_PROGRESS = "in_progress", _("In progress")
    ON_HOLD = "on_hold", _("On hold")
    COMPLETE = "complete", _("Complete")
    CANCELLED = "cancelled", _("Cancelled")


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


class Via(TextChoices):
    """By which way money goes back."""

    GATEWAY = "gateway", _("Original method")
    BANK = "bank", _("Bank transfer")
    MANUAL = "manual", _("By hand")


class RefundState(TextChoices):
    """How far a refund has come; `unknown` when nobody said what became of it."""

    WAITING_DETAILS = "waiting_details", _("Waiting for bank details")
    WAITING_APPROVAL = "waiting_approval", _("Waiting for approval")
    READY = "ready", _("Ready")
    SENT = "sent", _("Sent")
    UNKNOWN = "unknown", _("Unknown")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


R = RefundState
#: Refunds that nobody has begun to pay.
UNSENT: Final = (R.WAITING_DETAILS, R.WAITING_APPROVAL, R.READY, R.FAILED)
#: Refunds whose amount is reserved and not paid yet.
ON_THEIR_WAY: Final = (*UNSENT, R.SENT, R.UNKNOWN)

#: DOMAIN 5. Target None: what the facts say, or the gateway; no refund is cancelled after it was sent.
REFUND_VERBS: Final = (
    # verb        label                  from                       to            permission
    T("approve",  "Approve",             (R.WAITING_APPROVAL,),     R.READY,      "sales.approve_refund"),
    T("pay",      "Pay",                 (R.READY,),                R.SENT,       "sales.pay_refund"),
    T("ask",      "Ask the gateway",     (R.SENT, R.UNKNOWN),       None,         "sales.pay_refund"),
    T("confirm",  "Confirm as paid",     (R.SENT,),                 R.DONE,       "sales.pay_refund"),
    T("fail",     "Mark as failed",      (R.SENT,),                 R.FAILED,     "sales.pay_refund", needs_reason=True),
    T("retry",    "Try again",           (R.FAILED,),               R.READY,      "sales.pay_refund"),
    T("details",  "Set bank details",    UNSENT,                    None,         "sales.edit_bank_details"),
    T("change",   "Change",              UNSENT,                    None,         "sales.edit_refund"),
    T("cancel",   "Cancel",              UNSENT,                    R.CANCELLED,  "sales.cancel_refund"),
)  # fmt: skip

REFUND_PERMISSIONS: Final[list[Any]] = [
    ("view_refund", "See refunds"),
    ("create_refund", "Ask for refunds of credit notes"),
    ("edit_refund", "Change refunds"),
    ("approve_refund", "Approve refunds"),
    ("pay_refund", "Pay refunds"),
    ("cancel_refund", "Cancel refunds"),
]
