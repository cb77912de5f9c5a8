"""The one address of this door: an order, or parts of it, came back."""

from __future__ import annotations

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from returns.compat.riverty.base import RivertyDoor
from returns.compat.riverty.finding import find_invoice, find_sale
from returns.compat.riverty.reading import ReturnForm
from returns.compat.riverty.recording import Items, read_items, record_input
from returns.selectors import permission_for
from returns.services import record_rest, record_return
from returns.switch import require_returns_on
from rmaproject.rest.inputs import read
from rmaproject.rest.writing import Answer

BANK_DETAILS = "sales.edit_bank_details"


class ReturnOrders(RivertyDoor):
    """Books a return that happened: goods, credit note, and the refund of what was paid."""

    def post(
        self, request: Request, business: str, customer: str, order: str
    ) -> Response | HttpResponse:
        require_returns_on()
        self.actor.require(permission_for("record"))
        return self.act(lambda: self._record(business, customer, order), repeat=self.repeat)

    def _record(self, business: str, customer: str, order: str) -> Answer:
        """Read inside the transaction: the repeat of an id is answered whatever its body says."""
        given = read(ReturnForm, self.request)
        if given.get("bankDetails") is not None:
            self.actor.require(BANK_DETAILS)
        sold = find_sale(self.actor, business, customer, order)
        invoice = find_invoice(self.actor, sold, given.get("invoiceReference"))
        whole = "items" not in given
        items = Items() if whole else read_items(given["items"], sold, invoice)
        told = record_input(given, sold, items)
        with items.told():
            if whole:
                made, _ = record_rest(told, sold.order, actor=self.actor)
            else:
                made, _ = record_return(told, actor=self.actor)
        return Answer({"internalRequestId": str(made.uuid)})
