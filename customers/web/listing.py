"""The list of customers and suppliers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models import Company
from customers.selectors import primary_addresses, search_companies, visible_companies
from rmaproject.access.actors import Actor
from rmaproject.web.lists import Column, Filters, Listing, page_of_only, searched

Row = dict[str, Any]


def head(company: Company) -> Row:
    """What a list and the head of a company's page show."""
    return {
        "url": reverse("customers:detail", args=[company.uuid]),
        "reference": company.reference,
        "name": company.name,
        "active": company.active,
        "supplier": company.is_supplier,
        "customer": company.is_customer,
    }


def _narrow(filters: Filters, actor: Actor, found: Any) -> Any:
    states = [("yes", _("Active")), ("no", _("Inactive"))]
    if active := filters.choice("active", _("State"), list(states)):
        found = found.filter(active=active == "yes")
    roles = [("customer", _("Customers")), ("supplier", _("Suppliers"))]
    if role := filters.choice("role", _("Role"), list(roles)):
        found = found.filter(**{f"is_{role}": True})
    text = searched(filters.request)
    return search_companies(found, text) if text else found


def _present(actor: Actor, found: Sequence[Company], wanted: frozenset[str]) -> list[Row]:
    places = primary_addresses(found) if "place" in wanted else {}
    return [_row(row, places.get(row.pk)) for row in found]


def _row(company: Company, place: Any) -> Row:
    city, country = (place.city, place.country) if place else ("", "")
    marks = []
    if not company.active:
        marks.append({"tone": "wait", "label": _("Inactive")})
    if company.is_supplier:
        marks.append({"tone": "calm", "label": _("Supplier")})
    return {
        **head(company),
        "label": company.reference,
        "email": company.email,
        "phone": company.phone,
        "city": city,
        "country": country or company.country,
        "place": ", ".join(filter(None, [city, country or company.country])),
        "updated_at": company.updated_at,
        "marks": marks,
    }


def _exact(actor: Actor, text: str) -> str:
    return page_of_only(visible_companies(actor).filter(reference__iexact=text), "customers:detail")


COMPANIES: Final = Listing(
    key="customers",
    title=gettext_lazy("Customers"),
    path=lambda: reverse("customers:list"),
    placeholder=gettext_lazy("Number, name or email"),
    columns=(
        Column("reference", gettext_lazy("Number"), "ref", sort="reference", fixed=True),
        Column("name", gettext_lazy("Name"), "name", sort="name"),
        Column("place", gettext_lazy("Place")),
        Column("email", gettext_lazy("Email"), css="desk-only"),
        Column("phone", gettext_lazy("Phone"), css="not-dock desk-only"),
        Column("updated_at", gettext_lazy("Updated"), "moment", sort="updated_at", usual=False),
    ),
    visible=visible_companies,
    narrow=_narrow,
    present=_present,
    exact=_exact,
    icon="company",
    none_yet=gettext_lazy("No customers yet"),
    none_fits=gettext_lazy("No customer fits"),
    next_step=gettext_lazy("Customers come with their sales orders, or are made here."),
    context_name="customers",
)
