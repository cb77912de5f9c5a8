"""Webhooks over REST: who is told what, and what became of it."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from rmaproject.access.selectors import access
from rmaproject.rest.filters import FlagFilter, documented
from rmaproject.rest.history import HistoryOutput, history_page
from rmaproject.rest.inputs import Input, read
from rmaproject.rest.views import Resource
from rmaproject.rest.writing import Answer, change
from rmaproject.webhooks.api.shapes import (
    DeliveryOutput,
    EndpointInput,
    EndpointOutput,
    NewEndpointOutput,
    ReplayedOutput,
    SpanInput,
    show_delivery,
    show_endpoint,
)
from rmaproject.webhooks.models import Delivery, Endpoint
from rmaproject.webhooks.selectors import visible_endpoints
from rmaproject.webhooks.services import (
    create_endpoint,
    delete_endpoint,
    edit_endpoint,
    enable_endpoint,
    replay_delivery,
    replay_events,
    rotate_secret,
    send_test,
)


class EndpointFilters(django_filters.FilterSet):
    active = FlagFilter()


@documented(EndpointOutput)
class EndpointViewSet(Resource):
    """Webhooks: addresses of yours that are told of changes, of those that you may see."""

    serializer_class = EndpointOutput
    filters = EndpointFilters
    unversioned = frozenset({"create", "test", "replay"})

    def visible(self) -> QuerySet[Endpoint, Endpoint]:
        return visible_endpoints(self.actor)

    def loaded(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        return rows.select_related("owner")

    def show(self, row: Endpoint) -> dict[str, Any]:
        return show_endpoint(row)

    @extend_schema(request=EndpointInput, responses={201: NewEndpointOutput})
    def create(self, request: Request) -> Response | HttpResponse:
        """Add a webhook. Its `secret` is in this answer only."""
        visible_endpoints(self.actor)
        values = read(EndpointInput, request)

        def act() -> Answer:
            made, secret = create_endpoint(values, actor=self.actor)
            answer = self.written(made, status=201)
            answer.reveal("secret", secret)
            return answer

        return change(request, act)

    @extend_schema(request=EndpointInput, responses=EndpointOutput)
    def partial_update(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Change the fields that are sent. Needs If-Match."""
        known = self.record(uuid)
        values = read(EndpointInput, request, partial=True)
        return self.write(lambda: edit_endpoint(known.pk, values, actor=self.actor), root=known)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Take a webhook away. Needs If-Match."""
        known = self.record(uuid)
        return self.write(lambda: delete_endpoint(known.pk, actor=self.actor), root=known)

    @extend_schema(request=Input, responses=EndpointOutput)
    @action(detail=True, methods=["post"])
    def enable(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Switch a webhook on again. What it missed comes by a replay."""
        known = self.record(uuid)
        read(Input, request)
        return self.write(lambda: enable_endpoint(known.pk, actor=self.actor), root=known)

    @extend_schema(request=Input, responses=NewEndpointOutput)
    @action(detail=True, methods=["post"], url_path="rotate-secret")
    def rotate_secret(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Give it a fresh secret, shown in this answer only; the old one signs too for a day."""
        known = self.record(uuid)
        read(Input, request)

        def act() -> Answer:
            made, secret = rotate_secret(known.pk, actor=self.actor)
            answer = self.written(made)
            answer.reveal("secret", secret)
            return answer

        return change(request, act, root=known)

    @extend_schema(request=Input, responses={202: DeliveryOutput})
    @action(detail=True, methods=["post"])
    def test(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Send a `webhook.test` once; the delivery shows what came back."""
        known = self.record(uuid)
        read(Input, request)

        def act() -> Answer:
            return Answer(show_delivery(send_test(known.pk, actor=self.actor)), 202)

        return change(request, act, root=known, optional=True)

    @extend_schema(request=SpanInput, responses={202: ReplayedOutput})
    @action(detail=True, methods=["post"])
    def replay(self, request: Request, uuid: str) -> Response | HttpResponse:
        """Tell the events of a span of time once more, under their first ids."""
        known = self.record(uuid)
        span = read(SpanInput, request)

        def act() -> Answer:
            made, count = replay_events(known.pk, span["from"], span["to"], actor=self.actor)
            answer = self.written(made, status=202)
            answer.body |= {"replayed": count}
            return answer

        return change(request, act, root=known, optional=True)

    @extend_schema(responses=HistoryOutput(many=True))
    @action(detail=True, methods=["get"])
    def history(self, request: Request, uuid: str) -> Response:
        """Who changed the webhook, when and how."""
        return history_page(request, self.record(uuid))


class DeliveryFilters(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=Delivery._meta.get_field("state").choices)
    type = django_filters.CharFilter()


@documented(DeliveryOutput)
class DeliveryViewSet(Resource):
    """What was sent to a webhook and what came back, newest first; kept for 30 days."""

    serializer_class = DeliveryOutput
    filters = DeliveryFilters
    unversioned = frozenset({"replay"})

    def visible(self) -> QuerySet[Delivery, Delivery]:
        known = visible_endpoints(self.actor)
        endpoint = access(known, self.kwargs["webhook"], actor=self.actor, permissions=())
        return Delivery.objects.filter(endpoint=endpoint)

    def loaded(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        return rows.prefetch_related("log")

    def show(self, row: Delivery) -> dict[str, Any]:
        return show_delivery(row)

    def retrieve(self, request: Request, uuid: str, *args: Any, **kwargs: Any) -> Response:
        """Show a delivery with its attempts."""
        return Response(show_delivery(self.record(uuid)))

    @extend_schema(request=Input, responses={202: DeliveryOutput})
    @action(detail=True, methods=["post"])
    def replay(self, request: Request, uuid: str, **kwargs: Any) -> Response | HttpResponse:
        """Tell the event once more, under its first id."""
        known = self.record(uuid)
        read(Input, request)

        def act() -> Answer:
            return Answer(show_delivery(replay_delivery(known.pk, actor=self.actor)), 202)

        return change(request, act)
