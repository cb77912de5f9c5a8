"""Credit notes over REST, read only: returns make them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from customers.models import Company
from rmaproject.access.actors import Actor
from rmaproject.rest.filters import RecordFilter, documented
from rmaproject.rest.inputs import read
from rmaproject.rest.outputs import NamedOutput, RecordOutput
from rmaproject.rest.shapes import AmountOutput, PercentOutput, QuantityOutput, id_of, in_short
from rmaproject.rest.views import Resource
from rmaproject.shared import money
from rmaproject.shared.money import plain
from sales.api.refund_shapes import RefundInput
from sales.models import Business, CreditLine, CreditNote, Invoice, LineKind, SalesOrder, VatType
from sales.selectors import visible_credit_notes
from sales.services.refunding import holding_note, refund_credit

#: Further filters that apps above register at start: the caller and the parameter's value to the
#: ids of credit notes.
EXTRA_FILTERS: Final[dict[str, Callable[[Actor, str], QuerySet[Any, Any]]]] = {}


class CreditLineOutput(serializers.Serializer[Any]):
    """A line; not `live` once its note was reversed, `given` when its amounts came from outside."""

    id = serializers.UUIDField()
    number = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=LineKind.choices)
    invoice_line = serializers.UUIDField(allow_null=True)
    part = serializers.UUIDField(allow_null=True)
    sku = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    quantity = QuantityOutput()
    net = AmountOutput()
    tax = AmountOutput()
    gross = AmountOutput()
    vat_percent = PercentOutput()
    vat_type = serializers.ChoiceField(choices=VatType.choices)
    given = serializers.BooleanField()
    live = serializers.BooleanField()


class CreditNoteOutput(RecordOutput):
    """A credit note; `open` of it waits to be refunded, `refunding` of that is promised."""

    reference = serializers.CharField()
    business = NamedOutput()
    customer = NamedOutput()
    sales_order = serializers.UUIDField(allow_null=True)
    invoice = serializers.UUIDField(allow_null=True)
    currency = serializers.CharField()
    credited_on = serializers.DateField()
    net = AmountOutput()
    tax = AmountOutput()
    gross = AmountOutput()
    applied = AmountOutput()
    kept = AmountOutput()
    refunded = AmountOutput()
    refunding = AmountOutput()
    open = AmountOutput()
    reverses = serializers.UUIDField(allow_null=True)
    reversed_by = serializers.UUIDField(allow_null=True)
    lines = CreditLineOutput(many=True)


class CreditNoteFilters(django_filters.FilterSet):
    business = RecordFilter(Business, by="code")
    customer = RecordFilter(Company, by="reference")
    sales_order = RecordFilter(SalesOrder, by="reference", field_name="order")
    invoice = RecordFilter(Invoice, by="reference")
    reference = django_filters.CharFilter(lookup_expr="iexact")
    currency = django_filters.CharFilter()
    credited_on__gte = django_filters.DateFilter("credited_on", "gte")
    credited_on__lte = django_filters.DateFilter("credited_on", "lte")


def show_credit_note(row: CreditNote) -> dict[str, Any]:
    """A credit note, loaded with its lines, as JSON."""
    used = row.applied + row.kept + row.refunded
    reversal = getattr(row, "reversed_by", None)
    is_open = row.reverses_id is None and reversal is None
    return {
        "id": row.uuid,
        "version": row.version,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "reference": row.reference,
        "business": in_short(row.business, by="code"),
        "customer": in_short(row.customer),
        "sales_order": id_of(row.order),
        "invoice": id_of(row.invoice),
        "currency": row.currency,
        "credited_on": row.credited_on,
        "net": money.amount(row.net, row.currency),
        "tax": money.amount(row.tax, row.currency),
        "gross": money.amount(row.gross, row.currency),
        "applied": money.amount(row.applied, row.currency),
        "kept": money.amount(row.kept, row.currency),
        "refunded": money.amount(row.refunded, row.currency),
        "refunding": money.amount(row.refunding, row.currency),
        "open": money.amount(row.gross - used if is_open else money.ZERO, row.currency),
        "reverses": id_of(row.reverses),
        "reversed_by": id_of(reversal),
        "lines": [_line(line, row.currency) for line in row.lines.all()],
    }


def _line(row: CreditLine, currency: str) -> dict[str, Any]:
    return {
        "id": row.uuid,
        "number": row.number,
        "kind": row.kind,
        "invoice_line": id_of(row.invoice_line),
        "part": id_of(row.part),
        "sku": row.part.sku if row.part else None,
        "name": row.name,
        "quantity": plain(row.quantity),
        "net": money.amount(row.net, currency),
        "tax": money.amount(row.tax, currency),
        "gross": money.amount(row.gross, currency),
        "vat_percent": plain(row.vat_percent),
        "vat_type": row.vat_type,
        "given": row.given,
        "live": row.live,
    }


OF_RETURN = OpenApiParameter("return_order", description="By id or by reference.")


@documented(CreditNoteOutput, CreditNoteFilters, more=(OF_RETURN,))
class CreditNoteViewSet(Resource):
    """Documents that book returns; never changed, only reversed by another one."""

    serializer_class = CreditNoteOutput
    filters = CreditNoteFilters

    def visible(self) -> QuerySet[CreditNote, CreditNote]:
        return visible_credit_notes(self.actor)

    def loaded(self, rows: Any) -> QuerySet[Any, Any]:
        return rows.with_lines()

    def find(self, rows: QuerySet[Any, Any], text: str) -> QuerySet[Any, Any]:
        return rows.filter(reference__icontains=text)

    def show(self, row: CreditNote) -> dict[str, Any]:
        return show_credit_note(row)

    @extend_schema(request=RefundInput, responses=CreditNoteOutput)
    @action(detail=True, methods=["post"])
    def refund(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Ask for refunds of the open rest, or of an amount; they are found by `?credit_note=`."""
        note = self.record(uuid, "sales.create_refund")
        values = read(RefundInput, request)

        def run() -> CreditNote:
            refund_credit(note.pk, actor=self.actor, **values)
            return note

        return holding_note(note.pk, lambda: self.write(run, root=note))

    def _filter(self, rows: QuerySet[Any, Any], given: set[str]) -> QuerySet[Any, Any]:
        for name in sorted(given & set(EXTRA_FILTERS)):
            value = self.request.query_params[name].replace("\x00", "")
            rows = rows.filter(pk__in=EXTRA_FILTERS[name](self.actor, value))
        return super()._filter(rows, given - set(EXTRA_FILTERS))
