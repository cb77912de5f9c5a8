"""Refunds as JSON, and what their verbs take."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from rmaproject.access.actors import Actor
from rmaproject.rest.inputs import AmountInput, Input, TextInput
from rmaproject.rest.outputs import NamedOutput, RecordOutput
from rmaproject.rest.shapes import AmountOutput, id_of, in_short
from rmaproject.shared import money
from sales.api.bank_shapes import BankDetailsField, MaskedOutput, masked
from sales.models import Refund
from sales.refund_actions import allowed_refund_verbs
from sales.services.limits import Limits
from sales.states import RefundState, Via

#: By which way somebody may ask for; by which gateway money goes back, its payment says.
CHOSEN = [Via.BANK.value, Via.MANUAL.value]


class RefundPartOutput(serializers.Serializer[Any]):
    """How much of which payment goes back."""

    payment = serializers.UUIDField()
    amount = AmountOutput()


class FailureOutput(serializers.Serializer[Any]):
    """Why the last attempt failed."""

    code = serializers.CharField()
    text = serializers.CharField()


class RefundOutput(RecordOutput):
    """A refund. `key` names the payout to the gateway and stays until an attempt has failed."""

    reference = serializers.CharField()
    business = NamedOutput()
    customer = NamedOutput()
    credit_note = serializers.UUIDField()
    state = serializers.ChoiceField(choices=RefundState.choices)
    via = serializers.ChoiceField(choices=Via.choices)
    gateway = serializers.CharField()
    currency = serializers.CharField()
    amount = AmountOutput()
    parts = RefundPartOutput(many=True)
    bank_details = MaskedOutput(allow_null=True)
    bank_file = serializers.UUIDField(allow_null=True)
    key = serializers.CharField()
    attempts = serializers.IntegerField()
    payout_reference = serializers.CharField()
    failure = FailureOutput(allow_null=True)
    approval_above = AmountOutput(allow_null=True)
    four_eyes_above = AmountOutput(allow_null=True)
    requested_by = serializers.CharField(allow_null=True)
    approved_by = serializers.CharField(allow_null=True)
    approved_at = serializers.DateTimeField(allow_null=True)
    paid_by = serializers.CharField(allow_null=True)
    sent_at = serializers.DateTimeField(allow_null=True)
    settled_at = serializers.DateTimeField(allow_null=True)
    allowed_actions = serializers.ListField(child=serializers.CharField())


class NothingInput(Input):
    """A verb that needs no more than the record and its version."""


class RefundFailInput(Input):
    reason = serializers.CharField(max_length=500)


class RefundCancelInput(Input):
    """With `keep` the amount stays the customer's store credit, else it is open again."""

    keep = serializers.BooleanField(required=False)
    reason = TextInput(max_length=500)


class RefundDetailsInput(Input):
    """To which account the money goes."""

    bank_details = BankDetailsField()


class RefundChangeInput(Input):
    """Another amount, another way, or both; an approval of what was before counts no more."""

    amount = AmountInput(required=False)
    via = serializers.ChoiceField(CHOSEN, required=False)


class RefundInput(Input):
    """What of a credit note to refund: its open rest, or this amount in its currency."""

    amount = AmountInput(required=False)
    currency = TextInput(max_length=3)
    via = serializers.ChoiceField(CHOSEN, required=False)


def show_refund(row: Refund, actor: Actor, limits: Limits) -> dict[str, Any]:
    """A refund, loaded with its details, as JSON."""
    failed = {"code": row.failure_code, "text": row.failure_text} if row.failure_code else None
    return {
        "id": row.uuid,
        "version": row.version,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "reference": row.reference,
        "business": in_short(row.business, by="code"),
        "customer": in_short(row.customer),
        "credit_note": row.credit_note.uuid,
        "state": row.state,
        "via": row.via,
        "gateway": row.gateway,
        "currency": row.currency,
        "amount": money.amount(row.amount, row.currency),
        "parts": _parts(row),
        "bank_details": masked(row.bank_details),
        "bank_file": id_of(row.bank_file),
        "key": row.key,
        "attempts": row.attempts,
        "payout_reference": row.payout_reference,
        "failure": failed,
        "approval_above": _limit(row.approval_above, row.currency),
        "four_eyes_above": _limit(row.four_eyes_above, row.currency),
        "requested_by": _name(row.requested_by),
        "approved_by": _name(row.approved_by),
        "approved_at": row.approved_at,
        "paid_by": _name(row.paid_by),
        "sent_at": row.sent_at,
        "settled_at": row.settled_at,
        "allowed_actions": allowed_refund_verbs(row, actor, limits),
    }


def _parts(row: Refund) -> list[dict[str, Any]]:
    """What goes back of each payment, all together."""
    sums: dict[Any, Any] = {}
    for part in row.parts.all():
        key = part.payment.uuid
        sums[key] = sums.get(key, money.ZERO) + part.amount
    return [
        {"payment": key, "amount": money.amount(amount, row.currency)}
        for key, amount in sums.items()
        if amount
    ]


def _limit(amount: Any, currency: str) -> str | None:
    return None if amount is None else money.amount(amount, currency)


def _name(user: Any) -> str | None:
    return user.username if user else None
