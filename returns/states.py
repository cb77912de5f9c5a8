"""The verbs of a return: one table that legality, rights, buttons, pages and tests derive from.

Authorisation is the only stored status. Goods and money are computed from quantities.
"""

from __future__ import annotations

from typing import Any, Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from rmaproject.shared.transitions import Transition


class Status(TextChoices):
    """How far the permission to send goods back has come."""

    PENDING = "pending", _("Pending")
    AWAITING_APPROVAL = "awaiting_approval", _("Awaiting approval")
    IN_PROGRESS = "in_progress", _("In progress")
    ON_HOLD = "on_hold", _("On hold")
    COMPLETE = "complete", _("Complete")
    CANCELLED = "cancelled", _("Cancelled")
    REJECTED = "rejected", _("Rejected")


class Goods(TextChoices):
    """What has arrived of what is expected."""

    NONE = "none", _("None")
    EXPECTED = "expected", _("Expected")
    PARTIALLY_RECEIVED = "partially_received", _("Partially received")
    RECEIVED = "received", _("Received")


class Money(TextChoices):
    """What has been settled of what is owed to the customer."""

    NONE = "none", _("None")
    DUE = "due", _("Due")
    PARTIALLY_REFUNDED = "partially_refunded", _("Partially refunded")
    REFUNDED = "refunded", _("Refunded")


S = Status
T = Transition
LIVE: Final = (S.PENDING, S.AWAITING_APPROVAL, S.IN_PROGRESS)

#: Verbs of the header (DOMAIN 1) and of lines (DOMAIN 2). Target None: the status stays;
#: resume goes back to what the return was held from, issue waits where approval is asked.
VERBS: Final = (
    # verb              label                  from                               to             permission
    T("issue",          "Issue",               (S.PENDING,),                      S.IN_PROGRESS, "returns.issue_return"),
    T("approve",        "Approve",             (S.AWAITING_APPROVAL,),            S.IN_PROGRESS, "returns.approve_return"),
    T("receive",        "Receive goods",       (S.IN_PROGRESS, S.ON_HOLD),        None,          "returns.receive_return"),
    T("inspect",        "Inspect goods",       (S.IN_PROGRESS,),                  None,          "returns.inspect_return"),
    T("dispose",        "Decide goods",        (S.IN_PROGRESS,),                  None,          "returns.dispose_return"),
    T("credit",         "Book credit",         (S.IN_PROGRESS,),                  None,          "returns.credit_return"),
    T("replace",        "Replace",             (S.IN_PROGRESS, S.COMPLETE),       None,          "returns.replace_return"),
    T("send_back",      "Send back",           (S.IN_PROGRESS, S.COMPLETE),       None,          "returns.send_back_return"),
    T("charge",         "Charge",              (S.IN_PROGRESS, S.COMPLETE),       None,          "returns.charge_return"),
    T("complete",       "Complete",            (S.IN_PROGRESS,),                  S.COMPLETE,    "returns.complete_return"),
    T("edit",           "Edit",                LIVE,                              None,          "returns.edit_return"),
    T("match",          "Match to a sale",        (S.PENDING, S.IN_PROGRESS),         None,          "returns.match_return"),
    T("release",        "Release",             (S.IN_PROGRESS, S.ON_HOLD),        None,          "returns.release_return"),
    T("waive",          "Waive",               (S.PENDING, S.IN_PROGRESS),        None,          "returns.credit_without_goods"),
    T("resume",         "Resume",              (S.ON_HOLD,),                      None,          "returns.resume_return"),
    T("hold",           "Hold",                LIVE,                              S.ON_HOLD,     "returns.hold_return", needs_reason=True),
    T("reject",         "Reject",              (S.AWAITING_APPROVAL,),            S.REJECTED,    "returns.reject_return", needs_reason=True),
    T("cancel",         "Cancel",              (*LIVE, S.ON_HOLD),                S.CANCELLED,   "returns.cancel_return"),
    T("reopen",         "Reopen",              (S.COMPLETE,),                     S.IN_PROGRESS, "returns.reopen_return", needs_reason=True),
    T("delete",         "Delete",              (*LIVE, S.ON_HOLD),                S.CANCELLED,   "returns.delete_return"),
)  # fmt: skip

#: Returns that still ask for work.
OPEN: Final = (S.PENDING, S.AWAITING_APPROVAL, S.IN_PROGRESS, S.ON_HOLD)
#: Where complete, cancelled and rejected returns have ended.
CLOSED: Final = (S.COMPLETE, S.CANCELLED, S.REJECTED)

RETURN_PERMISSIONS: Final[list[Any]] = [
    ("view_return", "See returns"),
    ("create_return", "Create returns"),
    ("record_return", "Record returns that happened elsewhere"),
    ("comment_return", "Write notes on returns"),
    ("override_policy", "Go against the rules for returns, with a reason"),
    ("receive_unknown", "Take in parcels that no return is known for"),
    ("reverse_receipt", "Take receipts of goods back"),
    ("reverse_credit", "Take credit notes of returns back"),
    ("override_inspection", "Go against what an inspection proposes, with a reason"),
    *((row.permission.partition(".")[2], f"{row.label}: returns") for row in VERBS),
]
