"""Companies, their contacts and addresses in this system's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar
from uuid import uuid4

from django.db.models import Q, QuerySet
from rest_framework import serializers

from customers.models import Address, Company, Contact
from customers.selectors import primary_addresses, search_companies, visible_companies
from customers.services import (
    create_company,
    edit_company,
    remove_address,
    remove_contact,
    save_address,
    save_contact,
)
from returns.compat.inventree.filters import by_flag, by_key, by_text
from returns.compat.inventree.forms import Form, PkField, TextField
from returns.compat.inventree.reading import Only, keep_same, never_deleted, renamed
from returns.compat.inventree.resources import Records

EDIT = "customers.edit_company"
#: Their word for a value of ours, where they differ.
COMPANY_WORDS = {"description": "note", "tax_id": "tax_number"}
ADDRESS_WORDS = {"postal_city": "city", "province": "region"}


class CompanyForm(Form):
    """A company; who says nothing gets a supplier, as there."""

    name = serializers.CharField(max_length=200)
    description = TextField()
    phone = TextField(max_length=50)
    email = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    tax_id = TextField(max_length=50)
    active = serializers.BooleanField(default=True)
    is_customer = serializers.BooleanField(default=False)
    is_supplier = serializers.BooleanField(default=True)
    is_manufacturer = Only(False)

    shown: ClassVar = {
        "pk": "integer",
        "address": "string",
        "primary_address": "nested object",
        "image": "image upload",
        "thumbnail": "string",
        "parts_supplied": "integer",
        "parts_manufactured": "integer",
    }
    unkept: ClassVar = frozenset(
        {"website", "contact", "link", "notes", "currency", "remote_image"}
    )


class ContactForm(Form):
    """A person at a company."""

    company = PkField(visible_companies, model="company", api_url="/api/company/")
    name = serializers.CharField(max_length=200)
    phone = TextField(max_length=50)
    email = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    role = TextField(max_length=100)

    shown: ClassVar = {"pk": "integer", "company_name": "string"}


class AddressForm(Form):
    """Where a company is reached by post."""

    company = PkField(visible_companies, model="company", api_url="/api/company/")
    title = TextField(max_length=100)
    primary = serializers.BooleanField(required=False)
    line1 = serializers.CharField(max_length=200)
    line2 = TextField(max_length=200)
    postal_code = TextField(max_length=20)
    postal_city = TextField(max_length=100)
    province = TextField(max_length=100)
    country = TextField(max_length=2, help_text="The two letters of ISO 3166.")

    shown: ClassVar = {"pk": "integer"}
    unkept: ClassVar = frozenset({"shipping_notes", "internal_shipping_notes", "link"})


def show_company(row: Company) -> dict[str, Any]:
    """A company as they show it."""
    return {
        "pk": row.pk,
        "name": row.name,
        "description": row.note,
        "website": "",
        "phone": row.phone,
        "email": row.email,
        "currency": "",
        "contact": "",
        "link": "",
        "image": None,
        "thumbnail": None,
        "active": row.active,
        "is_customer": row.is_customer,
        "is_manufacturer": False,
        "is_supplier": row.is_supplier,
        "notes": "",
        "tax_id": row.tax_number,
        "parts_supplied": 0,
        "parts_manufactured": 0,
    }


def show_contact(row: Contact) -> dict[str, Any]:
    """A contact as they show it."""
    return {
        "pk": row.pk,
        "company": row.company_id,
        "company_name": row.company.name,
        "name": row.name,
        "phone": row.phone,
        "email": row.email,
        "role": row.role,
    }


def show_address(row: Address) -> dict[str, Any]:
    """An address as they show it."""
    return {
        "pk": row.pk,
        "company": row.company_id,
        "title": row.title,
        "primary": row.primary,
        "line1": row.line1,
        "line2": row.line2,
        "postal_code": row.postal_code,
        "postal_city": row.city,
        "province": row.region,
        "country": row.country,
        "shipping_notes": "",
        "internal_shipping_notes": "",
        "link": "",
    }


class Companies(Records):
    """Customers and suppliers. One is made inactive, never deleted."""

    title = "Company"
    form = CompanyForm
    words: ClassVar = {ours: theirs for theirs, ours in COMPANY_WORDS.items()}
    flags: ClassVar = {"address_detail": False}
    rights: ClassVar = {
        "POST": "customers.create_company",
        "PATCH": EDIT,
        "DELETE": EDIT,
    }
    filters: ClassVar = {
        "is_customer": by_flag(Q(is_customer=True)),
        "is_supplier": by_flag(Q(is_supplier=True)),
        "is_manufacturer": by_flag(Q(pk__in=())),
        "active": by_flag(Q(active=True)),
        "name": by_text("name"),
    }
    orderings: ClassVar = {"name": "name", "active": "active", "pk": "pk"}
    default_ordering = "name"

    def visible(self) -> QuerySet[Company, Company]:
        return visible_companies(self.actor)

    def find(self, rows: QuerySet[Any, Any], text: str) -> QuerySet[Any, Any]:
        return search_companies(rows, text)

    def show(self, row: Company, flags: Mapping[str, bool]) -> dict[str, Any]:
        return self.show_all([row], flags)[0]

    def show_all(self, rows: Iterable[Company], flags: Mapping[str, bool]) -> list[dict[str, Any]]:
        rows = list(rows)
        if not flags["address_detail"]:
            return [show_company(row) for row in rows]
        found = primary_addresses(rows)
        addresses = {key: show_address(row) for key, row in found.items()}
        return [{**show_company(row), "primary_address": addresses.get(row.pk)} for row in rows]

    def create(self, values: dict[str, Any]) -> Company:
        """Their companies have no reference, so a new one gets a number of its own."""
        reference = f"C-{uuid4().hex[:12].upper()}"
        told = {**renamed(values, COMPANY_WORDS), "reference": reference}
        return create_company(told, actor=self.actor)

    def change(self, row: Company, values: dict[str, Any]) -> None:
        edit_company(row.pk, renamed(values, COMPANY_WORDS), actor=self.actor)

    def remove(self, row: Company) -> None:
        raise never_deleted("A company stays with its history; set active to false.")


class Belongings(Records):
    """What belongs to companies; it goes with the rights on them."""

    model: ClassVar[type[Contact | Address]]
    rights: ClassVar = {"POST": EDIT, "PATCH": EDIT, "DELETE": EDIT}
    filters: ClassVar = {"company": by_key("company")}

    def visible(self) -> QuerySet[Any, Any]:
        companies = visible_companies(self.actor)
        rows: QuerySet[Any, Any] = self.model._default_manager.all()
        return rows if self.actor.scope.everything else rows.filter(company__in=companies)

    def loaded(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        return rows.select_related("company")


class Contacts(Belongings):
    """People at companies."""

    title = "Contact"
    model = Contact
    form = ContactForm
    orderings: ClassVar = {"name": "name", "company": "company__name", "pk": "pk"}
    default_ordering = "name"

    def find(self, rows: QuerySet[Any, Any], text: str) -> QuerySet[Any, Any]:
        return rows.filter(Q(name__icontains=text) | Q(company__name__icontains=text))

    def show(self, row: Contact, flags: Mapping[str, bool]) -> dict[str, Any]:
        return show_contact(row)

    def create(self, values: dict[str, Any]) -> Contact:
        return save_contact(values.pop("company").pk, values, actor=self.actor)

    def change(self, row: Contact, values: dict[str, Any]) -> None:
        keep_same(values, "company", row.company_id)
        save_contact(row.company_id, values, actor=self.actor, contact=row)

    def remove(self, row: Contact) -> None:
        remove_contact(row, actor=self.actor)


class Addresses(Belongings):
    """Where companies are reached by post; the first one is the primary one."""

    title = "Address"
    model = Address
    form = AddressForm
    words: ClassVar = {ours: theirs for theirs, ours in ADDRESS_WORDS.items()}
    orderings: ClassVar = {"title": "title", "pk": "pk"}
    default_ordering = "title"

    def find(self, rows: QuerySet[Any, Any], text: str) -> QuerySet[Any, Any]:
        return rows.filter(Q(title__icontains=text) | Q(company__name__icontains=text))

    def show(self, row: Address, flags: Mapping[str, bool]) -> dict[str, Any]:
        return show_address(row)

    def create(self, values: dict[str, Any]) -> Address:
        company = values.pop("company")
        return save_address(company.pk, renamed(values, ADDRESS_WORDS), actor=self.actor)

    def change(self, row: Address, values: dict[str, Any]) -> None:
        keep_same(values, "company", row.company_id)
        told = renamed(values, ADDRESS_WORDS)
        save_address(row.company_id, told, actor=self.actor, address=row)

    def remove(self, row: Address) -> None:
        remove_address(row, actor=self.actor)
