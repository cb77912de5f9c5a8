"""The pages of the demo data, below the settings."""

from __future__ import annotations

from django.urls import path

from returns.demo import pages

urlpatterns = [
    path("", pages.demo, name="settings-demo"),
    path("load/", pages.load, name="settings-load-demo"),
    path("remove/", pages.remove, name="settings-remove-demo"),
]
