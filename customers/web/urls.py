"""The addresses of the pages of customers."""

from __future__ import annotations

from django.urls import path

from customers.web import companies, details

app_name = "customers"

urlpatterns = [
    path("", companies.companies, name="list"),
    path("new/", companies.create, name="create"),
    path("<uuid:ident>/", companies.detail, name="detail"),
    path("<uuid:ident>/edit/", companies.edit, name="edit"),
    path("<uuid:ident>/contacts/new/", details.contact, name="add_contact"),
    path("<uuid:ident>/contacts/<uuid:part_ident>/", details.contact, name="edit_contact"),
    path(
        "<uuid:ident>/contacts/<uuid:part_ident>/remove/",
        details.forget_contact,
        name="remove_contact",
    ),
    path("<uuid:ident>/addresses/new/", details.address, name="add_address"),
    path("<uuid:ident>/addresses/<uuid:part_ident>/", details.address, name="edit_address"),
    path(
        "<uuid:ident>/addresses/<uuid:part_ident>/remove/",
        details.forget_address,
        name="remove_address",
    ),
]
