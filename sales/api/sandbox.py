"""The clock of a sandbox business over REST: `POST /api/v1/test/clock/advance/`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from rmaproject.rest.callers import actor_of
from rmaproject.rest.inputs import Input, RecordField, read
from rmaproject.rest.views import refuse_parameters
from rmaproject.rest.writing import Answer, change
from rmaproject.shared import clock
from sales.api.businesses import MANAGE
from sales.selectors import visible_businesses
from sales.services.sandbox_clock import advance_clock


class AdvanceInput(Input):
    """How far to move a clock; what is left out is nothing."""

    business = RecordField(visible_businesses, by="code")
    days = serializers.IntegerField(min_value=0, max_value=3650, default=0)
    hours = serializers.IntegerField(min_value=0, max_value=23, default=0)
    minutes = serializers.IntegerField(min_value=0, max_value=59, default=0)


class AdvanceOutput(serializers.Serializer[Any]):
    business = serializers.CharField(help_text="Its code.")
    now = serializers.DateTimeField(help_text="What time it is there now.")


class TestClockViewSet(GenericViewSet[Any]):
    """A sandbox business's clock."""

    serializer_class = AdvanceOutput
    unversioned = frozenset({"advance"})

    @extend_schema(request=AdvanceInput, responses=AdvanceOutput)
    def advance(self, request: Request) -> Response | HttpResponse:
        """Move the clock of a sandbox business ahead; what became due by it is done at once."""
        refuse_parameters(request)
        actor = actor_of(request)
        actor.require(MANAGE)
        values = read(AdvanceInput, request)
        business = values.pop("business")

        def run() -> Answer:
            moved = advance_clock(business.pk, timedelta(**values), actor=actor)
            return Answer({"business": moved.code, "now": clock.now(moved)})

        return change(request, run)
