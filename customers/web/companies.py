"""Customers and suppliers: the list, the page of one, a new one, one changed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from customers.models import Address, Company, Contact
from customers.selectors import (
    access_company,
)
from customers.services import create_company, edit_company
from customers.web.forms import CompanyForm
from customers.web.history import history_of
from customers.web.listing import COMPANIES
from customers.web.listing import head as _head
from customers.web.panels import panels_for
from rmaproject.views.pages import list_page
from rmaproject.web.nav import address
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.submitting import submit
from rmaproject.web.versions import at_version

EDIT = "customers.edit_company"


def crumbs(*more: dict[str, str]) -> list[dict[str, str]]:
    """The way here, from the list of customers."""
    return [{"label": _("Customers"), "url": reverse("customers:list")}, *more]


@staff
def companies(request: StaffRequest) -> HttpResponse:
    """The companies that the caller sees, newest first, narrowed by the filters."""
    may_create = request.actor.may("customers.create_company")
    new_url = reverse("customers:create") if may_create else ""
    return list_page(request, COMPANIES, new_url=new_url, new_label=_("New customer"))


@staff
def detail(request: StaffRequest, ident: UUID) -> HttpResponse:
    """One company: what other apps know of it, its contacts and addresses, its history."""
    actor = request.actor
    company = access_company(actor, ident)
    edits = actor.may(EDIT)
    made_for = (company, edits)
    context = {
        "customer": _head(company),
        "version": company.version,
        "crumbs": crumbs(),
        "actions": _buttons(request, company),
        "panels": panels_for(actor, company),
        "contacts": [_contact(row, *made_for) for row in company.contacts.order_by("name", "pk")],
        "addresses": [
            _address(row, *made_for) for row in company.addresses.order_by("-primary", "pk")
        ],
        "add_contact_url": reverse("customers:add_contact", args=[company.uuid]) if edits else "",
        "add_address_url": reverse("customers:add_address", args=[company.uuid]) if edits else "",
        "facts": _facts(company),
        "entries": history_of(company),
    }
    return page(request, "customers/detail.html", context)


def _contact(contact: Contact, company: Company, edits: bool) -> dict[str, Any]:
    url = reverse("customers:edit_contact", args=[company.uuid, contact.uuid]) if edits else ""
    return {
        "name": contact.name,
        "role": contact.role,
        "email": contact.email,
        "phone": contact.phone,
        "edit_url": url,
    }


def _address(place: Address, company: Company, edits: bool) -> dict[str, Any]:
    city = f"{place.postal_code} {place.city}".strip()
    lines = [place.line1, place.line2, city, place.region, place.country]
    url = reverse("customers:edit_address", args=[company.uuid, place.uuid]) if edits else ""
    return {
        "label": place.title,
        "primary": place.primary,
        "lines": [line for line in lines if line],
        "edit_url": url,
    }


def _buttons(request: StaffRequest, company: Company) -> list[dict[str, Any]]:
    choosable = company.is_customer and company.active
    blocked = "" if choosable else _("Only active customers get new orders.")
    offered = (
        ("edit", _("Edit"), "edit", reverse("customers:edit", args=[company.uuid]), EDIT, ""),
        *(
            (verb, label, "plus", f"{url}?customer={company.uuid}", right, blocked)
            for verb, label, url, right in (
                ("order", _("New order"), address("sales:create"), "sales.create_order"),
                ("return", _("New return"), address("returns:new"), "returns.create_return"),
            )
            if url
        ),
    )
    return [
        {
            "verb": verb,
            "label": label,
            "icon": icon,
            "url": url,
            "link": True,
            "allowed": not reason,
            "reason": reason,
            "primary": verb == "order",
        }
        for verb, label, icon, url, right, reason in offered
        if request.actor.may(right)
    ]


def _facts(company: Company) -> list[dict[str, Any]]:
    roles = [_("Customer")] * company.is_customer + [_("Supplier")] * company.is_supplier
    rows: list[dict[str, Any]] = [
        {"label": _("Number"), "value": company.reference, "code": True},
        {"label": _("Role"), "value": ", ".join(roles)},
        {"label": _("Email"), "value": company.email, "url": f"mailto:{company.email}"},
        {"label": _("Phone"), "value": company.phone},
        {"label": _("Country"), "value": company.country},
        {"label": _("Tax number"), "value": company.tax_number},
        {"label": _("Marked"), "value": ", ".join(company.flags)},
        {"label": _("Note"), "value": company.note},
    ]
    return [row for row in rows if row["value"]]


@staff
def create(request: StaffRequest) -> HttpResponse:
    """A new company."""
    actor = request.actor
    actor.require("customers.create_company")
    form = CompanyForm(request.POST or None)
    outcome = submit(request, form, lambda: create_company(dict(form.cleaned_data), actor=actor))
    if outcome.done:
        return redirect("customers:detail", outcome.value.uuid)
    context = {
        "heading": _("New customer"),
        "form": form,
        "save_label": _("Add customer"),
        "cancel_url": reverse("customers:list"),
        "crumbs": crumbs(),
    }
    return page(request, "customers/form.html", context, status=outcome.status)


@staff
def edit(request: StaffRequest, ident: UUID) -> HttpResponse:
    """A company changed, or made inactive."""
    actor = request.actor
    company = access_company(actor, ident, permission=EDIT)
    form = CompanyForm(request.POST or None, initial=CompanyForm.initial_of(company))

    def act() -> Company:
        return edit_company(company.pk, dict(form.cleaned_data), actor=actor)

    outcome = submit(request, form, lambda: at_version(request, company, act))
    if outcome.done:
        return redirect("customers:detail", company.uuid)
    context = {**company_frame(company, _("Edit %(name)s") % {"name": company.name}), "form": form}
    return page(request, "customers/form.html", context, status=outcome.status)


def company_frame(company: Company, heading: str) -> dict[str, Any]:
    """What every form about a company has around it."""
    here = reverse("customers:detail", args=[company.uuid])
    return {
        "heading": heading,
        "version": company.version,
        "cancel_url": here,
        "crumbs": crumbs({"label": company.name, "url": here}),
    }
