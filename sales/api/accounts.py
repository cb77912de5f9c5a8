"""Customer accounts over REST: what customers owe, what is open, and the ledger behind it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from customers.models import Company
from rmaproject.rest.filters import RecordFilter, documented
from rmaproject.rest.outputs import NamedOutput
from rmaproject.rest.shapes import AmountOutput, in_short
from rmaproject.rest.syncing import instant
from rmaproject.rest.views import Resource, refuse_parameters
from rmaproject.shared import money
from sales.models import Account, Business, Ledger, LedgerEntry
from sales.selectors import BOOKS, access_account, visible_accounts
from sales.statement import Posted, entries_of, open_items, posted


class AccountOutput(serializers.Serializer[Any]):
    """An account; above zero the customer owes us. A balance has no version of its own."""

    id = serializers.UUIDField()
    business = NamedOutput()
    customer = NamedOutput()
    currency = serializers.CharField()
    balance = AmountOutput()


class OpenItemOutput(serializers.Serializer[Any]):
    """A document that is not used up; `open` is above zero when it is due, below for credit."""

    kind = serializers.CharField()
    id = serializers.UUIDField()
    reference = serializers.CharField()
    on = serializers.DateField()
    amount = AmountOutput()
    open = AmountOutput()


class AccountDetailOutput(AccountOutput):
    """`due` less `unapplied` payments and open `credit` is the balance.

    Of each kind the oldest hundred open items are told.
    """

    due = AmountOutput()
    unapplied = AmountOutput()
    credit = AmountOutput()
    open_items = OpenItemOutput(many=True)


class LedgerSideOutput(serializers.Serializer[Any]):
    """One side of a booking: debit above zero, credit below."""

    ledger = serializers.ChoiceField(choices=Ledger.choices)
    amount = AmountOutput()


class EntryOutput(serializers.Serializer[Any]):
    """A booking; `amount` changed what the customer owes, `balance` is what it came to."""

    number = serializers.IntegerField()
    booked_on = serializers.DateField()
    at = serializers.DateTimeField()
    kind = serializers.CharField()
    document = serializers.UUIDField()
    reference = serializers.CharField()
    amount = AmountOutput()
    balance = AmountOutput()
    lines = LedgerSideOutput(many=True)


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


def show_account_detail(row: Account) -> dict[str, Any]:
    """A customer account with what is open on it, as JSON."""
    found = open_items(row)
    sums = {"due": found.due, "unapplied": found.unapplied, "credit": found.credit}
    return {
        **show_account(row),
        **{name: money.amount(value, row.currency) for name, value in sums.items()},
        "open_items": [
            {
                "kind": item.kind,
                "id": item.document.uuid,
                "reference": getattr(item.document, "reference", ""),
                "on": item.on,
                "amount": money.amount(item.amount, row.currency),
                "open": money.amount(item.open, row.currency),
            }
            for item in found.items
        ],
    }


def show_entry(row: Posted, currency: str) -> dict[str, Any]:
    """A booking of an account's statement as JSON."""
    return {
        "number": row.entry.pk,
        "booked_on": row.entry.booked_on,
        "at": row.entry.at,
        "kind": row.kind,
        "document": row.document.uuid,
        "reference": getattr(row.document, "reference", ""),
        "amount": money.amount(row.amount, currency),
        "balance": money.amount(row.balance, currency),
        "lines": [
            {"ledger": line.ledger, "amount": money.amount(line.amount, currency)}
            for line in row.entry.lines.all()
        ],
    }


@extend_schema_view(retrieve=extend_schema(responses=AccountDetailOutput))
@documented(AccountOutput)
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

    def retrieve(self, request: Request, uuid: str, *args: Any, **kwargs: Any) -> Response:
        """One account with its open items."""
        refuse_parameters(request)
        return Response(show_account_detail(self.record(uuid, *BOOKS)))

    def changed_since(self, rows: QuerySet[Any, Any], since: str) -> QuerySet[Any, Any]:
        booked = LedgerEntry.objects.filter(at__gte=instant(since))
        return rows.filter(pk__in=booked.values("account"))


@documented(EntryOutput)
class EntryViewSet(Resource):
    """The statement of one account: every booking, in the order in which they were made."""

    serializer_class = EntryOutput
    orderings = {"number": "pk"}
    default_ordering = "number"

    @cached_property
    def account(self) -> Account:
        """The account of the address. Raises NotFound, NotPermitted."""
        return access_account(self.actor, self.kwargs["account"])

    def visible(self) -> QuerySet[LedgerEntry, LedgerEntry]:
        return entries_of(self.account)

    def show_all(self, rows: list[LedgerEntry]) -> list[dict[str, Any]]:
        return [show_entry(row, self.account.currency) for row in posted(self.account, rows)]
