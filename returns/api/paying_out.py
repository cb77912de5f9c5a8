"""To which account the refunds of a return go, over REST."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from returns.api.outputs import ReturnOutput
from returns.models import ReturnOrder
from returns.services.paying_out import choose_bank_details
from rmaproject.rest.inputs import Input, read
from rmaproject.rest.views import Resource
from sales.api.bank_shapes import BankDetailsField

EDIT = "sales.edit_bank_details"


class BankDetailsForm(Input):
    """A known bank account by its id, one in full, or null for none."""

    bank_details = BankDetailsField(allow_null=True)


class PayoutVerbs(Resource):
    """What a return says about its refunds."""

    @extend_schema(request=BankDetailsForm, responses=ReturnOutput)
    @action(detail=True, methods=["post"], url_path="bank-details")
    def bank_details(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Say to which account refunds go; those that wait for one get it."""
        order: ReturnOrder = self.record(uuid, EDIT)
        told = read(BankDetailsForm, request)["bank_details"]
        return self.write(lambda: choose_bank_details(order.pk, told, actor=self.actor), root=order)
