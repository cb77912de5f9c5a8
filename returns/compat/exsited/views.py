"""Return merchandise authorisations: asked for from an invoice, listed, shown, received."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from returns.compat.exsited import paging, reading
from returns.compat.exsited.base import RECEIVING, ExsitedDoor
from returns.compat.exsited.finding import (
    find_invoice,
    find_receipt,
    find_return,
    loaded,
    receipts_of,
    returned_from,
)
from returns.compat.exsited.showing import invoices_of, show_receipt, show_return
from returns.models import ReturnOrder
from returns.selectors import permission_for, visible_returns
from returns.services import open_return, receive_return
from returns.switch import require_returns_on
from rmaproject.rest.writing import Answer

ONE = "return_merchandise_authorisation"
MANY = "return_merchandise_authorisations"
RECEIVED = "receive_return_merchandise_authorisation"


class Returns(ExsitedDoor):
    """All returns within the caller's sight."""

    parameters = paging.PARAMETERS

    def get(self, request: Request) -> Response:
        return Response(_page(request, visible_returns(self.actor)))


class OneReturn(ExsitedDoor):
    """A return by its number."""

    def get(self, request: Request, rma: str) -> Response:
        return Response({ONE: _shown(find_return(self.actor, rma))})


class InvoiceReturns(ExsitedDoor):
    """The returns with goods of an invoice; a new one is asked for and issued at once."""

    @property
    def parameters(self) -> frozenset[str]:  # type: ignore[override]
        return paging.PARAMETERS if self.request.method != "POST" else frozenset()

    def get(self, request: Request, invoice: str) -> Response:
        rows = visible_returns(self.actor)
        found = find_invoice(self.actor, invoice)
        page = _page(request, rows.filter(pk__in=returned_from(found)), found.reference)
        return Response({"invoice": page})

    def post(self, request: Request, invoice: str) -> Response | HttpResponse:
        require_returns_on()
        for step in ("create", "issue"):
            self.actor.require(permission_for(step))
        found = find_invoice(self.actor, invoice)
        given = reading.asked(request, found)

        def run() -> Answer:
            order, new = open_return(
                business=found.business,
                customer=found.customer,
                lines=given.lines,
                actor=self.actor,
                reference=given.reference,
                digest=given.digest,
                note=given.note,
                dated_on=given.dated_on,
            )
            shown = {"invoice": {ONE: _shown(order, found.reference)}}
            return Answer(shown, 201 if new else 200)

        return self.act(run)


class InvoiceReturn(ExsitedDoor):
    """A return by its number, below the invoice of its goods."""

    def get(self, request: Request, invoice: str, rma: str) -> Response:
        visible_returns(self.actor)
        found = find_invoice(self.actor, invoice)
        order = find_return(self.actor, rma, invoice=found)
        return Response({"invoice": {ONE: _shown(order, found.reference)}})


class Receipts(ExsitedDoor):
    """What arrived of a return; POST books what arrives now."""

    words = RECEIVING

    @property
    def parameters(self) -> frozenset[str]:  # type: ignore[override]
        return paging.PARAMETERS if self.request.method != "POST" else frozenset()

    def get(self, request: Request, invoice: str, rma: str) -> Response:
        visible_returns(self.actor)
        order = find_return(self.actor, rma, invoice=find_invoice(self.actor, invoice))
        page = paging.Page(request, paging.RECEIPT_ORDERS)
        found, told = page.of(receipts_of(order))
        shown = [show_receipt(row, order.business) for row in found]
        return Response({f"{RECEIVED}s": shown, "pagination": told})

    def post(self, request: Request, invoice: str, rma: str) -> Response | HttpResponse:
        visible_returns(self.actor)
        found = find_invoice(self.actor, invoice)
        order = find_return(self.actor, rma, invoice=found, for_action="receive")

        def run() -> Answer:
            receive_return(order.pk, reading.came(request, order), actor=self.actor)
            return Answer({ONE: _shown(order, found.reference)})

        return self.act(run, root=order)


class OneReceipt(ExsitedDoor):
    """What arrived at once."""

    def get(self, request: Request, invoice: str, rma: str, receipt: str) -> Response:
        visible_returns(self.actor)
        order = find_return(self.actor, rma, invoice=find_invoice(self.actor, invoice))
        return Response({RECEIVED: show_receipt(find_receipt(order, receipt), order.business)})


def _shown(order: ReturnOrder, invoice: str = "") -> dict[str, Any]:
    """A return as it stands now; below an invoice with that one's number."""
    fresh = loaded(ReturnOrder.objects.filter(pk=order.pk)).get()
    return show_return(fresh, {fresh.pk: invoice} if invoice else invoices_of([fresh]))


def _page(
    request: Request, rows: QuerySet[ReturnOrder, ReturnOrder], invoice: str = ""
) -> dict[str, Any]:
    found, told = paging.Page(request, paging.RETURN_ORDERS).of(loaded(rows))
    known = dict.fromkeys((row.pk for row in found), invoice) if invoice else invoices_of(found)
    return {MANY: [show_return(row, known) for row in found], "pagination": told}
