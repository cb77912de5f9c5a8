"""A pasted list of serials, order numbers and SKUs over REST: which lines it means."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from customers.selectors import visible_companies
from returns.selectors import permission_for
from returns.services.listed import PROBLEMS, Listed, ListedLine
from returns.services.listing import match_list
from returns.switch import require_returns_on
from rmaproject.rest.inputs import Input, RecordField, TextInput, read
from rmaproject.rest.shapes import QuantityOutput
from rmaproject.rest.views import Resource
from rmaproject.shared import money
from sales.selectors import visible_businesses


class ListForm(Input):
    """The list, one thing a row; the customer where the rows do not say whose goods they are."""

    text = TextInput(required=True, max_length=60_000, allow_blank=False)
    customer = RecordField(visible_companies, by="reference", required=False)
    business = RecordField(visible_businesses, by="code", required=False)


class ListedLineOutput(serializers.Serializer[Any]):
    """A line as a new return takes it: a unit, or so many of a sold line."""

    order_line = serializers.UUIDField(allow_null=True)
    stock_item = serializers.UUIDField(allow_null=True)
    quantity = QuantityOutput()


class ListedRowOutput(serializers.Serializer[Any]):
    """One row and its answer; `code` is empty where it was understood."""

    number = serializers.IntegerField()
    text = serializers.CharField()
    code = serializers.ChoiceField([("", ""), *((code, code) for code in PROBLEMS)])
    message = serializers.CharField()
    candidates = serializers.ListField(child=serializers.CharField())


class ListedOutput(serializers.Serializer[Any]):
    """What a list means; it is mixed where `customers`, whose goods it names, are several."""

    customer = serializers.CharField(allow_null=True)
    business = serializers.CharField(allow_null=True)
    customers = serializers.ListField(child=serializers.CharField())
    rows = ListedRowOutput(many=True)
    lines = ListedLineOutput(many=True)


class Lists(Resource):
    """Making lines of what somebody else wrote down; nothing is kept."""

    @extend_schema(request=ListForm, responses=ListedOutput, operation_id="returns_match_list")
    @action(detail=False, methods=["post"], url_path="match-list")
    def match_list(self, request: Request) -> Response:
        """Say which sold lines and units a list of serials, order numbers and SKUs means."""
        require_returns_on()
        self.actor.require(permission_for("create"))
        values = read(ListForm, request)
        return Response(_shown(match_list(values.pop("text"), actor=self.actor, **values)))


def _shown(listed: Listed) -> dict[str, Any]:
    return {
        "customer": listed.customer.reference if listed.customer else None,
        "business": listed.business.code if listed.business else None,
        "customers": list(dict.fromkeys(who.reference for who, _business in listed.parties)),
        "rows": [
            {
                "number": row.number,
                "text": row.text,
                "code": row.code,
                "message": row.message,
                "candidates": row.candidates,
            }
            for row in listed.rows
        ],
        "lines": [_line(line) for line in listed.lines],
    }


def _line(line: ListedLine) -> dict[str, Any]:
    unit, sold = line.stock_item, line.order_line
    return {
        "order_line": str(sold.uuid) if sold and not unit else None,
        "stock_item": str(unit.uuid) if unit else None,
        "quantity": money.plain(line.quantity),
    }
