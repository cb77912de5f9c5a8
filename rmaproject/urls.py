"""Which address belongs to whom; the apps bring their own lists."""

from __future__ import annotations

from django.urls import include, path

from rmaproject.health import alive, ready

urlpatterns = [
    path("healthz", alive, name="healthz"),
    path("readyz", ready, name="readyz"),
    path("api/v1/", include("rmaproject.api_urls")),
    path("api/order/calendar/", include("returns.calendar.urls")),
]
