"""The REST door, `/api/v1/`: resources of every app, the schema, and a page to try them."""

from __future__ import annotations

from django.urls import include, path, re_path

from rmaproject.rest.audit import AuditViewSet
from rmaproject.rest.catalogue import problem_index, problem_page
from rmaproject.rest.docs import DocsView, SchemaView
from rmaproject.rest.problems import not_found
from rmaproject.rest.routing import router
from rmaproject.rest.tokens import TokenViewSet

routes = router()
routes.register("tokens", TokenViewSet, basename="token")

urlpatterns = [
    *routes.urls,
    path("", include("rmaproject.webhooks.api.urls")),
    path("", include("customers.api.urls")),
    path("", include("stock.api.urls")),
    path("", include("sales.api.urls")),
    path("", include("returns.api.urls")),
    path("audit/", AuditViewSet.as_view({"get": "list"}), name="audit"),
    path("schema/", SchemaView.as_view(), name="api-schema"),
    path("docs/", DocsView.as_view(), name="api-docs"),
    path("problems/", problem_index, name="api-problems"),
    path("problems/<slug:code>/", problem_page, name="api-problem"),
    # Only with its slash, so that the other spelling of a real address is tried first.
    re_path(r"^(?:.*/)?$", not_found),
]
