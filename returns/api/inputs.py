"""What callers send about returns: strict bodies, and the service's values made of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from customers.selectors import visible_companies
from returns.api import nameable
from returns.api.custom import CustomInput
from returns.models import Audience, Condition, Outcome, Verdict
from returns.services import (
    ArrivalInput,
    CreditInput,
    DisposeInput,
    InspectInput,
    LineInput,
    MatchInput,
    QuantityInput,
    ReceiveInput,
    SurpriseInput,
)
from rmaproject.rest import inputs
from rmaproject.rest.inputs import Input, PartField, RecordField, TextInput
from rmaproject.rest.people import GroupField, UserField
from sales.models import PART_KINDS, LineKind, VatType
from sales.selectors import visible_businesses

SOURCES = ("order_line", "invoice_line", "stock_item", "part")
LINE_FACTS = ("quantity", "waived", "note", "outcome", "location", "custom")
EXTRA_KINDS = [choice for choice in LineKind.choices if choice[0] not in PART_KINDS]


def reason_field() -> RecordField:
    return RecordField(nameable.reasons, by="code", required=False, allow_null=True)


def outcome_field() -> serializers.ChoiceField:
    return serializers.ChoiceField(
        Outcome.choices, required=False, help_text="What the customer gets; a refund if left out."
    )


def line_field() -> PartField:
    return PartField(lambda order: order.lines.all(), by="number")


def location_field() -> RecordField:
    return RecordField(nameable.locations, by="code", required=False, allow_null=True)


class ReturnLineForm(Input):
    """One thing to come back; it names exactly one of the four."""

    order_line = RecordField(nameable.order_lines, required=False)
    invoice_line = RecordField(nameable.invoice_lines, required=False)
    stock_item = RecordField(nameable.units, by="serial", required=False)
    part = RecordField(nameable.parts, by="sku", required=False)
    quantity = inputs.QuantityInput(required=False, min_value=Decimal(0))
    waived = inputs.QuantityInput(required=False, min_value=Decimal(0))
    reason = reason_field()
    note = TextInput()
    custom = CustomInput(required=False)
    outcome = outcome_field()
    location = location_field()
    shape = {
        "oneOf": [
            {"required": [name, *(["quantity"] if name != "stock_item" else [])]}
            for name in SOURCES
        ]
    }

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        named = [name for name in SOURCES if name in attrs]
        if len(named) != 1:
            message = _("A line names exactly one of %(sources)s.") % {
                "sources": ", ".join(SOURCES)
            }
            raise serializers.ValidationError(message, "one_of")
        if "quantity" not in attrs and named != ["stock_item"]:
            missing = serializers.ErrorDetail("This field is required.", "required")
            raise serializers.ValidationError({"quantity": [missing]})
        return attrs


class NewLineForm(ReturnLineForm):
    """A line for a return that is there; a reason to take it against the rules."""

    override_reason = TextInput(max_length=500)


def line_input(given: dict[str, Any]) -> LineInput:
    """A checked line as the services take it."""
    told = {name: given[name] for name in (*SOURCES, *LINE_FACTS) if name in given}
    return LineInput(**told, reason=given.get("reason"))


class ReturnHeaderForm(Input):
    """The facts of a return that may be changed later."""

    customer_reference = TextInput(max_length=64)
    reason = reason_field()
    note = TextInput()
    target_date = serializers.DateField(required=False, allow_null=True)
    deadline = serializers.DateField(required=False, allow_null=True)
    refund_by = serializers.DateField(required=False, allow_null=True)
    responsible_user = UserField()
    responsible_group = GroupField()
    location = location_field()
    custom = CustomInput(required=False)


def preview_field() -> TextInput:
    """The token of a preview: act only if what it showed would still happen."""
    return TextInput(max_length=64)


class PreviewedForm(Input):
    """A verb that may be tied to its preview."""

    preview = preview_field()


class ReturnForm(ReturnHeaderForm):
    business = RecordField(visible_businesses, by="code")
    customer = RecordField(visible_companies, by="reference", required=False)
    reference = TextInput(max_length=64)
    override_reason = TextInput(max_length=500)
    preview = preview_field()
    lines = ReturnLineForm(many=True, required=False)


class ReasonForm(Input):
    """A verb that needs to know why."""

    reason = serializers.CharField(max_length=500)


class MaybeReasonForm(Input):
    """A verb that may be told why."""

    reason = TextInput(max_length=500)


class NothingForm(Input):
    """A verb that takes no values."""


class ArrivalForm(Input):
    line = line_field()
    quantity = inputs.QuantityInput()
    serial = TextInput(max_length=64)
    condition = serializers.ChoiceField(Condition.choices, required=False)
    location = location_field()
    disposition = RecordField(nameable.dispositions, by="code", required=False, allow_null=True)
    note = TextInput(max_length=500)
    batch = TextInput(max_length=64)


class SurpriseForm(Input):
    sku = TextInput(max_length=64)
    serial = TextInput(max_length=64)
    description = TextInput(max_length=200)
    quantity = inputs.QuantityInput(required=False)
    note = TextInput(max_length=500)
    batch = TextInput(max_length=64)
    location = location_field()


class ReceiveForm(Input):
    location = location_field()
    parcel = PartField(
        lambda order: order.parcels.filter(void=False).select_related("location"),
        by="number",
        required=False,
        allow_null=True,
    )
    received_on = serializers.DateField(required=False, allow_null=True)
    note = TextInput(max_length=500)
    lines = ArrivalForm(many=True, required=False)
    unexpected = SurpriseForm(many=True, required=False)


def receive_input(given: dict[str, Any]) -> ReceiveInput:
    """A checked receipt as the service takes it."""
    told = {key: value for key, value in given.items() if key not in ("lines", "unexpected")}
    return ReceiveInput(
        lines=[ArrivalInput(**line) for line in given.get("lines", ())],
        unexpected=[SurpriseInput(**entry) for entry in given.get("unexpected", ())],
        **told,
    )


class MatchLineForm(Input):
    """The sale of a line that has none; a unit's line goes to its own sale without naming it."""

    line = line_field()
    order_line = RecordField(nameable.order_lines, required=False)
    invoice_line = RecordField(nameable.invoice_lines, required=False)
    quantity = inputs.QuantityInput(required=False)


