"""The REST door, `/api/v1/`: resources of every app, the schema, and a page to try them."""

from __future__ import annotations

from django.urls import include, path, re_path

from rmaproject.rest.docs import DocsView, SchemaView
from rmaproject.rest.problems import not_found

urlpatterns = [
    path("", include("rmaproject.webhooks.api.urls")),
    path("", include("customers.api.urls")),
    path("", include("stock.api.urls")),
    path("", include("sales.api.urls")),
    path("", include("returns.api.urls")),
    path("schema/", SchemaView.as_view(), name="api-schema"),
    path("docs/", DocsView.as_view(), name="api-docs"),
    # Only with its slash, so that the other spelling of a real address is tried first.
    re_path(r"^(?:.*/)?$", not_found),
]
