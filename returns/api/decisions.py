"""What was judged and decided about goods, as JSON and in the schema; and the book of its costs."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from returns.counting import Cost, disposal_costs
from returns.models import Action, Disposal, Disposition, Inspection, ReturnOrder, Verdict
from returns.selectors import visible_returns
from rmaproject.rest.filters import RecordFilter
from rmaproject.rest.outputs import NamedOutput
from rmaproject.rest.shapes import (
    AmountOutput,
    PercentOutput,
    PriceOutput,
    QuantityOutput,
    id_of,
    in_short,
)
from rmaproject.rest.views import LIST_PARAMETERS, Resource
from rmaproject.shared import money
from rmaproject.shared.errors import InputErrors
from stock.models import Part

Row = dict[str, Any]


class InspectionOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    line = serializers.UUIDField()
    quantity = QuantityOutput()
    verdict = serializers.ChoiceField(Verdict.choices)
    share = PercentOutput(help_text="The part of the price that accepted units are worth.")
    disposition = NamedOutput(allow_null=True)
    grade = serializers.CharField()
    sheet = serializers.UUIDField(allow_null=True)
    snapshot = serializers.DictField(help_text="Sheet, grade, questions and answers as they were.")
    proposed_verdict = serializers.CharField()
    proposed_share = PercentOutput(allow_null=True)
    proposed_disposition = NamedOutput(allow_null=True)
    override_reason = serializers.CharField()
    serial = serializers.CharField()
    photos = serializers.ListField(child=serializers.UUIDField())
    note = serializers.CharField()
    replaces = serializers.UUIDField(
        allow_null=True, help_text="The earlier inspection of the same units."
    )
    actor = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField()


class DisposalOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    line = serializers.UUIDField()
    inspection = serializers.UUIDField(allow_null=True)
    disposition = NamedOutput()
    action = serializers.ChoiceField(Action.choices)
    quantity = QuantityOutput()
    proposed = NamedOutput(allow_null=True)
    override_reason = serializers.CharField()
    unit_cost = PriceOutput(allow_null=True)
    cost_currency = serializers.CharField()
    write_off = AmountOutput(help_text="The part of the goods' cost that is lost.")
    handling = AmountOutput()
    handling_currency = serializers.CharField()
    fee_line = serializers.UUIDField(allow_null=True, help_text="The extra line that charges it.")
    at = serializers.DateTimeField()


class DisposalOfReturnOutput(DisposalOutput):
    return_order = NamedOutput()
    version = serializers.IntegerField(help_text="That of the return.")
    sku = serializers.CharField(allow_null=True)


class DisposalCostOutput(serializers.Serializer[Any]):
    """Sums over disposals in one currency."""

    currency = serializers.CharField()
    write_off = AmountOutput()
    handling = AmountOutput()
    total = AmountOutput()


class DisposalCostsOutput(serializers.Serializer[Any]):
    results = DisposalCostOutput(many=True)


def show_inspection(row: Inspection, names: dict[int, Any]) -> Row:
    """A verdict with what was proposed; `names` are the lines' ids by their keys."""
    share = row.proposed_share
    return {
        "id": row.uuid,
        "line": names[row.line_id],
        "quantity": money.plain(row.quantity),
        "verdict": row.verdict,
        "share": money.plain(row.share),
        "disposition": in_short(row.disposition, by="code"),
        "grade": row.grade,
        "sheet": id_of(row.sheet),
        "snapshot": row.snapshot,
        "proposed_verdict": row.proposed_verdict,
        "proposed_share": None if share is None else money.plain(share),
        "proposed_disposition": in_short(row.proposed_disposition, by="code"),
        "override_reason": row.override_reason,
        "serial": row.serial,
        "photos": row.photos,
        "note": row.note,
        "replaces": id_of(row.replaces),
        "actor": row.actor.username if row.actor else None,
        "at": row.at,
    }


def show_disposal(row: Disposal, names: dict[int, Any]) -> Row:
    """What was decided about a quantity, and what that cost."""
    cost = row.unit_cost
    return {
        "id": row.uuid,
        "line": names[row.line_id],
        "inspection": id_of(row.inspection),
        "disposition": in_short(row.disposition, by="code"),
        "action": row.action,
        "quantity": money.plain(row.quantity),
        "proposed": in_short(row.proposed, by="code"),
        "override_reason": row.override_reason,
        "unit_cost": None if cost is None else money.plain(cost),
        "cost_currency": row.cost_currency,
        "write_off": money.amount(row.write_off, row.cost_currency),
        "handling": money.amount(row.handling, row.handling_currency),
        "handling_currency": row.handling_currency,
        "fee_line": id_of(row.fee_line),
        "at": row.at,
    }


class DisposalFilters(django_filters.FilterSet):
    return_order = RecordFilter(ReturnOrder, by="reference")
    part = RecordFilter(Part, by="sku", field_name="line__part")
    disposition = RecordFilter(Disposition, by="code")
    action = django_filters.ChoiceFilter(choices=Action.choices)
    cost_currency = django_filters.CharFilter()
    at__gte = django_filters.IsoDateTimeFilter("at", "gte")
    at__lte = django_filters.IsoDateTimeFilter("at", "lte")

    class Meta:
        model = Disposal
        fields: tuple[str, ...] = ()


@extend_schema_view(
    list=extend_schema(responses=DisposalOfReturnOutput(many=True)),
    retrieve=extend_schema(responses=DisposalOfReturnOutput),
)
class DisposalViewSet(Resource):
    """The cost book: what became of goods, what was written off, what handling cost."""

    serializer_class = DisposalOfReturnOutput
    filters = DisposalFilters
    changed_column = "return_order__updated_at"
    orderings = {"at": "pk"}
    default_ordering = "-at"

    def visible(self) -> QuerySet[Disposal, Disposal]:
        return Disposal.objects.filter(return_order__in=visible_returns(self.actor))

    def loaded(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        related = ("disposition", "proposed", "inspection", "fee_line", "line__part")
        return rows.select_related("return_order__customer", *related)

    def show(self, row: Disposal) -> Row:
        order, part = row.return_order, row.line.part
        named = {"id": order.uuid, "reference": order.reference, "name": order.customer.name}
        return {
            **show_disposal(row, {row.line_id: row.line.uuid}),
            "return_order": named,
            "version": order.version,
            "sku": part.sku if part else None,
        }

    def version_of(self, row: Any) -> int:
        return int(row.return_order.version)

    @extend_schema(responses=DisposalCostsOutput)
    @action(detail=False, methods=["get"])
    def costs(self, request: Request) -> Response:
        """What the disposals that fit the filters cost, by currency."""
        given = set(request.query_params) & LIST_PARAMETERS
        if given:
            raise InputErrors(
                [
                    {"pointer": name, "code": "unknown_parameter", "detail": "Sums have no pages."}
                    for name in sorted(given)
                ]
            )
        sums = disposal_costs(self.filtered(self.visible()))
        return Response({"results": [_cost_row(cost) for cost in sums]})


def _cost_row(cost: Cost) -> Row:
    figures = {"write_off": cost.write_off, "handling": cost.handling, "total": cost.total}
    told = {name: money.amount(value, cost.currency) for name, value in figures.items()}
    return {"currency": cost.currency, **told}
