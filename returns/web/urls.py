"""The pages of returns."""

from __future__ import annotations

from django.urls import path

from returns.web import listing

app_name = "returns"
urlpatterns = [
    path("", listing.returns_list, name="list"),
    path("receive/", listing.to_receive, name="to_receive"),
]
