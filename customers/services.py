"""What may be done to companies, their contacts and addresses; the only writer of them."""

from __future__ import annotations

from typing import Any

from guardian.shortcuts import assign_perm

from customers.models import Address, Company, Contact
from rmaproject.access.actors import Actor
from rmaproject.audit import trail
from rmaproject.shared.db import command

#: How a customer is marked: a word that rules for returns can name.
FLAG = r"^[\w-]{1,30}$"
#: Fields whose values never enter the audit trail, only the fact that they changed.
PRIVATE = {"name", "email", "phone", "tax_number", "note"}


@command
def create_company(values: dict[str, Any], *, actor: Actor) -> Company:
    """Add a company; who may not see every company is granted the sight of this one.

    Raises Conflict `reference_exists`.
    """
    company = Company(**values)
    trail.create(company, actor=actor, reference=company.reference)
    if actor.user is not None and not actor.scope.everything:
        assign_perm("customers.view_company", actor.user, company)
    return company


@command
def edit_company(company_id: int, values: dict[str, Any], *, actor: Actor) -> Company:
    """Change a company; making it inactive keeps its history and takes it off new orders."""
    company = lock_company(company_id)
    facts = trail.changed_fields(company, values, private=PRIVATE)
    if facts:
        trail.change(company, "edit", actor=actor, fields=values, **facts)
    return company


def lock_company(company_id: int) -> Company:
    """The company, locked until the transaction ends."""
    return Company.objects.select_for_update().get(pk=company_id)


@command
def save_contact(
    company_id: int, values: dict[str, Any], *, actor: Actor, contact: Contact | None = None
) -> Contact:
    """Add a contact to a company, or change one of its contacts."""
    company = lock_company(company_id)
    saved = contact or Contact(company=company)
    _apply(saved, values)
    trail.change(company, "edit_contact", actor=actor, contact=saved.uuid)
    return saved


@command
def remove_contact(contact: Contact, *, actor: Actor) -> None:
    """Forget a contact: a personal record without history of its own."""
    company = lock_company(contact.company_id)
    trail.change(company, "remove_contact", actor=actor, contact=contact.uuid)
    contact.delete()


@command
def save_address(
    company_id: int, values: dict[str, Any], *, actor: Actor, address: Address | None = None
) -> Address:
    """Add or change an address; a new primary one takes the place of the old one."""
    company = lock_company(company_id)
    saved = address or Address(company=company)
    if values.get("primary"):
        company.addresses.exclude(pk=saved.pk).filter(primary=True).update(primary=False)
    elif address is None and not company.addresses.exists():
        values = {**values, "primary": True}
    _apply(saved, values)
    trail.change(company, "edit_address", actor=actor, address=saved.uuid)
    return saved


@command
def remove_address(address: Address, *, actor: Actor) -> None:
    """Forget an address: a personal record without history of its own."""
    company = lock_company(address.company_id)
    trail.change(company, "remove_address", actor=actor, address=address.uuid)
    address.delete()


def _apply(record: Contact | Address, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(record, name, value)
    record.save()
