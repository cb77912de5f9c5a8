"""Values that several requests about sales share."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext
from rest_framework import serializers
from rest_framework.request import Request

from rmaproject.access.actors import Actor
from rmaproject.rest.callers import actor_of
from rmaproject.rest.inputs import Input, PercentInput, PriceInput, QuantityInput, RecordField
from sales.models import Allocation, SalesOrder, VatType
from sales.models.order import ORDER_KINDS, LineKind

MAX_NUMBER = 2_147_483_647


class ReferenceInput(serializers.CharField):
    """A reference that is kept as given, up to 64 printable characters."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=64, trim_whitespace=False, **options)


class OfOrder(RecordField):
    """A line, shipment or allocation of the sales order at hand; another order's is unknown."""

    def __init__(self, related: str, *, by: str = "", **options: Any) -> None:
        self.related = related
        super().__init__(self._rows, by=by, **options)

    def _rows(self, actor: Actor) -> QuerySet[Any, Any]:
        order: SalesOrder = self.context["order"]
        if self.related == "allocations":
            return Allocation.objects.filter(shipment__order=order)
        rows: QuerySet[Any, Any] = getattr(order, self.related).all()
        return rows


class SoldLineInput(Input):
    """What every line of a sale says; a price is gross and below zero only for a discount."""

    number = serializers.IntegerField(min_value=1, max_value=MAX_NUMBER)
    kind = serializers.ChoiceField(choices=ORDER_KINDS, default=LineKind.GOODS)
    name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    quantity = QuantityInput()
    gross_unit_price = PriceInput()
    vat_percent = PercentInput(default=Decimal(0))
    vat_type = serializers.ChoiceField(choices=VatType.choices, default=VatType.NORMAL)


def read_within(
    form: type[serializers.Serializer[Any]], request: Request, order: SalesOrder
) -> dict[str, Any]:
    """The checked values of a request about parts of one sales order."""
    given = form(data=request.data, context={"actor": actor_of(request), "order": order})
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


def require_different(name: str, rows: Sequence[dict[str, Any]]) -> None:
    """Refuse rows of which two have the same value. Raises a validation error at the second."""
    seen: set[Any] = set()
    errors: list[dict[str, Any]] = [{} for _ in rows]
    for row, error in zip(rows, errors, strict=True):
        value = row.get(name)
        if value is not None and value in seen:
            message = gettext("Another line has the %(name)s %(value)s too.") % {
                "name": name,
                "value": value,
            }
            error[name] = [serializers.ErrorDetail(message, f"doubled_{name}")]
        seen.add(value)
    if any(errors):
        raise serializers.ValidationError(errors)
