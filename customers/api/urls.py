"""Addresses of the REST resources of this app."""

from __future__ import annotations

from customers.api.companies import CompanyViewSet
from rmaproject.rest.routing import router

routes = router()
routes.register("companies", CompanyViewSet, basename="company")
urlpatterns = routes.urls
