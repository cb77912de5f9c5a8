"""Addresses of the REST resources of this app."""

from __future__ import annotations

from rmaproject.rest.routing import router

routes = router()
urlpatterns = routes.urls
