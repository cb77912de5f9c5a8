from __future__ import annotations

from returns.models.calendar import CalendarKind, CalendarText
from returns.models.codes import Action, Disposition, Reason, ReturnsSwitch
from returns.models.custom import CustomField, CustomValue, FieldKind, Target
from returns.models.decision import Disposal, Inspection, LineCredit, Release, Verdict, Waiver
from returns.models.line import PAID_OUTCOMES, ExtraLine, Outcome, ReturnLine
from returns.models.order import Audience, Comment, ReturnOrder
from returns.models.receipt import Condition, Parcel, Receipt, ReceiptLine

__all__ = [
    "PAID_OUTCOMES",
    "Action",
    "Audience",
    "CalendarKind",
    "CalendarText",
    "Comment",
    "Condition",
    "CustomField",
    "CustomValue",
    "Disposal",
    "Disposition",
    "ExtraLine",
    "FieldKind",
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
    "Target",
    "Verdict",
    "Waiver",
]
