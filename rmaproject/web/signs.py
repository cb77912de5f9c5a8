"""How states, events and messages look: a shape, a word, and a tone that only repeats them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy


@dataclass(frozen=True)
class Sign:
    """How one state looks: its own shape, its word, and a tone that only repeats them."""

    glyph: str
    word: Any  # translated when it is shown
    tone: str
    raised: bool = False  # asks for attention in a list


SIGNS = {
    "authorisation": {
        "pending": Sign("s-pending", gettext_lazy("Pending"), "calm", raised=True),
        "awaiting_approval": Sign(
            "s-approval", gettext_lazy("Awaiting approval"), "wait", raised=True
        ),
        "in_progress": Sign("s-progress", gettext_lazy("In progress"), "info"),
        "on_hold": Sign("s-hold", gettext_lazy("On hold"), "wait", raised=True),
        "complete": Sign("s-complete", gettext_lazy("Complete"), "ok"),
        "cancelled": Sign("s-cancelled", gettext_lazy("Cancelled"), "calm"),
        "rejected": Sign("s-rejected", gettext_lazy("Rejected"), "bad"),
    },
    "goods": {
        "none": Sign("g-none", gettext_lazy("None expected"), "calm"),
        "expected": Sign("g-expected", gettext_lazy("Expected"), "calm"),
        "partially_received": Sign("g-part", gettext_lazy("Partially received"), "info"),
        "received": Sign("g-full", gettext_lazy("Received"), "ok"),
    },
    "money": {
        "none": Sign("m-none", gettext_lazy("Nothing owed"), "calm"),
        "due": Sign("m-due", gettext_lazy("Due"), "wait"),
        "partially_refunded": Sign("m-part", gettext_lazy("Partially refunded"), "info"),
        "refunded": Sign("m-full", gettext_lazy("Refunded"), "ok"),
    },
    "refund": {
        "waiting_details": Sign("s-pending", gettext_lazy("Waiting for details"), "wait", True),
        "waiting_approval": Sign("s-approval", gettext_lazy("Waiting for approval"), "wait", True),
        "ready": Sign("m-due", gettext_lazy("Ready"), "info", raised=True),
        "sent": Sign("s-progress", gettext_lazy("Sent"), "info"),
        "unknown": Sign("s-hold", gettext_lazy("Unknown"), "wait", raised=True),
        "done": Sign("s-complete", gettext_lazy("Done"), "ok"),
        "failed": Sign("s-rejected", gettext_lazy("Failed"), "bad", raised=True),
        "cancelled": Sign("s-cancelled", gettext_lazy("Cancelled"), "calm"),
    },
    "order": {
        "pending": Sign("s-pending", gettext_lazy("Pending"), "calm", raised=True),
        "in_progress": Sign("s-progress", gettext_lazy("In progress"), "info"),
        "on_hold": Sign("s-hold", gettext_lazy("On hold"), "wait", raised=True),
        "complete": Sign("s-complete", gettext_lazy("Complete"), "ok"),
        "cancelled": Sign("s-cancelled", gettext_lazy("Cancelled"), "calm"),
    },
}

AXIS_LABELS = {
    "authorisation": gettext_lazy("Authorisation"),
    "goods": gettext_lazy("Goods"),
    "money": gettext_lazy("Money"),
}

# What happened, as a sign beside an entry of the history.
TIMELINE_SIGNS = {
    "create": ("plus", ""),
    "edit": ("edit", ""),
    "issue": ("s-progress", "info"),
    "approve": ("check", "ok"),
    "reject": ("x", "bad"),
    "hold": ("pause", "wait"),
    "resume": ("s-progress", "info"),
    "receive": ("receive", ""),
    "reverse": ("undo", "wait"),
    "inspect": ("inspect", ""),
    "dispose": ("shelf", ""),
    "credit": ("refund", "ok"),
    "refund": ("bank", "ok"),
    "ship": ("truck", ""),
    "allocate": ("shelf", ""),
    "complete": ("s-complete", "ok"),
    "cancel": ("s-cancelled", "bad"),
    "reopen": ("undo", "wait"),
    "note": ("comment", ""),
    "file": ("clip", ""),
}

MESSAGE_TONES = {"success": ("ok", "ok"), "warning": ("wait", "alert"), "error": ("bad", "alert")}
