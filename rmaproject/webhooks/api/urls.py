"""Addresses of events and webhooks."""

from __future__ import annotations

from django.urls import path

from rmaproject.rest.routing import router
from rmaproject.webhooks.api.endpoints import DeliveryViewSet, EndpointViewSet
from rmaproject.webhooks.api.events import EventViewSet

WEBHOOK = r"webhooks/(?P<webhook>[0-9a-fA-F-]{36})"

routes = router()
routes.register("webhooks", EndpointViewSet, basename="webhook")
routes.register(f"{WEBHOOK}/deliveries", DeliveryViewSet, basename="webhook-delivery")
urlpatterns = [
    path("events/", EventViewSet.as_view({"get": "list"}), name="event-list"),
    *routes.urls,
]
