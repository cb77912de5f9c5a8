"""Limits of approval over REST: up to which amount a role may approve and pay."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from rmaproject.rest.filters import documented
from rmaproject.rest.inputs import AmountInput, CurrencyInput, Input, read
from rmaproject.rest.outputs import RecordOutput
from rmaproject.rest.people import GroupField
from rmaproject.rest.shapes import AmountOutput
from rmaproject.rest.views import Resource
from rmaproject.shared import money
from sales.models import ApprovalLimit
from sales.refund_selectors import LIMITS, visible_limits
from sales.services.limits import set_limit


class LimitOutput(RecordOutput):
    """A limit of a role; null once it was lifted."""

    role = serializers.CharField()
    currency = serializers.CharField()
    amount = AmountOutput(allow_null=True)


class LimitAmountInput(Input):
    amount = AmountInput(allow_null=True)
    shape = {"required": ["amount"]}


class LimitInput(LimitAmountInput):
    """A role's limit in a currency; null lifts it."""

    role = GroupField(required=True, allow_null=False)
    currency = CurrencyInput()


class LimitFilters(django_filters.FilterSet):
    role = django_filters.CharFilter("group__name", "iexact")
    currency = django_filters.CharFilter()


def show_limit(row: ApprovalLimit) -> dict[str, Any]:
    """A limit, loaded with its role, as JSON."""
    amount = None if row.amount is None else money.amount(row.amount, row.currency)
    return {
        "id": row.uuid,
        "version": row.version,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "role": row.group.name,
        "currency": row.currency,
        "amount": amount,
    }


@documented(LimitOutput)
class ApprovalLimitViewSet(Resource):
    """Who holds a right by several roles is bound only if each of them has a limit."""

    serializer_class = LimitOutput
    filters = LimitFilters

    def visible(self) -> QuerySet[ApprovalLimit, ApprovalLimit]:
        return visible_limits(self.actor)

    def loaded(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        return rows.select_related("group")

    def show(self, row: ApprovalLimit) -> dict[str, Any]:
        return show_limit(row)

    @extend_schema(request=LimitInput, responses={201: LimitOutput})
    def create(self, request: Request) -> Response | HttpResponse:
        """Set the limit of a role in a currency, whether it had one or not."""
        self.actor.require(LIMITS)
        told = read(LimitInput, request)
        return self.write(
            lambda: set_limit(told["role"], told["currency"], told["amount"], actor=self.actor),
            status=201,
        )

    @extend_schema(request=LimitAmountInput, responses=LimitOutput)
    def partial_update(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Set another amount. Needs If-Match."""
        limit = self.record(uuid, LIMITS)
        amount = read(LimitAmountInput, request)["amount"]
        return self.write(
            lambda: set_limit(limit.group, limit.currency, amount, actor=self.actor), root=limit
        )
