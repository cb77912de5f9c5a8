from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Upper
from django.utils.translation import gettext_noop

from customers.models import Company
from rmaproject.audit.appendonly import append_only
from rmaproject.audit.models import Aggregate
from rmaproject.shared.fields import AmountField, iso_currency, known_choice, printable_text
from rmaproject.shared.money import follows_currency
from sales.models.banking import BankDetails, BankFile
from sales.models.business import Account, Business
from sales.models.credit import CreditNote
from sales.models.invoice import Payment
from sales.querysets import RefundQuerySet
from sales.states import REFUND_PERMISSIONS, RefundState, Via


def new_key() -> str:
    """A fresh key under which a payout happens once at most."""
    return str(uuid.uuid4())


class Refund(Aggregate):
    """The intention to pay money back, kept before any money moves (G4).

    `key` names the payout to whoever carries it out: asked and sent again it stays the same, so
    that nothing is paid twice; only after a failure a new attempt gets a new one.
    """

    business = models.ForeignKey(Business, models.PROTECT, related_name="+")
    customer = models.ForeignKey(Company, models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, related_name="refunds")
    credit_note = models.ForeignKey(CreditNote, models.PROTECT, related_name="refunds")
    reference = models.CharField(max_length=64)
    currency = models.CharField(max_length=3)
    amount = AmountField()
    via = models.CharField(max_length=10, choices=Via)
    gateway = models.CharField(max_length=50, blank=True)
    state = models.CharField(max_length=20, choices=RefundState)
    key = models.CharField(max_length=36, default=new_key)
    attempts = models.PositiveIntegerField(default=0)
    approval_above = AmountField(null=True, blank=True)
    four_eyes_above = AmountField(null=True, blank=True)
    bank_details = models.ForeignKey(
        BankDetails, models.PROTECT, null=True, blank=True, related_name="refunds"
    )
    bank_file = models.ForeignKey(
        BankFile, models.PROTECT, null=True, blank=True, related_name="refunds"
    )
    requested_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    paid_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    payout_reference = models.CharField(max_length=100, blank=True)
    failure_code = models.CharField(max_length=50, blank=True)
    failure_text = models.CharField(max_length=500, blank=True)

    objects = RefundQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions: ClassVar = REFUND_PERMISSIONS
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                F("business"),
                Lower("reference"),
                name="refund_reference_unique_per_business",
                violation_error_code="reference_exists",
                violation_error_message=gettext_noop("The business has a refund with this number."),
            ),
            models.UniqueConstraint(
                fields=["key"],
                name="refund_key_unique",
                violation_error_code="key_exists",
                violation_error_message=gettext_noop("Another refund is paid under this key."),
            ),
            printable_text("refund_reference_printable", "reference"),
            iso_currency("refund_currency_is_iso"),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="refund_amount_positive",
                violation_error_code="invalid_amount",
                violation_error_message=gettext_noop("A refund is more than nothing."),
            ),
            models.CheckConstraint(
                condition=follows_currency("amount"),
                name="refund_amount_follows_currency",
                violation_error_code="invalid_amount",
                violation_error_message=gettext_noop(
                    "The amount has more decimals than its currency."
                ),
            ),
            known_choice(
                "refund_state_known", "state", RefundState, "This is no state of a refund."
            ),
            models.CheckConstraint(
                condition=Q(via=Via.GATEWAY) & ~Q(gateway="")
                | Q(via__in=[Via.BANK, Via.MANUAL], gateway=""),
                name="refund_knows_its_way",
                violation_error_code="invalid_via",
                violation_error_message=gettext_noop(
                    "A refund goes by a named gateway, by bank or by hand."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state=RefundState.WAITING_DETAILS, via=Via.BANK, bank_details=None)
                | Q(state=RefundState.CANCELLED)
                | ~Q(state=RefundState.WAITING_DETAILS)
                & (~Q(via=Via.BANK) | Q(bank_details__isnull=False)),
                name="refund_by_bank_names_the_account",
                violation_error_code="bank_details_missing",
                violation_error_message=gettext_noop(
                    "A refund by bank waits until it names the account."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[RefundState.SENT, RefundState.UNKNOWN, RefundState.DONE])
                | Q(sent_at__isnull=False),
                name="refund_sent_knows_when",
                violation_error_code="invalid_stamp",
                violation_error_message=gettext_noop("A refund that was sent knows when."),
            ),
            models.CheckConstraint(
                condition=Q(state=RefundState.DONE, settled_at__isnull=False)
                | ~Q(state=RefundState.DONE) & Q(settled_at=None),
                name="refund_settled_when_done",
                violation_error_code="invalid_stamp",
                violation_error_message=gettext_noop("A refund that is done knows since when."),
            ),
            models.CheckConstraint(
                condition=~Q(state=RefundState.FAILED) | ~Q(failure_code=""),
                name="refund_failure_says_why",
                violation_error_code="reason_required",
                violation_error_message=gettext_noop("A failed refund says why."),
            ),
            models.CheckConstraint(
                condition=Q(bank_file=None) | Q(via=Via.BANK),
                name="refund_in_a_bank_file_goes_by_bank",
                violation_error_code="invalid_via",
                violation_error_message=gettext_noop("Only refunds by bank stand in a bank file."),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "id"], name="refund_by_state"),
            models.Index(fields=["account", "id"], name="refund_by_account"),
            models.Index(fields=["updated_at", "id"], name="refund_by_change"),
            models.Index(
                fields=["settled_at"],
                condition=Q(settled_at__isnull=False),
                name="refund_by_payment",
            ),
            GinIndex(OpClass(Upper("reference"), "gin_trgm_ops"), name="refund_ref_trigrams"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def asks_approval(self) -> bool:
        """Whether the rules want somebody to approve this amount."""
        return self.approval_above is not None and self.amount > self.approval_above

    @property
    def asks_four_eyes(self) -> bool:
        """Whether who asks, who approves and who pays must be different people."""
        return self.four_eyes_above is not None and self.amount > self.four_eyes_above


class RefundPart(models.Model):
    """How much of which payment a refund gives back; taken back by a part below zero."""

    refund = models.ForeignKey(Refund, models.PROTECT, related_name="parts")
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="refund_parts")
    amount = AmountField()

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(amount=0),
                name="refundpart_moves_something",
                violation_error_code="invalid_amount",
                violation_error_message=gettext_noop("A part of a refund is not nothing."),
            ),
        ]
        triggers: ClassVar = append_only("sales_refundpart")
