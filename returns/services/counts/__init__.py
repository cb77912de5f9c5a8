"""Counting goods at the dock, scan by scan, until one receipt books them."""

from __future__ import annotations

from returns.services.counts.arriving import count_blind, count_shipment
from returns.services.counts.booking import finish_count, receipt_to_recount, reopen_count
from returns.services.counts.codes import Code, Command, read_code
from returns.services.counts.finding import Meaning, find_returns, find_sale, meanings_of
from returns.services.counts.keeping import (
    cancel_count,
    live_count,
    open_count,
    park_count,
    resume_count,
    set_carton,
)
from returns.services.counts.scanning import (
    Scanned,
    choose_meaning,
    name_unknown,
    scan_code,
    step_line,
    step_unexpected,
    undo_scan,
)
from returns.services.counts.tally import Pile, Tally, tally_of

__all__ = [
    "Code",
    "Command",
    "Meaning",
    "Pile",
    "Scanned",
    "Tally",
    "cancel_count",
    "choose_meaning",
    "count_blind",
    "count_shipment",
    "find_returns",
    "find_sale",
    "finish_count",
    "live_count",
    "meanings_of",
    "name_unknown",
    "open_count",
    "park_count",
    "read_code",
    "receipt_to_recount",
    "reopen_count",
    "resume_count",
    "scan_code",
    "set_carton",
    "step_line",
    "step_unexpected",
    "tally_of",
    "undo_scan",
]
