from __future__ import annotations

from returns.models.calendar import CalendarKind, CalendarText
from returns.models.codes import Reason, ReturnsSwitch
from returns.models.decision import Disposal, Inspection, LineCredit, Release, Waiver
from returns.models.disposition import VALUE_LEFT, Action, Disposition
from returns.models.line import PAID_OUTCOMES, ExtraLine, Outcome, ReturnLine
from returns.models.order import Audience, Comment, ReturnOrder
from returns.models.receipt import Condition, Parcel, Receipt, ReceiptLine
from returns.models.sheet import Grade, Sheet, Verdict

__all__ = [
    "PAID_OUTCOMES",
    "VALUE_LEFT",
    "Action",
    "Audience",
    "CalendarKind",
    "CalendarText",
    "Comment",
    "Condition",
    "Disposal",
    "Disposition",
    "ExtraLine",
    "Grade",
    "Inspection",
    "LineCredit",
    "Outcome",
    "Parcel",
    "Reason",
    "Receipt",
    "ReceiptLine",
    "Release",
    "ReturnLine",
    "ReturnOrder",
    "ReturnsSwitch",
    "Sheet",
    "Verdict",
    "Waiver",
]
