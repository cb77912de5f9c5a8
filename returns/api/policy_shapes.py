"""What versions of the rules and their trials show; rows by hand, serializers for the schema."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from returns.facts import rules_of
from returns.models import PolicyStatus, PolicyVersion
from returns.policies import sentence
from returns.services.replaying import Change, Replay, Ruling
from rmaproject.rest.outputs import NamedOutput, RecordOutput
from rmaproject.rest.shapes import AmountOutput, in_short
from rmaproject.shared import money


class PolicyOutput(RecordOutput):
    """A version; `valid_until` is the first day on which it holds no more."""

    business = NamedOutput()
    number = serializers.IntegerField()
    name = serializers.CharField()
    status = serializers.ChoiceField(PolicyStatus.choices)
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True)
    rules = serializers.DictField()
    sentences = serializers.ListField(child=serializers.CharField())


def show_policy(row: PolicyVersion) -> dict[str, Any]:
    """A version with its document, and its rules in plain sentences."""
    return {
        "id": row.uuid,
        "version": row.version,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "business": in_short(row.business, by="code"),
        "number": row.number,
        "name": row.name,
        "status": row.status,
        "valid_from": row.valid.lower if row.valid else None,
        "valid_until": row.valid.upper if row.valid else None,
        "rules": row.rules,
        "sentences": [sentence(rule) for rule in rules_of(row).rules],
    }


class RefusedOutput(serializers.Serializer[Any]):
    line = serializers.IntegerField()
    code = serializers.CharField()


class RulingOutput(serializers.Serializer[Any]):
    """What a version says about a return; `credit` is after fee and shipping."""

    allowed = serializers.BooleanField()
    refused = RefusedOutput(many=True)
    approval = serializers.BooleanField()
    fee = AmountOutput()
    shipping = AmountOutput()
    credit = AmountOutput()


class ReplayedReturnOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    reference = serializers.CharField()
    requested_on = serializers.DateField()


class ReplayChangeOutput(serializers.Serializer[Any]):
    return_order = ReplayedReturnOutput()
    currency = serializers.CharField()
    before = RulingOutput()
    after = RulingOutput()


class ReplayAmountsOutput(serializers.Serializer[Any]):
    fee = AmountOutput()
    shipping = AmountOutput()
    credit = AmountOutput()


class ReplaySumOutput(serializers.Serializer[Any]):
    currency = serializers.CharField()
    before = ReplayAmountsOutput()
    after = ReplayAmountsOutput()


class ReplayOutput(serializers.Serializer[Any]):
    """Which returns would have been ruled otherwise; `more` when not all were looked at."""

    looked_at = serializers.IntegerField()
    more = serializers.BooleanField()
    changes = ReplayChangeOutput(many=True)
    sums = ReplaySumOutput(many=True)


def show_replay(found: Replay) -> dict[str, Any]:
    """A trial as JSON."""
    return {
        "looked_at": found.looked_at,
        "more": found.more,
        "changes": [_change(change) for change in found.changes],
        "sums": [
            {
                "currency": currency,
                "before": _amounts(sums.before, currency),
                "after": _amounts(sums.after, currency),
            }
            for currency, sums in sorted(found.sums.items())
        ],
    }


def _change(change: Change) -> dict[str, Any]:
    order = change.order
    return {
        "return_order": {
            "id": order.uuid,
            "reference": order.reference,
            "requested_on": order.requested_on,
        },
        "currency": change.currency,
        "before": _ruling(change.before, change.currency),
        "after": _ruling(change.after, change.currency),
    }


def _ruling(ruling: Ruling, currency: str) -> dict[str, Any]:
    return {
        "allowed": not ruling.refused,
        "refused": [{"line": number, "code": code} for number, code in ruling.refused],
        "approval": ruling.approval,
        "fee": money.amount(ruling.fee, currency),
        "shipping": money.amount(ruling.shipping, currency),
        "credit": money.amount(ruling.credit, currency),
    }


def _amounts(sums: dict[str, Decimal], currency: str) -> dict[str, str]:
    return {name: money.amount(sums[name], currency) for name in ("fee", "shipping", "credit")}
