"""Previews over REST: what a call would do, and acting only if it is what was shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from returns.api import inputs
from returns.api.eligibility import CheckOutput
from returns.models import Outcome
from returns.selectors import permission_for
from returns.services.previewing import VERBS, as_foreseen, preview_request, preview_return, shown
from returns.switch import require_returns_on
from rmaproject.access.actors import Actor
from rmaproject.rest.inputs import Input, read
from rmaproject.rest.shapes import AmountOutput, PercentOutput, QuantityOutput
from rmaproject.rest.views import Resource
from sales.models import LineKind, VatType
from sales.states import RefundState, Via


class PreviewForm(Input):
    """Which verb to look ahead of; a credit may name its lines as the verb does."""

    verb = serializers.ChoiceField([(verb, verb) for verb in VERBS], default="credit")
    lines = inputs.SomeOfLineForm(many=True, required=False)


@extend_schema_field({"type": "object", "additionalProperties": True})
class RefusalFacts(serializers.DictField):
    """The figures behind a refusal."""


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
class AmountsByCurrency(serializers.DictField):
    """Amounts by currency."""


class RefusalOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField()
    pointer = serializers.CharField()
    facts = RefusalFacts()


class StoppedOutput(serializers.Serializer[Any]):
    """The step after which the look ahead ends, because it would be refused."""

    step = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()


class PreviewLineOutput(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    order_line = serializers.UUIDField(allow_null=True)
    kit_line = serializers.UUIDField(
        allow_null=True, help_text="The sold kit as a part of which the goods come back."
    )
    kit = serializers.CharField(allow_null=True, help_text="The SKU of that kit.")
    sku = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    outcome = serializers.ChoiceField(Outcome.choices)
    quantity = QuantityOutput()
    waived = QuantityOutput()
    allowed = serializers.BooleanField()
    overridden = serializers.BooleanField(help_text="Let in against the rules, with a reason.")
    code = serializers.CharField()
    message = serializers.CharField()
    rule = serializers.CharField(help_text="The rule that refuses; empty where none does.")
    facts = RefusalFacts()
    checks = CheckOutput(many=True)
    fee_percent = PercentOutput()
    inspection_required = serializers.BooleanField()


class Amounts(serializers.Serializer[Any]):
    net = AmountOutput()
    tax = AmountOutput()
    gross = AmountOutput()


class PreviewCreditLineOutput(Amounts):
    kind = serializers.ChoiceField(LineKind.choices)
    name = serializers.CharField()
    sku = serializers.CharField(allow_null=True)
    quantity = QuantityOutput()
    vat_percent = PercentOutput()
    vat_type = serializers.ChoiceField(VatType.choices)


class PreviewRateOutput(Amounts):
    vat_percent = PercentOutput()
    vat_type = serializers.ChoiceField(VatType.choices)


class PreviewSettlementOutput(serializers.Serializer[Any]):
    invoice = serializers.CharField()
    amount = AmountOutput()


class PreviewUses(serializers.Serializer[Any]):
    """Where the amount of credit goes."""

    applied = AmountOutput(help_text="What settles invoices.")
    kept = AmountOutput(help_text="The customer's credit: kept, or held by no payment.")
    to_refund = AmountOutput(help_text="What is promised to refunds.")


class PreviewNoteOutput(PreviewUses, Amounts):
    """A credit note to be; its number is drawn only when it is booked."""

    invoice = serializers.CharField(allow_null=True)
    currency = serializers.CharField()
    lines = PreviewCreditLineOutput(many=True)
    rates = PreviewRateOutput(many=True)
    settles = PreviewSettlementOutput(many=True)


class PreviewComponentOutput(Amounts):
    """A part of the credit: all goods, or what stands beside them under this name."""

    kind = serializers.ChoiceField(LineKind.choices)
    name = serializers.CharField()


class PreviewTotalOutput(PreviewUses, Amounts):
    currency = serializers.CharField()
    components = PreviewComponentOutput(many=True)


class PreviewRefundOutput(serializers.Serializer[Any]):
    """Money that would go back; `state` says whether it waits for an account or for approval."""

    currency = serializers.CharField()
    amount = AmountOutput()
    via = serializers.ChoiceField(Via.choices)
    gateway = serializers.CharField()
    state = serializers.ChoiceField(RefundState.choices)


class PreviewStockOutput(serializers.Serializer[Any]):
    """A quantity that moves; places are codes, and "" is outside of our stock."""

    sku = serializers.CharField()
    quantity = QuantityOutput()
    from_state = serializers.CharField()
    to = serializers.CharField()
    to_state = serializers.CharField()

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "from": serializers.CharField()}


class PreviewOutboundOutput(serializers.Serializer[Any]):
    """What would leave for the customer."""

    kind = serializers.CharField(help_text="`replacement`, `repaired` or `send_back`.")
    sku = serializers.CharField()
    quantity = QuantityOutput()


class PreviewApprovalOutput(serializers.Serializer[Any]):
    """An approval that would be asked, of whom, and why."""

    what = serializers.CharField(help_text="`return` or `refund`.")
    amounts = AmountsByCurrency()
    code = serializers.CharField(help_text="`always`, `above_limit` or `other_currency`.")
    four_eyes = serializers.BooleanField(help_text="By somebody else than who asks.")
    rule = serializers.CharField()
    facts = RefusalFacts()


class PreviewOutput(serializers.Serializer[Any]):
    """What would happen, to the end of the return. Send `preview` with the call that acts."""

    verb = serializers.CharField()
    allowed = serializers.BooleanField()
    refusal = RefusalOutput(allow_null=True)
    policy = serializers.CharField(allow_null=True, help_text="The version of the rules.")
    lines = PreviewLineOutput(many=True)
    credit_notes = PreviewNoteOutput(many=True)
    totals = PreviewTotalOutput(many=True)
    refunds = PreviewRefundOutput(many=True)
    stock = PreviewStockOutput(many=True)
    outbound = PreviewOutboundOutput(many=True)
    approvals = PreviewApprovalOutput(many=True)
    stopped = StoppedOutput(allow_null=True)
    preview = serializers.CharField(allow_null=True, help_text="Null where it is refused.")


class Previews(Resource):
    """Looking ahead: nothing is kept, no number drawn, nobody told."""

    unversioned = frozenset({"create", "preview", "preview_new", "match_list"})
    #: Posts that only look.
    looks = frozenset({"preview", "preview_new", "match_list"})

    @extend_schema(
        request=inputs.ReturnForm, responses=PreviewOutput, operation_id="returns_preview_new"
    )
    @action(detail=False, methods=["post"], url_path="preview")
    def preview_new(self, request: Request) -> Response:
        """Show what a new return would come to, line by line and to the cent."""
        require_returns_on()
        self.actor.require(permission_for("create"))
        values = read(inputs.ReturnForm, request)
        values.pop("preview", None)
        lines = [inputs.line_input(line) for line in values.pop("lines", ())]
        seen = preview_request(lines=lines, actor=self.actor, **values)
        return Response(shown(seen))

    @extend_schema(request=PreviewForm, responses=PreviewOutput)
    @action(detail=True, methods=["post"])
    def preview(self, request: Request, uuid: str) -> Response:
        """Show what a verb would do to a return, and what would follow."""
        order = self.record(uuid)
        values = read(PreviewForm, request, root=order)
        self.actor.require(permission_for(values["verb"]))
        wanted = inputs.credit_input(values)
        seen = preview_return(order.pk, values["verb"], actor=self.actor, lines=wanted)
        return Response(shown(seen))


def previewed(
    act: Callable[..., Any], verb: str, *, actor: Actor
) -> Callable[[int, dict[str, Any]], Any]:
    """A deed of a verb that happens as it was previewed where the body says so."""

    def run(key: int, values: dict[str, Any]) -> Any:
        token = values.pop("preview", "")
        if not token:
            return act(key, values)
        return as_foreseen(token, key, verb, lambda: act(key, values), actor=actor)

    return run
