from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from customers.models import Company
from rmaproject.audit.models import Addressable, Aggregate
from rmaproject.shared.fields import (
    AmountField,
    iso_currency,
    known_choice,
    one_of,
    printable_text,
)
from sales.querysets import AccountQuerySet, BusinessQuerySet
from stock.models import Location


class Document(models.TextChoices):
    """The documents that get a reference by pattern."""

    SALES_ORDER = "sales_order", _("Sales order")
    INVOICE = "invoice", _("Invoice")
    CREDIT_NOTE = "credit_note", _("Credit note")
    RETURN_ORDER = "return_order", _("Return order")
    REFUND = "refund", _("Refund")
    BANK_FILE = "bank_file", _("Bank file")


DEFAULT_PATTERNS = {
    Document.SALES_ORDER: "SO-{ref:04d}",
    Document.INVOICE: "INV-{ref:05d}",
    Document.CREDIT_NOTE: "CN-{year}-{ref:05d}",
    Document.RETURN_ORDER: "RMA-{ref:04d}",
    Document.REFUND: "RF-{ref:05d}",
    Document.BANK_FILE: "BF-{ref:05d}",
}


class Business(Aggregate):
    """A legal entity of ours that sells; its days are days in its own time zone."""

    code = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    currency = models.CharField(max_length=3)
    time_zone = models.CharField(max_length=64, default="UTC")
    country = models.CharField(max_length=2, blank=True)
    tax_number = models.CharField(max_length=50, blank=True)
    address = models.TextField(blank=True)
    returns_location = models.ForeignKey(
        Location, models.PROTECT, null=True, blank=True, related_name="+"
    )
    anonymous_customer = models.ForeignKey(
        Company, models.PROTECT, null=True, blank=True, related_name="+"
    )
    #: A business to try things on: its clock can be moved, and no gateway pays for it.
    sandbox = models.BooleanField(default=False, editable=False)
    clock_ahead = models.DurationField(default=timedelta(0), editable=False)

    objects = BusinessQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        verbose_name_plural = "businesses"
        permissions: ClassVar = [("view_business", "See a business and all its records")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                Lower("code"),
                name="business_code_unique",
                violation_error_code="code_exists",
                violation_error_message=gettext_noop("Another business has this code."),
            ),
            printable_text("business_code_printable", "code"),
            iso_currency("business_currency_is_iso"),
            models.CheckConstraint(
                condition=Q(clock_ahead=timedelta(0))
                | Q(sandbox=True, clock_ahead__gt=timedelta(0)),
                name="business_clock_moved_in_sandbox_only",
                violation_error_code="not_a_sandbox",
                violation_error_message=gettext_noop(
                    "Only the clock of a sandbox business can be moved."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ReferencePattern(models.Model):
    """How a business numbers one kind of document that comes without a number."""

    business = models.ForeignKey(Business, models.PROTECT, related_name="patterns")
    document = models.CharField(max_length=20, choices=Document)
    pattern = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["business", "document"],
                name="referencepattern_one_per_document",
                violation_error_code="pattern_exists",
                violation_error_message=gettext_noop(
                    "The business has a pattern for this document."
                ),
            ),
            known_choice(
                "referencepattern_document_known",
                "document",
                Document,
                "This kind of document gets no reference.",
            ),
            models.CheckConstraint(
                condition=Q(pattern__contains="{ref"),
                name="referencepattern_counts",
                violation_error_code="invalid_pattern",
                violation_error_message=gettext_noop(
                    "A pattern needs {ref}, else two documents look alike."
                ),
            ),
        ]


class Counter(models.Model):
    """The last running number of a series; drawn last in a transaction, so it has no gaps."""

    business = models.ForeignKey(Business, models.PROTECT, related_name="+")
    series = models.CharField(max_length=20)
    period = models.CharField(max_length=7, blank=True)
    last = models.PositiveBigIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["business", "series", "period"],
                name="counter_one_per_series_and_period",
                violation_error_code="counter_exists",
                violation_error_message=gettext_noop("This series is counted already."),
            ),
            models.CheckConstraint(
                condition=one_of("series", Document),
                name="counter_series_known",
                violation_error_code="invalid_document",
                violation_error_message=gettext_noop("This kind of document gets no reference."),
            ),
        ]


class Account(Addressable):
    """What a customer owes a business in one currency; the sum of its receivable lines."""

    business = models.ForeignKey(Business, models.PROTECT, related_name="accounts")
    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    balance = AmountField(default=0)

    objects = AccountQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                F("business"),
                F("company"),
                F("currency"),
                name="account_one_per_business_company_currency",
                violation_error_code="account_exists",
                violation_error_message=gettext_noop("The customer has this account already."),
            ),
            iso_currency("account_currency_is_iso"),
        ]
