"""What returns show, for the schema; `rows` builds the same by hand and a test compares both."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from returns.api.custom import CustomOutput
from returns.api.decisions import DisposalOutput, InspectionOutput
from returns.models import Audience, Condition, Origin, OutboundKind, Outcome
from returns.states import VERBS, Goods, Money, Status
from rmaproject.rest.outputs import NamedOutput, RecordOutput
from rmaproject.rest.shapes import AmountOutput, PercentOutput, PriceOutput, QuantityOutput
from sales.api.bank_shapes import MaskedOutput
from sales.models import LineKind, VatType


class OrderNameOutput(serializers.Serializer[Any]):
    """A sales order in short."""

    id = serializers.UUIDField()
    reference = serializers.CharField()


class PolicyNameOutput(serializers.Serializer[Any]):
    """A version of the rules in short."""

    id = serializers.UUIDField()
    number = serializers.IntegerField()
    name = serializers.CharField()


class ReturnLineOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    number = serializers.IntegerField()
    order_line = serializers.UUIDField(allow_null=True)
    kit_line = serializers.UUIDField(
        allow_null=True, help_text="The sold kit as a part of which the goods come back."
    )
    invoice_line = serializers.UUIDField(allow_null=True)
    stock_item = serializers.UUIDField(allow_null=True)
    part = serializers.UUIDField(allow_null=True)
    sales_order = OrderNameOutput(allow_null=True)
    sku = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    serial = serializers.CharField()
    description = serializers.CharField()
    unexpected = serializers.BooleanField()
    void = serializers.BooleanField()
    reason = NamedOutput(allow_null=True)
    note = serializers.CharField()
    outcome = serializers.ChoiceField(
        Outcome.choices, help_text="What the customer gets for units that have had nothing yet."
    )
    location = NamedOutput(allow_null=True, help_text="Where goods shall be put.")
    quantity = QuantityOutput()
    waived = QuantityOutput()
    released = QuantityOutput()
    received = QuantityOutput()
    accepted = QuantityOutput()
    rejected = QuantityOutput()
    disposed = QuantityOutput()
    credited = QuantityOutput()
    sent_back = QuantityOutput()
    replaced = QuantityOutput()
    repaired = QuantityOutput()
    open = QuantityOutput(help_text="What is still expected.")
    custom = CustomOutput()


class ExtraLineOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    number = serializers.IntegerField()
    kind = serializers.ChoiceField(LineKind.choices)
    name = serializers.CharField()
    quantity = QuantityOutput()
    gross_unit_price = PriceOutput()
    gross = AmountOutput(help_text="Above zero for the customer, below zero a charge.")
    vat_percent = PercentOutput()
    vat_type = serializers.ChoiceField(VatType.choices)
    currency = serializers.CharField()
    invoice_line = serializers.UUIDField(allow_null=True)
    origin = serializers.ChoiceField(
        Origin.choices, help_text="Empty for a line that somebody wrote by hand."
    )
    credited = serializers.BooleanField()
    void = serializers.BooleanField()


class ParcelOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    number = serializers.IntegerField()
    carrier = serializers.CharField()
    tracking_number = serializers.CharField()
    expected_on = serializers.DateField(allow_null=True)
    location = NamedOutput(allow_null=True)
    void = serializers.BooleanField(help_text="Taken out: it does not come.")


class ReceiptLineOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    line = serializers.UUIDField()
    quantity = QuantityOutput()
    serial = serializers.CharField()
    condition = serializers.ChoiceField(Condition.choices)
    location = NamedOutput(allow_null=True)
    note = serializers.CharField()


class ReceiptOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    number = serializers.IntegerField()
    received_on = serializers.DateField()
    at = serializers.DateTimeField()
    actor = serializers.CharField(allow_null=True)
    parcel = serializers.UUIDField(allow_null=True)
    note = serializers.CharField()
    reverses = serializers.UUIDField(
        allow_null=True, help_text="The receipt that this one takes back."
    )
    reversed_by = serializers.UUIDField(
        allow_null=True, help_text="The receipt that takes this one back."
    )
    lines = ReceiptLineOutput(many=True)


class OutboundOutput(serializers.Serializer[Any]):
    """What leaves for the customer: a line of a linked sales order, or goods that go back.

    `ended` is how much of a replacement counts no more: it was cancelled or charged.
    """

    id = serializers.UUIDField()
    line = serializers.UUIDField()
    kind = serializers.ChoiceField(OutboundKind.choices)
    quantity = QuantityOutput()
    ended = QuantityOutput()
    sales_order = OrderNameOutput(allow_null=True)
    order_line = serializers.UUIDField(allow_null=True)
    serial = serializers.CharField()
    repaired = serializers.BooleanField()
    carrier = serializers.CharField()
    tracking_number = serializers.CharField()
    shipped_on = serializers.DateField(allow_null=True)
    at = serializers.DateTimeField()


class ReturnOutput(RecordOutput):
    reference = serializers.CharField()
    status = serializers.ChoiceField(Status.choices)
    goods = serializers.ChoiceField(Goods.choices)
    money = serializers.ChoiceField(Money.choices)
    credit_owed = serializers.BooleanField()
    held_from = serializers.CharField(help_text="What a held return resumes to.")
    status_reason = serializers.CharField()
    business = NamedOutput()
    customer = NamedOutput()
    customer_reference = serializers.CharField()
    reason = NamedOutput(allow_null=True)
    note = serializers.CharField()
    requested_on = serializers.DateField()
    target_date = serializers.DateField(allow_null=True)
    deadline = serializers.DateField(allow_null=True)
    refund_by = serializers.DateField(
        allow_null=True, help_text="The day by which the customer was promised the money."
    )
    issued_at = serializers.DateTimeField(allow_null=True)
    completed_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    location = NamedOutput(allow_null=True, help_text="Where goods shall be put.")
    responsible_user = serializers.CharField(allow_null=True)
    responsible_group = serializers.CharField(allow_null=True)
    created_by = serializers.CharField(allow_null=True)
    custom = CustomOutput()
    bank_details = MaskedOutput(allow_null=True)
    policy = PolicyNameOutput(allow_null=True, help_text="The rules of the day of the request.")
    override_reason = serializers.CharField()
    approved_gross = serializers.CharField(allow_null=True)
    lines = ReturnLineOutput(many=True)
    extra_lines = ExtraLineOutput(many=True)
    parcels = ParcelOutput(many=True)
    receipts = ReceiptOutput(many=True)
    inspections = InspectionOutput(many=True)
    disposals = DisposalOutput(many=True)
    outbound = OutboundOutput(many=True)
    allowed_actions = serializers.ListField(
        child=serializers.ChoiceField([row.verb for row in VERBS]),
        help_text=(
            "Verbs that the caller can carry out now; lists offer `approve` by right alone, "
            "without looking at four eyes and limits."
        ),
    )


class PartOutput(serializers.Serializer[Any]):
    """A part of a return: `version` is the return's, which its ETag quotes."""

    version = serializers.IntegerField()


class ReturnLinePartOutput(ReturnLineOutput, PartOutput):
    pass


class ExtraLinePartOutput(ExtraLineOutput, PartOutput):
    pass


class ParcelPartOutput(ParcelOutput, PartOutput):
    pass


class ReceiptPartOutput(ReceiptOutput, PartOutput):
    return_order = OrderNameOutput()


class CommentOutput(PartOutput):
    id = serializers.UUIDField()
    audience = serializers.ChoiceField(Audience.choices)
    text = serializers.CharField()
    author = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField()
