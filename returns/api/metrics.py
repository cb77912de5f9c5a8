"""The figures of the desk over REST: the same as on the pages, with what each means."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from returns.metrics.definitions import DEFINITIONS, OF_MONEY
from returns.metrics.durations import Duration, durations
from returns.metrics.rates import DIMENSIONS, Rate, rates
from returns.metrics.refunds import Step, refund_steps
from returns.metrics.sight import Period, Sight, look
from returns.metrics.today import Work, work_of
from rmaproject.rest.callers import actor_of
from rmaproject.rest.shapes import AmountOutput, PercentOutput, QuantityOutput
from rmaproject.rest.views import refuse_doubled, refuse_parameters
from rmaproject.shared import money
from rmaproject.shared.errors import InputErrors, NotFound
from sales.selectors import visible_businesses
from stock.models import PartCategory

PARAMETERS: Final = ("business", "category", "from", "to")
A_NAME: Final = {"type": "string", "minLength": 1}


class TileOutput(serializers.Serializer[Any]):
    key = serializers.CharField()
    count = serializers.IntegerField(
        help_text="Returns; `/returns/?queue=` of the pages lists them."
    )


class WeekOutput(serializers.Serializer[Any]):
    week = serializers.DateField(help_text="The Monday on which it begins.")
    opened = serializers.IntegerField()
    closed = serializers.IntegerField()


class SpanOutput(serializers.Serializer[Any]):
    count = serializers.IntegerField(help_text="How many returns are counted.")
    median = QuantityOutput(allow_null=True, help_text="In days.")
    p90 = QuantityOutput(allow_null=True, help_text="In days.")


class WeekSpanOutput(SpanOutput):
    week = serializers.DateField()


class StageOutput(SpanOutput):
    stage = serializers.CharField()


class RateOutput(serializers.Serializer[Any]):
    """Figures of sales are null for who may not see sales orders."""

    by = serializers.ChoiceField([(key, key) for key in DIMENSIONS])
    code = serializers.CharField(help_text="Empty for what has none.")
    name = serializers.CharField()
    units = QuantityOutput()
    units_sold = QuantityOutput(allow_null=True)
    unit_rate = PercentOutput(allow_null=True)
    orders = serializers.IntegerField()
    orders_sold = serializers.IntegerField(allow_null=True)
    order_rate = PercentOutput(allow_null=True)


class AgeOutput(serializers.Serializer[Any]):
    from_days = serializers.IntegerField()
    to_days = serializers.IntegerField(allow_null=True)
    count = serializers.IntegerField()
    on_hold = serializers.IntegerField()


class StepOutput(serializers.Serializer[Any]):
    step = serializers.CharField()
    currency = serializers.CharField()
    documents = serializers.IntegerField()
    amount = AmountOutput()


class DefinitionOutput(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()
    sentence = serializers.CharField()
    formula = serializers.CharField()


class MetricsOutput(serializers.Serializer[Any]):
    """Queues, ages and the steps of refunds but `paid` are of now; all else is of the period."""

    as_of = serializers.DateTimeField()
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    queues = TileOutput(many=True)
    flow = WeekOutput(many=True)
    resolution = WeekSpanOutput(many=True)
    stages = StageOutput(many=True)
    return_rates = RateOutput(many=True)
    ages = AgeOutput(many=True)
    refunds = StepOutput(many=True, help_text="Empty for who may not see credit notes.")
    definitions = DefinitionOutput(many=True)


class MetricsViewSet(GenericViewSet[Any]):
    """The figures of the desk."""

    serializer_class = MetricsOutput
    also_refuses = ("404", "422")

    @extend_schema(
        responses=MetricsOutput,
        parameters=[
            OpenApiParameter("business", A_NAME, description="Id or code; all in sight without."),
            OpenApiParameter("category", A_NAME, description="Id or code of a part category."),
            OpenApiParameter("from", date, description="The first day; 90 days by default."),
            OpenApiParameter(
                "to",
                date,
                description="The last day; today by default, tomorrow where it has begun.",
            ),
        ],
    )
    def retrieve(self, request: Request) -> Response:
        """Tell the figures of a period, within the caller's sight, with what each means."""
        refuse_parameters(request, allowed=PARAMETERS)
        refuse_doubled(request)
        actor = actor_of(request)
        look(actor)
        sight = look(
            actor,
            business=_named(request, "business", visible_businesses(actor)),
            category=_named(request, "category", PartCategory.objects.all()),
        )
        return Response(show_metrics(sight, _period(request, sight.latest)))


