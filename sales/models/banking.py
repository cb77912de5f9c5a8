from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_noop

from customers.models import Company
from rmaproject.audit.models import Aggregate
from rmaproject.shared.fields import AmountField, iso_currency, printable_text
from rmaproject.shared.money import follows_currency
from sales.models.business import Business
from sales.querysets import BankDetailsQuerySet, BankFileQuerySet


class BankDetails(Aggregate):
    """A bank account of a customer, or the one that a business pays from.

    Owner, IBAN and BIC lie encrypted in `sealed`; all else that is kept of them is what a mask
    shows. A row is never changed, only retired: another account is another row.
    """

    customer = models.ForeignKey(
        Company, models.PROTECT, null=True, blank=True, related_name="bank_details"
    )
    business = models.ForeignKey(
        Business, models.PROTECT, null=True, blank=True, related_name="bank_details"
    )
    sealed = models.TextField()
    digest = models.CharField(max_length=64)
    country = models.CharField(max_length=2)
    last4 = models.CharField(max_length=4)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = BankDetailsQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        verbose_name = "bank account"
        permissions: ClassVar = [
            ("edit_bank_details", "Enter and choose bank accounts"),
            ("see_bank_details", "See bank accounts in full"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(customer=None, business__isnull=False)
                | Q(customer__isnull=False, business=None),
                name="bankdetails_belong_to_one_holder",
                violation_error_code="two_holders",
                violation_error_message=gettext_noop(
                    "A bank account is a customer's or a business's."
                ),
            ),
            models.UniqueConstraint(
                fields=["business"],
                condition=Q(retired_at=None),
                name="bankdetails_business_pays_from_one",
                violation_error_code="account_exists",
                violation_error_message=gettext_noop("The business pays from another account."),
            ),
            models.CheckConstraint(
                condition=Q(country__regex="^[A-Z]{2}$", last4__regex="^[A-Z0-9]{4}$"),
                name="bankdetails_mask_is_a_mask",
                violation_error_code="invalid_iban",
                violation_error_message=gettext_noop(
                    "Of an IBAN only country and last four signs are shown."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(sealed="") & Q(digest__regex="^[0-9a-f]{64}$"),
                name="bankdetails_are_sealed",
                violation_error_code="not_sealed",
                violation_error_message=gettext_noop("Bank accounts are kept encrypted."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country}** **** {self.last4}"


class BankFile(Aggregate):
    """A SEPA credit transfer file (pain.001) that pays chosen refunds from one account."""

    business = models.ForeignKey(Business, models.PROTECT, related_name="+")
    reference = models.CharField(max_length=64)
    paid_from = models.ForeignKey(BankDetails, models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    amount = AmountField()
    count = models.PositiveIntegerField()
    execute_on = models.DateField()
    sealed = models.TextField()
    made_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")

    objects = BankFileQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                F("business"),
                Lower("reference"),
                name="bankfile_reference_unique_per_business",
                violation_error_code="reference_exists",
                violation_error_message=gettext_noop(
                    "The business has a bank file with this number."
                ),
            ),
            printable_text("bankfile_reference_printable", "reference"),
            iso_currency("bankfile_currency_is_iso"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, count__gt=0) & ~Q(sealed=""),
                name="bankfile_pays_something",
                violation_error_code="invalid_amount",
                violation_error_message=gettext_noop("A bank file pays at least one refund."),
            ),
            models.CheckConstraint(
                condition=follows_currency("amount"),
                name="bankfile_amount_follows_currency",
                violation_error_code="invalid_amount",
                violation_error_message=gettext_noop(
                    "The amount has more decimals than its currency."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.reference
