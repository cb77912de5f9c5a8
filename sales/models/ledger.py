from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from rmaproject.audit.appendonly import append_only
from rmaproject.shared.db import TRIGGER_REFUSALS
from rmaproject.shared.errors import RuleViolation
from rmaproject.shared.fields import (
    AmountField,
    known_choice,
)
from sales.models.business import Account
from sales.models.credit import CreditNote
from sales.models.invoice import Invoice, Payment
from sales.models.refund import Refund

TRIGGER_REFUSALS["ledgerentry_balanced"] = (
    RuleViolation,
    "ledger_unbalanced",
    "What is debited must be credited.",
)


class LedgerEntry(models.Model):
    """A booking: one document, lines that add up to zero, never changed."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="entries")
    invoice = models.OneToOneField(Invoice, models.PROTECT, null=True, related_name="+")
    payment = models.OneToOneField(Payment, models.PROTECT, null=True, related_name="+")
    credit_note = models.OneToOneField(CreditNote, models.PROTECT, null=True, related_name="+")
    refund = models.OneToOneField(Refund, models.PROTECT, null=True, related_name="+")
    booked_on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(invoice__isnull=False, payment=None, credit_note=None, refund=None)
                | Q(invoice=None, payment__isnull=False, credit_note=None, refund=None)
                | Q(invoice=None, payment=None, credit_note__isnull=False, refund=None)
                | Q(invoice=None, payment=None, credit_note=None, refund__isnull=False),
                name="ledgerentry_has_one_document",
                violation_error_code="two_documents",
                violation_error_message=gettext_noop("A booking belongs to exactly one document."),
            ),
        ]
        triggers: ClassVar = append_only("sales_ledgerentry")


class Ledger(models.TextChoices):
    """The ledger accounts behind every customer account."""

    RECEIVABLE = "receivable", _("Receivable")
    REVENUE = "revenue", _("Revenue")
    TAX = "tax", _("Tax")
    CASH = "cash", _("Cash")
    GOODWILL = "goodwill", _("Goodwill")


class LedgerLine(models.Model):
    """One side of a booking in the account's currency: debit above zero, credit below."""

    entry = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="lines")
    ledger = models.CharField(max_length=20, choices=Ledger)
    amount = AmountField()

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            known_choice(
                "ledgerline_ledger_known", "ledger", Ledger, "There is no such ledger account."
            ),
            models.CheckConstraint(
                condition=~Q(amount=0),
                name="ledgerline_books_something",
                violation_error_code="invalid_amount",
                violation_error_message=gettext_noop("A ledger line of nothing says nothing."),
            ),
        ]
        triggers: ClassVar = [
            *append_only("sales_ledgerline"),
            pgtrigger.Trigger(
                name="balanced",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                func="""
                IF (SELECT sum(amount) FROM sales_ledgerline WHERE entry_id = NEW.entry_id) <> 0
                THEN RAISE EXCEPTION 'What is debited must be credited.'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'ledgerentry_balanced';
                END IF;
                RETURN NULL;
                """,
            ),
        ]
