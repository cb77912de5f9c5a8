"""Contacts and addresses of a company: added, changed, forgotten."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from customers.models import Address, Company, Contact
from customers.selectors import access_company
from customers.services import remove_address, remove_contact, save_address, save_contact
from customers.web.companies import EDIT, company_frame
from customers.web.forms import AddressForm, ContactForm
from rmaproject.shared.errors import NotFound
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.submitting import submit
from rmaproject.web.versions import at_version


@staff
def contact(request: StaffRequest, ident: UUID, part_ident: UUID | None = None) -> HttpResponse:
    """A contact added, or changed when the address names one."""
    actor = request.actor
    company = access_company(actor, ident, permission=EDIT)
    found = _contact_of(company, part_ident) if part_ident else None
    form = ContactForm(request.POST or None, initial=ContactForm.initial_of(found))

    def act() -> Contact:
        return save_contact(company.pk, dict(form.cleaned_data), actor=actor, contact=found)

    heading = _("Edit contact") if found else _("New contact")
    return _form_page(request, company, form, act, heading, _removal(company, found, "contact"))


@staff
def address(request: StaffRequest, ident: UUID, part_ident: UUID | None = None) -> HttpResponse:
    """An address added, or changed when the address of the page names one."""
    actor = request.actor
    company = access_company(actor, ident, permission=EDIT)
    found = _address_of(company, part_ident) if part_ident else None
    form = AddressForm(request.POST or None, initial=AddressForm.initial_of(found))

    def act() -> Address:
        return save_address(company.pk, dict(form.cleaned_data), actor=actor, address=found)

    heading = _("Edit address") if found else _("New address")
    return _form_page(request, company, form, act, heading, _removal(company, found, "address"))


def _form_page(
    request: StaffRequest,
    company: Company,
    form: Form,
    act: Callable[[], Contact | Address],
    heading: str,
    removal: dict[str, Any],
) -> HttpResponse:
    outcome = submit(request, form, lambda: at_version(request, company, act))
    if outcome.done:
        return redirect("customers:detail", company.uuid)
    context = {**company_frame(company, heading), "form": form, "text": company.name, **removal}
    return page(request, "form.html", context, status=outcome.status)


def _removal(company: Company, record: Contact | Address | None, kind: str) -> dict[str, Any]:
    if record is None:
        return {}
    url = reverse(f"customers:remove_{kind}", args=[company.uuid, record.uuid])
    return {"remove_url": url, "remove_label": _("Remove")}


@require_POST
@staff
def forget_contact(request: StaffRequest, ident: UUID, part_ident: UUID) -> HttpResponse:
    """A contact forgotten for good."""
    company = access_company(request.actor, ident, permission=EDIT)
    found = _contact_of(company, part_ident)
    at_version(request, company, lambda: remove_contact(found, actor=request.actor))
    messages.success(request, _("The contact is removed."))
    return redirect("customers:detail", company.uuid)


@require_POST
@staff
def forget_address(request: StaffRequest, ident: UUID, part_ident: UUID) -> HttpResponse:
    """An address forgotten for good."""
    company = access_company(request.actor, ident, permission=EDIT)
    found = _address_of(company, part_ident)
    at_version(request, company, lambda: remove_address(found, actor=request.actor))
    messages.success(request, _("The address is removed."))
    return redirect("customers:detail", company.uuid)


def _contact_of(company: Company, ident: UUID) -> Contact:
    found = company.contacts.filter(uuid=ident).first()
    if found is None:
        raise NotFound(_("There is no such contact."), code="not_found")
    return found


def _address_of(company: Company, ident: UUID) -> Address:
    found = company.addresses.filter(uuid=ident).first()
    if found is None:
        raise NotFound(_("There is no such address."), code="not_found")
    return found
