"""The settings pages."""

from __future__ import annotations

from django.urls import path

from returns.web import settings

urlpatterns = [
    path("", settings.general, name="settings"),
]
