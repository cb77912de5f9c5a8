from __future__ import annotations

from returns.models.approval import Approval, ApprovalStep
from returns.models.calendar import CalendarKind, CalendarText
from returns.models.codes import Reason, ReturnsSwitch
from returns.models.count import (
    COUNTING,
    LIVE_COUNTS,
    Carton,
    Count,
    CountScan,
    CountState,
    LabelKind,
    LabelPrint,
    ScanVerdict,
)
from returns.models.custom import CustomField, CustomValue, FieldKind, Target
from returns.models.decision import Disposal, Inspection, LineCredit, Release, Waiver
from returns.models.demo import DemoLoad
from returns.models.disposition import VALUE_LEFT, Action, Disposition
from returns.models.feed import CalendarFeed, Responsible
from returns.models.imports import ImportRun, Subject
from returns.models.line import PAID_OUTCOMES, ExtraLine, Origin, Outcome, ReturnLine
from returns.models.order import Audience, Comment, ReturnOrder
from returns.models.outbound import ExtraCharge, Outbound, OutboundEnd, OutboundKind
from returns.models.policy import PolicyStatus, PolicyVersion
from returns.models.receipt import Condition, Parcel, Receipt, ReceiptLine
from returns.models.sheet import Grade, Sheet, Verdict

__all__ = [
    "COUNTING",
    "LIVE_COUNTS",
    "PAID_OUTCOMES",
    "VALUE_LEFT",
    "Action",
    "Approval",
    "ApprovalStep",
    "Audience",
    "CalendarFeed",
    "CalendarKind",
    "CalendarText",
    "Carton",
    "Comment",
    "Condition",
    "Count",
    "CountScan",
    "CountState",
    "CustomField",
    "CustomValue",
    "DemoLoad",
    "Disposal",
    "Disposition",
    "ExtraCharge",
    "ExtraLine",
    "FieldKind",
    "Grade",
    "ImportRun",
    "Inspection",
    "LabelKind",
    "LabelPrint",
    "LineCredit",
    "Origin",
    "Outbound",
    "OutboundEnd",
    "OutboundKind",
    "Outcome",
    "Parcel",
    "PolicyStatus",
    "PolicyVersion",
    "Reason",
    "Receipt",
    "ReceiptLine",
    "Release",
    "Responsible",
    "ReturnLine",
    "ReturnOrder",
    "ReturnsSwitch",
    "ScanVerdict",
    "Sheet",
    "Subject",
    "Target",
    "Verdict",
    "Waiver",
]
