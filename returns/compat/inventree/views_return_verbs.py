"""The actions of a return order; what its state forbids is 409, never a silent success."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from returns.compat.inventree.codes import (
    DECIDED_AT_THE_DOCK,
    SEEN_AT_THE_DOCK,
    STOCK_CODES,
    label_of,
)
from returns.compat.inventree.forms import Form, PkField, QuantityField, TextField
from returns.compat.inventree.lists import require_known
from returns.compat.inventree.views_returns import ReturnOrders
from returns.models import Condition, ReturnLine, ReturnOrder
from returns.selectors import disposition_for, permission_for, visible_returns
from returns.services import (
    ArrivalInput,
    ReceiveInput,
    cancel_return,
    complete_return,
    credit_return,
    hold_return,
    issue_return,
    receive_return,
    resume_return,
)
from returns.states import Status
from rmaproject.rest.writing import Answer
from stock.selectors import visible_locations

#: Why an order is on hold whose client gave no reason, which ours asks for.
NO_REASON = "Put on hold by a client of InvenTree, without a reason."


class Nothing(Form):
    """A body that says nothing, or why."""

    reason = TextField(max_length=500)


class ReturnVerb(ReturnOrders):
    """An action on one order, answered with the order as it then stands."""

    body: type[serializers.Serializer[Any]] = Nothing
    http_method_names = ["post", "options"]
    permissions: tuple[str, ...] = ()

    @property
    def allowed_methods(self) -> list[str]:
        return ["POST", "OPTIONS"]

    def post(self, request: Request, pk: int | None = None) -> Response | HttpResponse:
        """Carry the action out."""
        require_known(request, ())
        order = self.record(pk or 0)
        for permission in self.permissions:
            self.actor.require(permission)
        values = self.read_for(order)

        def act() -> Answer:
            self.carry_out(order, values)
            return Answer(self.written(order), 201)

        return self.act(act)

    def read_for(self, order: ReturnOrder) -> dict[str, Any]:
        """The checked body of an action on this order. Raises a validation error."""
        context = {"actor": self.actor, "row": order}
        given = self.body(data=self.request.data, context=context)
        given.is_valid(raise_exception=True)
        return dict(given.validated_data)

    def carry_out(self, order: ReturnOrder, values: dict[str, Any]) -> None:
        raise NotImplementedError


class Issue(ReturnVerb):
    """Issues a pending order; a held one goes on, and is issued where that makes it pending."""

    def carry_out(self, order: ReturnOrder, values: dict[str, Any]) -> None:
        held = order.status == Status.ON_HOLD
        if held:
            self.actor.require(permission_for("resume"))
            resumed = resume_return(order.pk, actor=self.actor)
            if resumed.status != Status.PENDING:
                return
        self.actor.require(permission_for("issue"))
        issue_return(order.pk, actor=self.actor)


class Hold(ReturnVerb):
    permissions = (permission_for("hold"),)

    def carry_out(self, order: ReturnOrder, values: dict[str, Any]) -> None:
        hold_return(order.pk, actor=self.actor, reason=values.get("reason") or NO_REASON)


class Cancel(ReturnVerb):
    permissions = (permission_for("cancel"),)

    def carry_out(self, order: ReturnOrder, values: dict[str, Any]) -> None:
        cancel_return(order.pk, actor=self.actor, reason=values.get("reason", ""))


class Complete(ReturnVerb):
    """Completes an order; a credit that is owed is booked first by who may, else it is 409."""

    permissions = (permission_for("complete"),)

    def carry_out(self, order: ReturnOrder, values: dict[str, Any]) -> None:
        owed = order.status == Status.IN_PROGRESS and order.credit_owed
        if owed and self.actor.may(permission_for("credit")):
            credit_return(order.pk, actor=self.actor)
            order.refresh_from_db()
            if order.status == Status.COMPLETE:  # its rules completed it by themselves
                return
        complete_return(order.pk, actor=self.actor)


class ArrivalForm(Form):
    """One line that arrived, whole unless a quantity is named."""

    item = PkField(
        lambda actor: ReturnLine.objects.filter(
            return_order__in=visible_returns(actor), void=False
        ),
        model="returnorderlineitem",
        api_url="/api/order/ro-line/",
    )
    status = serializers.ChoiceField(
        [(code.key, code.label) for code in STOCK_CODES], required=False, allow_null=True
    )
    quantity = QuantityField(required=False)
    serial = TextField(max_length=64)

    def validate_item(self, line: ReturnLine) -> ReturnLine:
        """A line of this very order."""
        if line.return_order_id != self.context["row"].pk:
            raise serializers.ValidationError("Line item does not match return order.")
        return line

    def validate_status(self, status: int | None) -> int | None:
        """Goods that arrived are not lost."""
        if status == 70:
            raise serializers.ValidationError("What was received is not lost.")
        return status


class ReceiveForm(Form):
    items = ArrivalForm(many=True, allow_empty=False)
    location = PkField(visible_locations, model="stocklocation", api_url="/api/stock/location/")
    note = TextField(max_length=500)


class Receive(ReturnVerb):
    """Receives lines at one place, all of them or none."""

    permissions = (permission_for("receive"),)
    body = ReceiveForm
    words = {"lines": "items", "line": "item"}

    def carry_out(self, order: ReturnOrder, values: dict[str, Any]) -> None:
        arrivals = [_arrival(entry) for entry in values["items"]]
        given = ReceiveInput(
            lines=arrivals, location=values["location"], note=values.get("note", "")
        )
        receive_return(order.pk, given, actor=self.actor)


def _arrival(entry: dict[str, Any]) -> ArrivalInput:
    line, status = entry["item"], entry.get("status") or 75
    action = DECIDED_AT_THE_DOCK.get(status)
    seen = SEEN_AT_THE_DOCK.get(status, Condition.UNKNOWN)
    return ArrivalInput(
        line,
        entry.get("quantity") or _expected(line),
        serial=entry.get("serial", ""),
        condition=seen,
        disposition=disposition_for(action) if action else None,
        note=label_of(STOCK_CODES, status) if seen != Condition.UNKNOWN else "",
    )


def _expected(line: ReturnLine) -> Decimal:
    """What has not come; where that is nothing, all of it, which the service then refuses."""
    announced = line.quantity - line.released
    return announced - line.received or announced


VERBS: dict[str, Callable[..., Any]] = {
    "issue": Issue.as_view(),
    "hold": Hold.as_view(),
    "cancel": Cancel.as_view(),
    "complete": Complete.as_view(),
    "receive": Receive.as_view(),
}
