"""Credit notes over REST: returns make them, kept credit is used or paid out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from customers.models import Company
from rmaproject.access.actors import Actor
from rmaproject.rest.expanding import Many, One
from rmaproject.rest.filters import RecordFilter, documented
from rmaproject.rest.inputs import AmountInput, Input, PartField, read
from rmaproject.rest.views import Resource
from sales.api.credit_note_shapes import PAYS_FOR_RELATED, CreditNoteOutput, show_credit_note
from sales.api.expansions import refunds_of_notes
from sales.api.refund_shapes import RefundInput
from sales.models import Business, CreditNote, Invoice, SalesOrder
from sales.selectors import visible_credit_notes
from sales.services.refunding import holding_note, refund_credit
from sales.services.store_credit import apply_credit, pay_out_credit

#: Further filters that apps above register at start: the caller and the parameter's value to the
#: ids of credit notes.
EXTRA_FILTERS: Final[dict[str, Callable[[Actor, str], QuerySet[Any, Any]]]] = {}


class ApplyInput(Input):
    """An invoice of the same account, by id or reference, and how much of it to settle."""

    invoice = PartField(
        lambda note: Invoice.objects.filter(account_id=note.account_id), by="reference"
    )
    amount = AmountInput()


class PayOutInput(Input):
    """How much of kept credit goes back to the customer."""

    amount = AmountInput()


class CreditNoteFilters(django_filters.FilterSet):
    business = RecordFilter(Business, by="code")
    customer = RecordFilter(Company, by="reference")
    sales_order = RecordFilter(SalesOrder, by="reference", field_name="order")
    invoice = RecordFilter(Invoice, by="reference")
    reference = django_filters.CharFilter(lookup_expr="iexact")
    currency = django_filters.CharFilter()
    credited_on__gte = django_filters.DateFilter("credited_on", "gte")
    credited_on__lte = django_filters.DateFilter("credited_on", "lte")


OF_RETURN = OpenApiParameter(
    "return_order", {"type": "string", "minLength": 1}, description="By id or by reference."
)


@documented(CreditNoteOutput, more=(OF_RETURN,))
class CreditNoteViewSet(Resource):
    """Documents that book returns; never changed, only used up or reversed by another one."""

    serializer_class = CreditNoteOutput
    filters = CreditNoteFilters
    #: Apps above add theirs at start.
    expansions: ClassVar[dict[str, One | Many]] = {
        "business": One("sales.api.businesses.BusinessViewSet"),
        "customer": One("customers.api.companies.CompanyViewSet"),
        "sales_order": One("sales.api.orders.SalesOrderViewSet"),
        "invoice": One("sales.api.invoices.InvoiceViewSet"),
        "refunds": Many("sales.api.refunds.RefundViewSet", refunds_of_notes),
    }

    def visible(self) -> QuerySet[CreditNote, CreditNote]:
        return visible_credit_notes(self.actor)

    def loaded(self, rows: Any) -> QuerySet[Any, Any]:
        pays = [f"lines__{name}" for name in PAYS_FOR_RELATED]
        return rows.with_lines().prefetch_related(*pays)

    def find(self, rows: QuerySet[Any, Any], text: str) -> QuerySet[Any, Any]:
        return rows.filter(reference__icontains=text)

    def show(self, row: CreditNote) -> dict[str, Any]:
        return show_credit_note(row, self.actor)

    @extend_schema(request=ApplyInput, responses=CreditNoteOutput)
    @action(detail=True, methods=["post"])
    def apply(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Settle so much of an invoice with kept credit. Needs If-Match."""
        note = self.record(uuid, "sales.apply_creditnote")
        values = read(ApplyInput, request, root=note)
        invoice, amount = values["invoice"], values["amount"]

        def run() -> CreditNote:
            return apply_credit(note.pk, invoice.pk, amount, actor=self.actor)

        return holding_note(note.pk, lambda: self.write(run, root=note))

    @extend_schema(request=PayOutInput, responses=CreditNoteOutput)
    @action(detail=True, methods=["post"], url_path="pay-out")
    def pay_out(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Let so much of kept credit go back to the customer. Needs If-Match."""
        note = self.record(uuid, "sales.pay_out_creditnote")
        amount = read(PayOutInput, request)["amount"]

        def run() -> CreditNote:
            return pay_out_credit(note.pk, amount, actor=self.actor)

        return holding_note(note.pk, lambda: self.write(run, root=note))

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
