"""Bank files over REST: chosen refunds in one SEPA credit transfer file."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from rmaproject.rest.filters import RecordFilter, documented
from rmaproject.rest.inputs import Input, RecordField, read
from rmaproject.rest.outputs import NamedOutput, RecordOutput
from rmaproject.rest.shapes import AmountOutput, in_short
from rmaproject.rest.views import Resource
from rmaproject.shared import money
from sales.api.bank_shapes import MaskedOutput, masked
from sales.api.refund_shapes import NothingInput
from sales.models import BankFile, Business
from sales.papers import xml_answer
from sales.refund_selectors import visible_bank_files, visible_refunds
from sales.selectors import visible_businesses
from sales.services.bank_files import (
    MOST,
    PAY,
    confirm_bank_file,
    make_bank_file,
    read_bank_file,
)
from sales.services.banking import SEE
from sales.states import RefundState


class PaidOutput(serializers.Serializer[Any]):
    """A refund in the file, and where it stands."""

    id = serializers.UUIDField()
    reference = serializers.CharField()
    state = serializers.ChoiceField(choices=RefundState.choices)
    amount = AmountOutput()
    bank_details = MaskedOutput(allow_null=True)


class BankFileOutput(RecordOutput):
    """A file that pays refunds; one that failed and is tried again leaves its file."""

    reference = serializers.CharField()
    business = NamedOutput()
    paid_from = MaskedOutput()
    currency = serializers.CharField()
    amount = AmountOutput()
    count = serializers.IntegerField()
    execute_on = serializers.DateField()
    made_by = serializers.CharField(allow_null=True)
    refunds = PaidOutput(many=True)


class BankFileInput(Input):
    """Ready refunds by bank, in euros, of one business."""

    business = RecordField(visible_businesses, by="code")
    refunds = serializers.ListField(
        child=RecordField(visible_refunds, by="reference"), min_length=1, max_length=MOST
    )
    execute_on = serializers.DateField(required=False, allow_null=True)


class BankFileFilters(django_filters.FilterSet):
    business = RecordFilter(Business, by="code")
    reference = django_filters.CharFilter(lookup_expr="iexact")


def show_bank_file(row: BankFile) -> dict[str, Any]:
    """A bank file, loaded with its refunds, as JSON; never its content."""
    return {
        "id": row.uuid,
        "version": row.version,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "reference": row.reference,
        "business": in_short(row.business, by="code"),
        "paid_from": masked(row.paid_from),
        "currency": row.currency,
        "amount": money.amount(row.amount, row.currency),
        "count": row.count,
        "execute_on": row.execute_on,
        "made_by": row.made_by.username if row.made_by else None,
        "refunds": [
            {
                "id": refund.uuid,
                "reference": refund.reference,
                "state": refund.state,
                "amount": money.amount(refund.amount, refund.currency),
                "bank_details": masked(refund.bank_details),
            }
            for refund in row.refunds.all()
        ],
    }


@documented(BankFileOutput)
class BankFileViewSet(Resource):
    """Files for the bank. Its refunds count as sent; they are done when finance confirms."""

    serializer_class = BankFileOutput
    filters = BankFileFilters

    def visible(self) -> QuerySet[BankFile, BankFile]:
        return visible_bank_files(self.actor)

    def loaded(self, rows: Any) -> QuerySet[Any, Any]:
        return rows.with_refunds()

    def show(self, row: BankFile) -> dict[str, Any]:
        return show_bank_file(row)

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """The content is XML whatever else the caller can read."""
        return super().perform_content_negotiation(request, force or self.action == "content")

    @extend_schema(request=BankFileInput, responses={201: BankFileOutput})
    def create(self, request: Request) -> Response | HttpResponse:
        """Put refunds into a file and mark them as sent."""
        self.actor.require(PAY)
        values = read(BankFileInput, request)
        keys = [refund.pk for refund in values["refunds"]]
        on = values.get("execute_on")
        return self.write(
            lambda: make_bank_file(values["business"], keys, execute_on=on, actor=self.actor),
            status=201,
        )

    @extend_schema(responses={(200, "application/xml"): OpenApiTypes.STR})
    @action(detail=True, methods=["get"])
    def content(self, request: Request, uuid: str) -> HttpResponse:
        """The file itself, all accounts in full. That you took it out stays in its trail."""
        file = self.record(uuid, PAY, SEE)
        return xml_answer(file.reference, read_bank_file(file.pk, actor=self.actor))

    @extend_schema(request=None, responses=BankFileOutput)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Say that the bank carried the file out: what is still sent is done."""
        file = self.record(uuid, PAY)
        read(NothingInput, request)
        return self.write(lambda: confirm_bank_file(file.pk, actor=self.actor), root=file)
