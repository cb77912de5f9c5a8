"""Bank accounts over REST: as masks, and in full only for who may see them, which stays on file."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from customers.models import Company
from customers.selectors import visible_companies
from rmaproject.rest.filters import FlagFilter, RecordFilter, documented
from rmaproject.rest.inputs import RecordField, read
from rmaproject.rest.outputs import NamedOutput, RecordOutput
from rmaproject.rest.shapes import in_short
from rmaproject.rest.views import Resource
from sales.api.bank_shapes import AccountInput, account_of
from sales.api.refund_shapes import NothingInput
from sales.models import BankDetails, Business
from sales.refund_selectors import visible_bank_details
from sales.selectors import visible_businesses
from sales.services.banking import (
    SEE,
    keep_bank_details,
    retire_bank_details,
    reveal_bank_details,
)

EDIT = "sales.edit_bank_details"
MANAGE = "access.manage_settings"


class BankDetailsOutput(RecordOutput):
    """A bank account of a customer, or of a business that pays from it; shown as a mask."""

    customer = NamedOutput(allow_null=True)
    business = NamedOutput(allow_null=True)
    masked = serializers.CharField()
    country = serializers.CharField()
    retired_at = serializers.DateTimeField(allow_null=True)


class RevealedOutput(serializers.Serializer[Any]):
    """A bank account in full."""

    owner = serializers.CharField()
    iban = serializers.CharField()
    bic = serializers.CharField()


class BankDetailsInput(AccountInput):
    """A bank account of a customer; with `business` instead, the one that it pays from."""

    customer = RecordField(visible_companies, by="reference", required=False)
    business = RecordField(visible_businesses, by="code", required=False)

    shape = {"oneOf": [{"required": ["customer"]}, {"required": ["business"]}]}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("customer" in attrs) == ("business" in attrs):
            message = _("Name the customer or the business whose account it is.")
            raise serializers.ValidationError({"customer": [message]}, "required")
        return attrs


class BankDetailsFilters(django_filters.FilterSet):
    customer = RecordFilter(Company, by="reference")
    business = RecordFilter(Business, by="code")
    retired = FlagFilter(method="by_retired")

    def by_retired(self, rows: QuerySet[Any, Any], name: str, value: bool) -> QuerySet[Any, Any]:
        """Those that are used no more, or those that are."""
        return rows.filter(retired_at__isnull=not value)


def show_bank_details(row: BankDetails) -> dict[str, Any]:
    """A bank account as JSON, masked."""
    return {
        "id": row.uuid,
        "version": row.version,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "customer": in_short(row.customer),
        "business": in_short(row.business, by="code"),
        "masked": str(row),
        "country": row.country,
        "retired_at": row.retired_at,
    }


@documented(BankDetailsOutput)
class BankDetailsViewSet(Resource):
    """Bank accounts. One is never changed: another account is another record."""

    serializer_class = BankDetailsOutput
    filters = BankDetailsFilters
    unversioned = frozenset({"create", "reveal"})

    def visible(self) -> QuerySet[BankDetails, BankDetails]:
        return visible_bank_details(self.actor)

    def loaded(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        return rows.select_related("customer", "business")

    def show(self, row: BankDetails) -> dict[str, Any]:
        return show_bank_details(row)

    @extend_schema(request=BankDetailsInput, responses={201: BankDetailsOutput})
    def create(self, request: Request) -> Response | HttpResponse:
        """Keep a bank account, encrypted; the same one of the same holder is kept once."""
        self.actor.require(EDIT)
        values = read(BankDetailsInput, request)
        if "business" in values:
            self.actor.require(MANAGE)
        holder = {name: values[name] for name in ("customer", "business") if name in values}
        account = account_of(values)
        return self.write(
            lambda: keep_bank_details(account, actor=self.actor, **holder), status=201
        )

    @extend_schema(request=None, responses=BankDetailsOutput)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Use the account no more."""
        details = self.record(uuid, EDIT)
        read(NothingInput, request)
        return self.write(lambda: retire_bank_details(details.pk, actor=self.actor), root=details)

    @extend_schema(request=None, responses=RevealedOutput)
    @action(detail=True, methods=["post"])
    def reveal(self, request: Request, uuid: str) -> Response:
        """The account in full. That you saw it stays in its trail; no answer to it is kept."""
        details = self.record(uuid, SEE)
        read(NothingInput, request)
        seen = reveal_bank_details(details.pk, actor=self.actor)
        told = {"owner": seen.owner, "iban": seen.iban, "bic": seen.bic}
        return Response(told, headers={"Cache-Control": "no-store"})
