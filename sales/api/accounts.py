"""Customer accounts over REST: what customers owe, as the sum of their ledger."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers

from customers.models import Company
from rmaproject.rest.filters import RecordFilter, documented
from rmaproject.rest.outputs import NamedOutput
from rmaproject.rest.shapes import AmountOutput, in_short
from rmaproject.rest.views import Resource
from rmaproject.shared import money
from sales.models import Account, Business
from sales.selectors import visible_accounts


class AccountOutput(serializers.Serializer[Any]):
    """An account; above zero the customer owes us. A balance has no version of its own."""

    id = serializers.UUIDField()
    business = NamedOutput()
    customer = NamedOutput()
    currency = serializers.CharField()
    balance = AmountOutput()


class AccountFilters(django_filters.FilterSet):
    business = RecordFilter(Business, by="code")
    customer = RecordFilter(Company, by="reference", field_name="company")
    currency = django_filters.CharFilter()


def show_account(row: Account) -> dict[str, Any]:
    """A customer account as JSON."""
    return {
        "id": row.uuid,
        "business": in_short(row.business, by="code"),
        "customer": in_short(row.company),
        "currency": row.currency,
        "balance": money.amount(row.balance, row.currency),
    }


@documented(AccountOutput, AccountFilters)
class AccountViewSet(Resource):
    """What each customer owes each business in each currency."""

    serializer_class = AccountOutput
    filters = AccountFilters
    orderings = {"id": "pk"}
    default_ordering = "id"

    def visible(self) -> QuerySet[Account, Account]:
        return visible_accounts(self.actor)

    def loaded(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        return rows.select_related("business", "company")

    def show(self, row: Account) -> dict[str, Any]:
        return show_account(row)
