"""Refusals as numbers: that system's own where it has one for the same, else ours from 900001."""

from __future__ import annotations

from typing import Any, Final

from rmaproject.rest.problems import Refusal

UNKNOWN_ORGANIZATION: Final = "unknown_organization"

#: Ours in the order in which they came to be; a number once given stays.
_OURS: Final = (
    # 900001
    "returns_disabled exceeds_returnable not_eligible exceeds_expected reference_exists "
    # 900006
    "illegal_transition on_hold stock_moved_on refund_out line_has_history "
    # 900011
    "below_received waived_stays goods_received credit_booked replacement_shipped "
    # 900016
    "serial_missing wrong_serial not_held_by_customer wrong_sale wrong_part "
    # 900021
    "wrong_customer not_goods not_batched invalid_expiry location_missing "
    # 900026
    "invalid_date date_stays invalid_quantity unit_counts_one kit_mismatch "
    # 900031
    "line_ambiguous invalid_reference not_a_choice custom_required company_inactive "
    # 900036
    "unit_on_another_return unit_waived reversed_already is_reversal concurrent_change "
    # 900041
    "idempotency_key_reused request_in_progress invalid_idempotency_key too_large busy "
    # 900046
    "database_unavailable stale_version unsupported_media_type not_acceptable quota_exceeded "
    # 900051
    "line_void nothing_received outcome_given too_large_body"
).split()

CODES: Final[dict[str, int]] = {
    "invalid": 4,
    "unknown_address": 5,
    "method_not_allowed": 6,
    "not_authenticated": 14,
    "not_permitted": 57,
    "not_found": 1002,
    "malformed": 1038,
    UNKNOWN_ORGANIZATION: 6041,
    **{word: 900001 + place for place, word in enumerate(_OURS)},
}
#: What has no number of its own, by its HTTP status.
BY_STATUS: Final = 900000

#: Their word for the last step of a pointer into what our services were given.
_STEPS: Final = {
    "quantity": "quantity",
    "waived": "non_receive_quantity",
    "order_line": "salesorder_item_id",
    "line": "line_item_id",
    "part": "item_id",
    "location": "location_id",
    "serial": "serial_numbers",
    "batch": "batches",
    "reference": "salesreturn_number",
    "requested_on": "date",
    "received_on": "date",
    "custom": "custom_fields",
    "reason": "reason",
}


def number(refusal: Refusal) -> int:
    """The number of a refusal, never 0: its word's own, else one for its status."""
    return CODES.get(refusal.code, BY_STATUS + refusal.status)


def envelope(refusal: Refusal) -> dict[str, Any]:
    """A refusal as that system's clients read it; `error` is our word for it.

    `error_info` points to what was wrong in the body, where that is known.
    """
    body: dict[str, Any] = {
        "code": number(refusal),
        "message": refusal.message,
        "error": refusal.code,
    }
    if refusal.errors:
        body["message"] = refusal.errors[0]["detail"]
        body["error_info"] = [error["pointer"] for error in refusal.errors]
    return body


def their_pointer(pointer: str, places: list[str]) -> str:
    """A pointer into what a service was given as one into the body that it was read from.

    `places` say where each of the service's lines stood.
    """
    steps = pointer.split("/")[1:]
    root = ""
    if len(steps) > 1 and steps[0] == "lines" and steps[1].isdigit():
        place = int(steps[1])
        root, steps = places[place] if place < len(places) else "/line_items", steps[2:]
    if not steps:
        return root
    return f"{root}/{_STEPS.get(steps[0], steps[0])}"
