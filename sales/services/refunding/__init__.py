"""Money that goes back: intended first, then approved, paid, asked for, and settled (DOMAIN 5).

A refund reserves its amount on the credit note and on the payments it gives back, so nothing is
promised twice. Locks are taken in this order: what follows the note (returns), its account, the
refund.
"""

from __future__ import annotations

from sales.services.refunding.changing import (
    approve_refund,
    cancel_refund,
    change_refund,
    set_refund_details,
)
from sales.services.refunding.delivering import ask_gateway, deliver, settle_due
from sales.services.refunding.followers import FOLLOWERS, Follower
from sales.services.refunding.intending import cancel_refunds, intend_refunds, refund_credit
from sales.services.refunding.locking import holding, holding_note, lock_refund
from sales.services.refunding.paying import (
    ask_refund,
    confirm_refund,
    fail_refund,
    pay_refund,
    retry_refund,
)
from sales.services.refunding.terms import RefundTerms, unpromised

__all__ = [
    "FOLLOWERS",
    "Follower",
    "RefundTerms",
    "approve_refund",
    "ask_gateway",
    "ask_refund",
    "cancel_refund",
    "cancel_refunds",
    "change_refund",
    "confirm_refund",
    "deliver",
    "fail_refund",
    "holding",
    "holding_note",
    "intend_refunds",
    "lock_refund",
    "pay_refund",
    "refund_credit",
    "retry_refund",
    "set_refund_details",
    "settle_due",
    "unpromised",
]
