"""Counting over REST: what a handheld scanner needs; the same services as on the page."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from returns.api import count_shapes as shapes
from returns.api.inputs import NothingForm, ReasonForm
from returns.api.outputs import ReceiptPartOutput
from returns.api.receipts import show_receipt, with_receipt_lines
from returns.models import Receipt, ReturnOrder
from returns.selectors import access_return
from returns.services import counts
from returns.services.counts import Scanned
from rmaproject.access.actors import Actor
from rmaproject.rest.callers import actor_of
from rmaproject.rest.inputs import read
from rmaproject.rest.views import refuse_parameters
from rmaproject.rest.writing import Answer, change, etag

Answered = Response | HttpResponse


class CountViewSet(GenericViewSet[Any]):
    """The count of one return; a scan with a `key` that was sent before counts once."""

    serializer_class = shapes.CountOutput

    @property
    def actor(self) -> Actor:
        return actor_of(self.request)

    def order(self, uuid: str) -> ReturnOrder:
        """The return, for who may receive it. Raises NotFound, NotPermitted."""
        refuse_parameters(self.request)
        return access_return(self.actor, uuid, for_action="receive")

    @extend_schema(responses=shapes.CountOutput)
    def retrieve(self, request: Request, uuid: str) -> Response:
        """Tell what is in the count of a return; without an id nobody counts it."""
        return Response(shapes.show_count(self.order(uuid)))

    @extend_schema(request=shapes.ScanForm, responses=shapes.ScannedOutput)
    def scan(self, request: Request, uuid: str) -> Answered:
        """Take a code into the count, which the first one opens. No code is refused.

        FINISH and PARK are told as `command` and left to the caller; UNDO is carried out.
        """
        order, told = self.order(uuid), read(shapes.ScanForm, request)
        code = told.pop("code")
        return self._scanned(
            order, lambda: counts.scan_code(order.pk, code, actor=self.actor, **told)
        )

    @extend_schema(request=shapes.UndoForm, responses=shapes.ScannedOutput)
    def undo(self, request: Request, uuid: str) -> Answered:
        """Take a scan back, the last one unless another is named."""
        order, told = self.order(uuid), read(shapes.UndoForm, request)

        def act() -> Scanned:
            return Scanned(None, [counts.undo_scan(order.pk, actor=self.actor, **told)])

        return self._scanned(order, act)

    @extend_schema(request=shapes.ChooseForm, responses=shapes.ScannedOutput)
    def choose(self, request: Request, uuid: str) -> Answered:
        """Say which of the things that were `offered` a code meant."""
        order, told = self.order(uuid), read(shapes.ChooseForm, request)
        scan, meaning = told["scan"], told["meaning"]
        return self._scanned(
            order, lambda: counts.choose_meaning(order.pk, scan, meaning, actor=self.actor)
        )

    @extend_schema(request=shapes.ExplainForm, responses=shapes.ScannedOutput)
    def explain(self, request: Request, uuid: str) -> Answered:
        """Say what an unknown code is; it is kept as unexpected unless it is expected."""
        order, told = self.order(uuid), read(shapes.ExplainForm, request)
        scan = told.pop("scan")
        told.setdefault("quantity", Decimal(1))
        return self._scanned(
            order, lambda: counts.name_unknown(order.pk, scan, actor=self.actor, **told)
        )

    @extend_schema(request=None, responses=shapes.CountOutput)
    def park(self, request: Request, uuid: str) -> Answered:
        """Put the count aside, with all that is in it, for anybody to go on with."""
        return self._plain(uuid, counts.park_count)

    @extend_schema(request=None, responses=shapes.CountOutput)
    def resume(self, request: Request, uuid: str) -> Answered:
        """Go on with a count, whoever began it."""
        return self._plain(uuid, counts.resume_count)

    @extend_schema(request=shapes.CartonForm, responses=shapes.CountOutput)
    def carton(self, request: Request, uuid: str) -> Answered:
        """Say how the parcel looked from outside."""
        order, value = self.order(uuid), read(shapes.CartonForm, request)["carton"]
        return self._shown(order, lambda: counts.set_carton(order.pk, value, actor=self.actor))

    @extend_schema(request=ReasonForm, responses=shapes.CountOutput)
    def cancel(self, request: Request, uuid: str) -> Answered:
        """Throw the count away; nothing of it is booked."""
        order, reason = self.order(uuid), read(ReasonForm, request)["reason"]
        return self._shown(
            order, lambda: counts.cancel_count(order.pk, actor=self.actor, reason=reason)
        )

    @extend_schema(request=shapes.FinishForm, responses={201: ReceiptPartOutput})
    def finish(self, request: Request, uuid: str) -> Answered:
        """Book the count as one receipt; missing goods answer 422 `count_short` with the lines."""
        order, told = self.order(uuid), read(shapes.FinishForm, request)

        def run() -> Answer:
            made = counts.finish_count(order.pk, actor=self.actor, **told)
            row = with_receipt_lines(Receipt.objects.filter(pk=made.pk)).get()
            return Answer(show_receipt(row), 201, {"ETag": etag(row.return_order.version)})

        return change(request, run, root=order, optional=True)

    def _plain(self, uuid: str, service: Callable[..., Any]) -> Answered:
        order = self.order(uuid)
        read(NothingForm, self.request)
        return self._shown(order, lambda: service(order.pk, actor=self.actor))

    def _shown(self, order: ReturnOrder, act: Callable[[], Any]) -> Answered:
        def run() -> Answer:
            act()
            return Answer(shapes.show_count(order))

        return change(self.request, run)

    def _scanned(self, order: ReturnOrder, act: Callable[[], Scanned]) -> Answered:
        return change(self.request, lambda: Answer(shapes.show_scanned(order, act())))


class ReceiptRecount(GenericViewSet[Any]):
    """The address that makes a count of a receipt again."""

    serializer_class = shapes.CountOutput

    @extend_schema(request=ReasonForm, responses={201: shapes.CountOutput})
    def recount(self, request: Request, uuid: str, receipt: str) -> Answered:
        """Take a receipt back and open a count with its goods.

        Goods that have moved on, and money that went out, stand in the way.
        """
        refuse_parameters(request)
        actor = actor_of(request)
        order = access_return(actor, uuid, for_action="receive")
        actor.require("returns.reverse_receipt")
        row = counts.receipt_to_recount(order, receipt)
        reason = read(ReasonForm, request)["reason"]

        def run() -> Answer:
            counts.reopen_count(row.pk, actor=actor, reason=reason)
            order.refresh_from_db(fields=["version"])
            return Answer(shapes.show_count(order), 201, {"ETag": etag(order.version)})

        return change(request, run, root=order)
