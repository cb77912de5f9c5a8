"""What the rules say about a return now: yes or no to each line, approval, and its terms."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from returns.api.outputs import PolicyNameOutput
from returns.api.rows import show_policy_name
from returns.models import ReturnOrder
from returns.ruling import Ruled, rule_on
from returns.services.eligible import shown_answer
from returns.terms import LineTerms, ReturnTerms
from rmaproject.rest.shapes import AmountOutput, PercentOutput
from rmaproject.rest.views import Resource
from rmaproject.shared import money


class CheckOutput(serializers.Serializer[Any]):
    """What one rule says."""

    aspect = serializers.CharField()
    allowed = serializers.BooleanField()
    code = serializers.CharField()
    message = serializers.CharField()
    rule = serializers.CharField()
    facts = serializers.DictField()


class LineAnswerOutput(serializers.Serializer[Any]):
    """Yes or no to a line, with the first refusal and with what every rule says."""

    line = serializers.UUIDField()
    number = serializers.IntegerField()
    allowed = serializers.BooleanField()
    code = serializers.CharField()
    message = serializers.CharField()
    rule = serializers.CharField()
    facts = serializers.DictField()
    checks = CheckOutput(many=True)
    fee_percent = PercentOutput()
    inspection_required = serializers.BooleanField()


class ApprovalAnswerOutput(serializers.Serializer[Any]):
    needed = serializers.BooleanField()
    four_eyes = serializers.BooleanField()
    code = serializers.CharField()
    rule = serializers.CharField()
    facts = serializers.DictField()


class TermsOutput(serializers.Serializer[Any]):
    """The rules for the return as a whole; null stands for no limit."""

    shipping_charge = AmountOutput()
    shipping_vat_percent = PercentOutput()
    refund_shipping = serializers.CharField()
    refund_approval_above = AmountOutput(allow_null=True)
    refund_four_eyes_above = AmountOutput(allow_null=True)
    accept_on_receipt = serializers.BooleanField()
    credit_on_accept = serializers.BooleanField()
    complete_when_done = serializers.BooleanField()
    advance_replacement = serializers.BooleanField()
    deadline_days = serializers.IntegerField(allow_null=True)
    refund_days = serializers.IntegerField(allow_null=True)


class EligibilityOutput(serializers.Serializer[Any]):
    """By the version that the return is pinned to; without one everything is allowed."""

    policy = PolicyNameOutput(allow_null=True)
    allowed = serializers.BooleanField()
    lines = LineAnswerOutput(many=True)
    approval = ApprovalAnswerOutput()
    terms = TermsOutput()
    expected_credit = serializers.DictField(
        child=serializers.CharField(), help_text="Before fees, by currency."
    )


class EligibilityActions(Resource):
    """What may be asked of the rules about a return."""

    @extend_schema(request=None, responses=EligibilityOutput)
    @action(detail=True, methods=["get"])
    def eligibility(self, request: Request, uuid: str) -> Response:
        """Whether each line may be returned, and why; what waits for approval; the terms."""
        order: ReturnOrder = self.record(uuid)
        return Response(show_eligibility(order, rule_on(order)))


def show_eligibility(order: ReturnOrder, ruled: Ruled) -> dict[str, Any]:
    """What the rules say about a return as JSON."""
    amounts = sorted(ruled.amounts.items())
    return {
        "policy": show_policy_name(order.policy),
        "allowed": all(answer.allowed for answer in ruled.answers),
        "lines": [
            shown_answer(answer) | _line_terms(ruled.line_terms.get(answer.key, LineTerms()))
            for answer in ruled.answers
        ],
        "approval": {
            "needed": ruled.approval.needed,
            "four_eyes": ruled.approval.four_eyes,
            "code": ruled.approval.code,
            "rule": ruled.approval.rule,
            "facts": ruled.approval.facts,
        },
        "terms": _terms(ruled.terms),
        "expected_credit": {code: money.amount(amount, code) for code, amount in amounts},
    }


def _line_terms(terms: LineTerms) -> dict[str, Any]:
    return {
        "fee_percent": money.plain(terms.fee_percent),
        "inspection_required": terms.inspection_required,
    }


def _terms(terms: ReturnTerms) -> dict[str, Any]:
    return {
        name: money.plain(value) if isinstance(value, Decimal) else value
        for name, value in vars(terms).items()
    }
