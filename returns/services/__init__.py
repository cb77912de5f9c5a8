"""What may be done to returns; the only writer of them. Each function is one transaction."""

from __future__ import annotations

from returns.services.attaching import attach_file, attach_link, describe_files, remove_file
from returns.services.charging import charge_return
from returns.services.codes import (
    create_disposition,
    create_reason,
    edit_disposition,
    edit_reason,
)
from returns.services.crediting import credit_return
from returns.services.custom import create_custom_field, edit_custom_field
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
    ChargeInput,
    Charges,
    Consignment,
    CreditInput,
    DisposeInput,
    InspectInput,
    LineInput,
    MatchInput,
    ReceiveInput,
    RecordExtra,
    RecordInput,
    RecordLine,
    ReplaceInput,
    SendBackInput,
    SurpriseInput,
)
from returns.services.inspecting import inspect_return
from returns.services.kit_restocking import KitRestockInput, restock_kit
from returns.services.matching import match_return
from returns.services.opening import open_return
from returns.services.receiving import receive_return
from returns.services.recording import record_return
from returns.services.recording_rest import record_rest
from returns.services.releasing import QuantityInput, release_return, waive_return
from returns.services.replacing import replace_return
from returns.services.requesting import add_lines, request_return
from returns.services.reversing import reverse_credit, reverse_receipt
from returns.services.rewriting import LineWish, rewrite_lines
from returns.services.sending_back import send_back_return
from returns.services.serials import each_unit
from returns.services.sheets import create_sheet, edit_sheet
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
    "ChargeInput",
    "Charges",
    "Consignment",
    "CreditInput",
    "DisposeInput",
    "InspectInput",
    "KitRestockInput",
    "LineInput",
    "LineWish",
    "MatchInput",
    "QuantityInput",
    "ReceiveInput",
    "RecordExtra",
    "RecordInput",
    "RecordLine",
    "ReplaceInput",
    "SendBackInput",
    "SurpriseInput",
    "add_comment",
    "add_extra_line",
    "add_lines",
    "add_parcel",
    "approve_return",
    "attach_file",
    "attach_link",
    "cancel_return",
    "charge_return",
    "complete_return",
    "create_custom_field",
    "create_disposition",
    "create_reason",
    "create_sheet",
    "credit_return",
    "delete_return",
    "describe_files",
    "dispose_return",
    "each_unit",
    "edit_custom_field",
    "edit_disposition",
    "edit_extra_line",
    "edit_line",
    "edit_parcel",
    "edit_reason",
    "edit_return",
    "edit_sheet",
    "hold_return",
    "inspect_return",
    "issue_return",
    "match_return",
    "open_return",
    "receive_return",
    "record_rest",
    "record_return",
    "reject_return",
    "release_return",
    "remove_extra_line",
    "remove_file",
    "remove_line",
    "reopen_return",
    "replace_return",
    "request_return",
    "restock_kit",
    "resume_return",
    "returns_are_on",
    "reverse_credit",
    "reverse_receipt",
    "rewrite_lines",
    "send_back_return",
    "turn_returns",
    "void_parcel",
    "waive_return",
]
