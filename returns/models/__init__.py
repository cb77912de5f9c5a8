from __future__ import annotations

from returns.models.approval import Approval, ApprovalStep
from returns.models.calendar import CalendarKind, CalendarText
from returns.models.codes import Action, Disposition, Reason, ReturnsSwitch
from returns.models.decision import Disposal, Inspection, LineCredit, Release, Verdict, Waiver
from returns.models.line import PAID_OUTCOMES, ExtraLine, Outcome, ReturnLine
from returns.models.order import Audience, Comment, ReturnOrder
from returns.models.policy import PolicyStatus, PolicyVersion
from returns.models.receipt import Condition, Parcel, Receipt, ReceiptLine

__all__ = [
    "PAID_OUTCOMES",
    "Action",
    "Approval",
    "ApprovalStep",
    "Audience",
    "CalendarKind",
    "CalendarText",
    "Comment",
    "Condition",
    "Disposal",
    "Disposition",
    "ExtraLine",
    "Inspection",
    "LineCredit",
    "Outcome",
    "Parcel",
    "PolicyStatus",
    "PolicyVersion",
    "Reason",
    "Receipt",
    "ReceiptLine",
    "Release",
    "ReturnLine",
    "ReturnOrder",
    "ReturnsSwitch",
    "Verdict",
    "Waiver",
]
