from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Upper
from django.utils.translation import gettext_noop

from customers.querysets import CompanyQuerySet
from rmaproject.audit.models import Addressable, Aggregate
from rmaproject.shared.fields import (
    iso_country,
    printable_text,
)


class Company(Aggregate):
    """A party: somebody who buys from us, supplies us, or both."""

    reference = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    is_customer = models.BooleanField(default=True)
    is_supplier = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    country = models.CharField(max_length=2, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=50, blank=True)
    tax_number = models.CharField(max_length=50, blank=True)
    note = models.TextField(blank=True)
    flags = ArrayField(models.CharField(max_length=30), default=list, blank=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions: ClassVar = [
            ("view_company", "See companies, contacts and addresses"),
            ("create_company", "Add companies"),
            ("edit_company", "Change companies, contacts and addresses"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                Lower("reference"),
                name="company_reference_unique",
                violation_error_code="reference_exists",
                violation_error_message=gettext_noop("Another company has this reference."),
            ),
            printable_text("company_reference_printable", "reference"),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="company_has_a_name",
                violation_error_code="name_missing",
                violation_error_message=gettext_noop("A company needs a name."),
            ),
            iso_country("company_country_is_iso"),
        ]
        indexes: ClassVar = [
            GinIndex(OpClass(Upper("name"), "gin_trgm_ops"), name="company_name_trigrams"),
            GinIndex(OpClass(Upper("reference"), "gin_trgm_ops"), name="company_ref_trigrams"),
            GinIndex(OpClass(Upper("email"), "gin_trgm_ops"), name="company_email_trigrams"),
            models.Index(fields=["name", "id"], name="company_by_name"),
            models.Index(fields=["updated_at", "id"], name="company_by_change"),
        ]

    def __str__(self) -> str:
        return self.name


class Contact(Addressable):
    """A person at a company."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="contacts")
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=50, blank=True)
    role = models.CharField(max_length=100, blank=True)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(name=""),
                name="contact_has_a_name",
                violation_error_code="name_missing",
                violation_error_message=gettext_noop("A contact needs a name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Address(Addressable):
    """Where a company is reached by post; one of them is the primary one."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="addresses")
    title = models.CharField(max_length=100, blank=True)
    line1 = models.CharField(max_length=200)
    line2 = models.CharField(max_length=200, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=100, blank=True)
    region = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=2, blank=True)
    primary = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["company"],
                condition=Q(primary=True),
                name="address_one_primary_per_company",
                violation_error_code="primary_exists",
                violation_error_message=gettext_noop("The company has a primary address already."),
            ),
            models.CheckConstraint(
                condition=~Q(line1=""),
                name="address_has_a_first_line",
                violation_error_code="address_missing",
                violation_error_message=gettext_noop("An address needs its first line."),
            ),
            iso_country("address_country_is_iso"),
        ]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.line1, self.postal_code, self.city) if part)
