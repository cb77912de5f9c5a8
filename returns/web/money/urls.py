"""The addresses of the queue of credits to book."""

from __future__ import annotations

from django.urls import path

from returns.web.money import credit_queue

app_name = "credits"

urlpatterns = [
    path("", credit_queue.first, name="queue"),
    path("<uuid:ident>/", credit_queue.credit, name="credit"),
]