class MatchForm(Input):
    lines = MatchLineForm(many=True)


def match_input(given: dict[str, Any]) -> list[MatchInput]:
    """Checked lines with their sales as the service takes them."""
    return [MatchInput(**line) for line in given["lines"]]


class DisposeLineForm(Input):
    """Without a disposition what the inspection decided; another one needs a reason."""

    line = line_field()
    disposition = RecordField(nameable.dispositions, by="code", required=False, allow_null=True)
    quantity = inputs.QuantityInput(required=False)
    location = location_field()
    override_reason = TextInput(max_length=500)


class DisposeForm(Input):
    lines = DisposeLineForm(many=True)


def dispose_input(given: dict[str, Any]) -> list[DisposeInput]:
    """Checked decisions as the service takes them."""
    return [DisposeInput(**line) for line in given["lines"]]


class InspectLineForm(Input):
    """The grade proposes; a differing verdict, share or disposition needs a reason."""

    line = line_field()
    quantity = inputs.QuantityInput(required=False)
    grade = TextInput(max_length=64)
    answers = serializers.DictField(required=False)
    serial = TextInput(max_length=64)
    verdict = serializers.ChoiceField(Verdict.choices, required=False)
    share = inputs.PercentInput(required=False, allow_null=True)
    disposition = RecordField(nameable.dispositions, by="code", required=False, allow_null=True)
    override_reason = TextInput(max_length=500)
    note = TextInput(max_length=500)
    photos = serializers.ListField(child=serializers.UUIDField(), required=False)
    dispose = serializers.BooleanField(required=False)
    location = location_field()
    replaces = PartField(
        lambda order: order.inspections.all(),
        required=False,
        allow_null=True,
        help_text="An earlier inspection of the line, whose units are judged anew.",
    )


class InspectForm(Input):
    lines = InspectLineForm(many=True)


def inspect_input(given: dict[str, Any]) -> list[InspectInput]:
    """Checked findings as the service takes them."""
    return [InspectInput(**line) for line in given["lines"]]


class SomeOfLineForm(Input):
    line = line_field()
    quantity = inputs.QuantityInput(required=False)


class CreditForm(Input):
    """Without lines all that is owed; an empty list credits the extra lines alone."""

    preview = preview_field()
    lines = SomeOfLineForm(many=True, required=False)


def credit_input(given: dict[str, Any]) -> list[CreditInput] | None:
    """Checked lines to credit; None for all."""
    if "lines" not in given:
        return None
    return [CreditInput(**line) for line in given["lines"]]


class ReleaseForm(MaybeReasonForm):
    """Without lines all that is still expected."""

    lines = SomeOfLineForm(many=True, required=False)


class WaiveLineForm(Input):
    line = line_field()
    quantity = inputs.QuantityInput()


class WaiveForm(MaybeReasonForm):
    lines = WaiveLineForm(many=True)


def quantities(given: dict[str, Any]) -> list[QuantityInput]:
    """Checked lines with quantities as release and waive take them."""
    return [QuantityInput(**line) for line in given.get("lines", ())]


class ReturnLineChangeForm(Input):
    quantity = inputs.QuantityInput(required=False, min_value=Decimal(0))
    reason = reason_field()
    note = TextInput()
    custom = CustomInput(required=False)
    outcome = serializers.ChoiceField(Outcome.choices, required=False)
    location = location_field()
    override_reason = TextInput(max_length=500)


class ExtraLineForm(Input):
    """A credit (above zero) or charge (below zero) that is no goods; the price is gross."""

    kind = serializers.ChoiceField(EXTRA_KINDS)
    name = serializers.CharField(max_length=200)
    quantity = inputs.QuantityInput(required=False)
    gross_unit_price = inputs.PriceInput()
    vat_percent = inputs.PercentInput(required=False)
    vat_type = serializers.ChoiceField(VatType.choices, required=False)
    currency = inputs.CurrencyInput(required=False)


class ParcelForm(Input):
    carrier = TextInput(max_length=100)
    tracking_number = TextInput(max_length=100)
    expected_on = serializers.DateField(required=False, allow_null=True)
    location = location_field()


class CommentForm(Input):
    text = serializers.CharField()
    audience = serializers.ChoiceField(Audience.choices, default=Audience.INTERNAL)
