"""Refunds over REST: which there are, and the verbs that approve, pay and settle them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
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
from rmaproject.rest.expanding import Expansions, One
from rmaproject.rest.filters import RecordFilter, documented
from rmaproject.rest.history import HistoryOutput, history_page
from rmaproject.rest.inputs import Input, read
from rmaproject.rest.views import Resource
from rmaproject.rest.writing import etag
from rmaproject.shared.transitions import find_verb
from sales.api import refund_shapes as shapes
from sales.models import Business, CreditNote, Refund
from sales.refund_selectors import visible_refunds
from sales.services import refunding
from sales.services.banking import known_account
from sales.services.limits import Limits
from sales.states import REFUND_VERBS, RefundState, Via

Answered = Response | HttpResponse

#: Further filters that apps above register at start: the caller and the parameter's value to the
#: ids of credit notes.
EXTRA_FILTERS: Final[dict[str, Callable[[Actor, str], QuerySet[Any, Any]]]] = {}
OF_RETURN = OpenApiParameter(
    "return_order", {"type": "string", "minLength": 1}, description="By id or by reference."
)


class RefundFilters(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(choices=RefundState.choices)
    via = django_filters.ChoiceFilter(choices=Via.choices)
    business = RecordFilter(Business, by="code")
    customer = RecordFilter(Company, by="reference")
    credit_note = RecordFilter(CreditNote, by="reference")
    reference = django_filters.CharFilter(lookup_expr="iexact")
    currency = django_filters.CharFilter()


def verb(form: type[Input]) -> Callable[[Any], Any]:
    """A detail address that takes this body and answers with the refund."""

    def mark(method: Any) -> Any:
        takes = None if form is shapes.NothingInput else form
        routed = action(detail=True, methods=["post"])(method)
        return extend_schema(request=takes, responses=shapes.RefundOutput)(routed)

    return mark


@documented(shapes.RefundOutput, more=(OF_RETURN,))
class RefundViewSet(Resource):
    """Money that goes back. Each verb needs its own right and If-Match.

    `pay` and `ask` call the gateway after the change is kept; the answer shows what it said.
    """

    serializer_class = shapes.RefundOutput
    filters = RefundFilters
    expansions: ClassVar[Expansions] = {
        "business": One("sales.api.businesses.BusinessViewSet"),
        "customer": One("customers.api.companies.CompanyViewSet"),
        "credit_note": One("sales.api.credit_notes.CreditNoteViewSet"),
    }

    @cached_property
    def limits(self) -> Limits:
        return Limits(self.actor)

    def visible(self) -> QuerySet[Refund, Refund]:
        return visible_refunds(self.actor)

    def loaded(self, rows: Any) -> QuerySet[Any, Any]:
        return rows.with_details()

    def find(self, rows: QuerySet[Any, Any], text: str) -> QuerySet[Any, Any]:
        return rows.filter(reference__icontains=text)

    def show(self, row: Refund) -> dict[str, Any]:
        return shapes.show_refund(row, self.actor, self.limits)

    @extend_schema(responses=HistoryOutput(many=True))
    @action(detail=True, methods=["get"])
    def history(self, request: Request, uuid: str) -> Response:
        """Who did what to the refund, oldest first."""
        return history_page(request, self.record(uuid))

    @verb(shapes.NothingInput)
    def approve(self, request: Request, uuid: str) -> Answered:
        """Let it be paid; not by who asked for it, above the limit of four eyes."""
        return self._plain(uuid, "approve", refunding.approve_refund)

    @verb(shapes.NothingInput)
    def pay(self, request: Request, uuid: str) -> Answered:
        """Send it: to the gateway, or by bank or hand to be confirmed."""
        return self._told(self._plain(uuid, "pay", refunding.pay_refund), uuid)

    @verb(shapes.NothingInput)
    def ask(self, request: Request, uuid: str) -> Answered:
        """Ask the gateway what became of it, by the same key."""
        return self._told(self._plain(uuid, "ask", refunding.ask_refund), uuid)

    @verb(shapes.NothingInput)
    def confirm(self, request: Request, uuid: str) -> Answered:
        """Say that it was paid by bank or by hand."""
        return self._plain(uuid, "confirm", refunding.confirm_refund)

    @verb(shapes.RefundFailInput)
    def fail(self, request: Request, uuid: str) -> Answered:
        """Say that it was not paid by bank or by hand, and why."""
        return self._plain(uuid, "fail", refunding.fail_refund, shapes.RefundFailInput)

    @verb(shapes.NothingInput)
    def retry(self, request: Request, uuid: str) -> Answered:
        """Make a failed one ready again, under a new key."""
        return self._plain(uuid, "retry", refunding.retry_refund)

    @verb(shapes.RefundCancelInput)
    def cancel(self, request: Request, uuid: str) -> Answered:
        """Give it up; its amount is open again, or kept as store credit."""
        return self._plain(uuid, "cancel", refunding.cancel_refund, shapes.RefundCancelInput)

    @verb(shapes.RefundChangeInput)
    def change(self, request: Request, uuid: str) -> Answered:
        """Pay another amount or by another way; it is approved anew."""
        return self._plain(uuid, "change", refunding.change_refund, shapes.RefundChangeInput)

    @verb(shapes.RefundDetailsInput)
    def details(self, request: Request, uuid: str) -> Answered:
        """Say to which account it goes; it is approved anew."""
        refund = self._record(uuid, "details")
        told = read(shapes.RefundDetailsInput, request)["bank_details"]

        def run() -> Refund:
            account = known_account(told, refund.customer, actor=self.actor)
            return refunding.set_refund_details(refund.pk, account, actor=self.actor)

        return self._under_locks(refund, run)

    def _plain(
        self,
        uuid: str,
        name: str,
        service: Callable[..., Refund],
        form: type[Input] = shapes.NothingInput,
    ) -> Answered:
        refund = self._record(uuid, name)
        values = read(form, self.request)
        return self._under_locks(refund, lambda: service(refund.pk, actor=self.actor, **values))

    def _record(self, uuid: str, name: str) -> Refund:
        found: Refund = self.record(uuid, find_verb(REFUND_VERBS, name).permission)
        return found

    def _under_locks(self, refund: Refund, run: Callable[[], Refund]) -> Answered:
        """If-Match locks the refund; what must be locked before it is locked before."""
        return refunding.holding(refund.pk, lambda: self.write(run, root=refund))

    def _told(self, answer: Answered, uuid: str) -> Answered:
        """What the gateway said meanwhile; one with a key is answered as its repeat will be."""
        keyed = "Idempotency-Key" in self.request.headers
        if keyed or not isinstance(answer, Response) or answer.status_code != 200:
            return answer
        row = self.loaded(Refund.objects.filter(uuid=uuid)).get()
        answer.data, answer.headers["ETag"] = self.show(row), etag(row.version)
        return answer

    def _filter(self, rows: QuerySet[Any, Any], given: set[str]) -> QuerySet[Any, Any]:
        for name in sorted(given & set(EXTRA_FILTERS)):
            value = self.request.query_params[name].replace("\x00", "")
            rows = rows.filter(credit_note__in=EXTRA_FILTERS[name](self.actor, value))
        return super()._filter(rows, given - set(EXTRA_FILTERS))
