"""Addresses of the REST resources of this app."""

from __future__ import annotations

from customers.api.addresses import AddressViewSet, CompanyAddressViewSet
from customers.api.companies import CompanyViewSet
from customers.api.contacts import CompanyContactViewSet, ContactViewSet
from rmaproject.rest.routing import router

COMPANY = r"companies/(?P<company>[0-9a-fA-F-]{36})"

routes = router()
routes.register("companies", CompanyViewSet, basename="company")
routes.register(f"{COMPANY}/contacts", CompanyContactViewSet, basename="company-contact")
routes.register(f"{COMPANY}/addresses", CompanyAddressViewSet, basename="company-address")
routes.register("contacts", ContactViewSet, basename="contact")
routes.register("addresses", AddressViewSet, basename="address")
urlpatterns = routes.urls