def show_metrics(sight: Sight, period: Period) -> dict[str, Any]:
    """All figures as JSON; amounts only for who may see them."""
    work = work_of(sight, period)
    weeks, stages = durations(sight, period)
    rated, _sold = rates(sight, period, *DIMENSIONS)
    told = [row for row in DEFINITIONS.values() if sight.money or row.key not in OF_MONEY]
    return {
        "as_of": sight.now,
        "first_day": period.first,
        "last_day": period.last,
        **_show_work(work),
        "resolution": [{"week": row.week, **_span(row)} for row in weeks],
        "stages": [{"stage": row.key, **_span(row)} for row in stages],
        "return_rates": [_rate(by, row) for by, rows in rated.items() for row in rows],
        "refunds": [_step(step) for step in refund_steps(sight, period)],
        "definitions": [
            {
                "key": row.key,
                "name": str(row.name),
                "sentence": str(row.sentence),
                "formula": str(row.formula),
            }
            for row in told
        ],
    }


def _show_work(work: Work) -> dict[str, Any]:
    return {
        "queues": [{"key": tile.key, "count": tile.count} for tile in work.tiles],
        "flow": [
            {"week": week.monday, "opened": week.opened, "closed": week.closed}
            for week in work.weeks
        ],
        "ages": [
            {
                "from_days": age.first,
                "to_days": age.last,
                "count": age.count,
                "on_hold": age.held,
            }
            for age in work.ages
        ],
    }


def _span(row: Duration) -> dict[str, Any]:
    days = [None if value is None else Decimal(str(value)) for value in (row.median, row.p90)]
    return {"count": row.count, "median": _plain(days[0]), "p90": _plain(days[1])}


def _rate(by: str, row: Rate) -> dict[str, Any]:
    return {
        "by": by,
        "code": row.code,
        "name": row.name,
        "units": money.plain(row.units),
        "units_sold": _plain(row.sold_units),
        "unit_rate": _plain(row.unit_rate),
        "orders": row.orders,
        "orders_sold": row.sold_orders,
        "order_rate": _plain(row.order_rate),
    }


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else money.plain(value)


def _step(step: Step) -> dict[str, Any]:
    return {
        "step": step.key,
        "currency": step.currency,
        "documents": step.count,
        "amount": money.amount(step.amount, step.currency),
    }


def _named(request: Request, name: str, rows: Any) -> Any:
    """The record that a parameter names by id or code; None without it."""
    text = request.query_params.get(name)
    if text is None:
        return None
    if not text:
        raise _unreadable(name, _("Leave the parameter out, or name something by id or code."))
    try:
        found = rows.filter(uuid=UUID(text)).first()
    except ValueError:
        found = rows.filter(code__iexact=text.replace("\x00", "")).first()
    if found is None:
        message = _("`%(name)s` names nothing that you see.") % {"name": name}
        raise NotFound(message, code="not_found", pointer=name)
    return found


def _period(request: Request, today: date) -> Period:
    return Period.asked(_day(request, "from"), _day(request, "to") or today)


def _day(request: Request, name: str) -> date | None:
    text = request.query_params.get(name)
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError as error:
        raise _unreadable(name, _("A day is written as year-month-day: 2026-11-30.")) from error


def _unreadable(name: str, detail: str) -> InputErrors:
    return InputErrors([{"pointer": name, "code": "invalid_parameter", "detail": detail}])
