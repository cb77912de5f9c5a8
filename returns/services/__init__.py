"""What may be done to returns; the only writer of them. Each function is one transaction."""

from __future__ import annotations

from returns.services.codes import (
    create_disposition,
    create_reason,
    edit_disposition,
    edit_reason,
)
from returns.services.crediting import credit_return
from returns.services.disposing import dispose_return
from returns.services.editing import (
    add_comment,
    add_extra_line,
    add_parcel,
    edit_extra_line,
    edit_line,
    edit_parcel,
    edit_return,
    remove_extra_line,
    remove_line,
    void_parcel,
)
from returns.services.inputs import (
    ArrivalInput,
    CreditInput,
    DisposeInput,
    LineInput,
    MatchInput,
    ReceiveInput,
    RecordExtra,
    RecordInput,
    RecordLine,
    SurpriseInput,
)
from returns.services.matching import match_return
from returns.services.receiving import receive_return
from returns.services.recording import record_return
from returns.services.releasing import QuantityInput, release_return, waive_return
from returns.services.requesting import add_lines, request_return
from returns.services.reversing import reverse_credit, reverse_receipt
from returns.services.status import (
    approve_return,
    cancel_return,
    complete_return,
    delete_return,
    hold_return,
    issue_return,
    reject_return,
    reopen_return,
    resume_return,
)
from returns.services.switching import turn_returns
from returns.switch import returns_are_on

__all__ = [
    "ArrivalInput",
    "CreditInput",
    "DisposeInput",
    "LineInput",
    "MatchInput",
    "QuantityInput",
    "ReceiveInput",
    "RecordExtra",
    "RecordInput",
    "RecordLine",
    "SurpriseInput",
    "add_comment",
    "add_extra_line",
    "add_lines",
    "add_parcel",
    "approve_return",
    "cancel_return",
    "complete_return",
    "create_disposition",
    "create_reason",
    "credit_return",
    "delete_return",
    "dispose_return",
    "edit_disposition",
    "edit_extra_line",
    "edit_line",
    "edit_parcel",
    "edit_reason",
    "edit_return",
    "hold_return",
    "issue_return",
    "match_return",
    "receive_return",
    "record_return",
    "reject_return",
    "release_return",
    "remove_extra_line",
    "remove_line",
    "reopen_return",
    "request_return",
    "resume_return",
    "returns_are_on",
    "reverse_credit",
    "reverse_receipt",
    "turn_returns",
    "void_parcel",
    "waive_return",
]
