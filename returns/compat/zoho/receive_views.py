"""Receives of sales returns: create and delete."""

from __future__ import annotations

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from returns.compat.zoho.arrivals import Arrivals
from returns.compat.zoho.base import ZohoDoor, pointing
from returns.compat.zoho.loading import standing_receipts
from returns.compat.zoho.receives import show_receive
from returns.compat.zoho.values import Values, missing
from returns.compat.zoho.views import access_here
from returns.models import Receipt
from returns.selectors import visible_returns
from returns.services import receive_return, reverse_receipt
from rmaproject.access.selectors import access
from rmaproject.rest.writing import Answer

#: Why a receipt is taken back, for the trail: that system's clients give no reason.
REASON = "The receive was deleted by another system."


class Receives(ZohoDoor):
    """What arrived."""

    def post(self, request: Request) -> Response | HttpResponse:
        """Book what arrived of a sales return."""
        body = Values(request.data)
        given = self.asked_for("salesreturn_id") or body.ident("salesreturn_id")
        if not given:
            raise missing("/salesreturn_id")
        order = access_here(self, given, "receive")

        def act() -> Answer:
            # Read under the return's lock: its lines say what whole kits are made of.
            arrivals = Arrivals(order, self.actor)
            came = arrivals.read(body)
            with pointing(arrivals.places):
                made = receive_return(order.pk, came, actor=self.actor)
            receipt = standing_receipts().get(pk=made.pk)
            shown = {
                "code": 0,
                "message": "Sales Return Receive Created Successfully",
                "salesreturn": show_receive(order, receipt, arrivals.sold),
            }
            return Answer(shown, 201)

        return self.act(act, root=order)


class Receive(ZohoDoor):
    """One receive."""

    def delete(self, request: Request, ident: str) -> Response | HttpResponse:
        """Take a receive back: stock, units and counters as before, its credit too."""

        def act() -> Answer:
            # Looked up only here: the repeat of a delete by its key finds its first answer.
            reverse_receipt(self._receipt(ident).pk, actor=self.actor, reason=REASON)
            return Answer({"code": 0, "message": "Sales Return Receive Deleted Successfully."})

        return self.act(act)

    def _receipt(self, ident: str) -> Receipt:
        """A receive that stands. Raises NotFound, NotPermitted."""
        orders = visible_returns(self.actor).filter(business=self.business)
        rows = Receipt.objects.filter(return_order__in=orders, reverses=None, reversed_by=None)
        found = access(rows, ident, actor=self.actor, permissions=())
        self.actor.require("returns.reverse_receipt")
        return found
