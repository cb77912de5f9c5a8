from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DecimalRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Upper
from django.utils.translation import gettext_noop

from customers.models import Company
from rmaproject.audit.models import Addressable, Aggregate
from rmaproject.shared.fields import (
    AmountField,
    PercentField,
    QuantityField,
    iso_currency,
    known_choice,
    one_of,
    positive_quantity,
    printable_text,
)
from rmaproject.shared.money import follows_currency
from sales.models.business import Account, Business
from sales.models.invoice import Invoice, InvoiceLine, Payment
from sales.models.order import LineKind, SalesOrder, VatType
from sales.querysets import CreditNoteQuerySet
from stock.models import Part


class CreditNote(Aggregate):
    """The document that books a return. It is used up by settling, keeping and refunding.

    `applied` settled invoices, `kept` stays as the customer's credit, `refunded` was paid out and
    `refunding` is promised to refunds on their way.
    With `reverses` it takes another credit note back, amount for amount.
    """

    business = models.ForeignKey(Business, models.PROTECT, related_name="+")
    customer = models.ForeignKey(Company, models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, related_name="credit_notes")
    invoice = models.ForeignKey(
        Invoice, models.PROTECT, null=True, blank=True, related_name="credit_notes"
    )
    order = models.ForeignKey(
        SalesOrder, models.PROTECT, null=True, blank=True, related_name="credit_notes"
    )
    reference = models.CharField(max_length=64)
    period = models.CharField(max_length=7, blank=True)
    series_number = models.PositiveBigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    credited_on = models.DateField()
    net = AmountField()
    tax = AmountField()
    gross = AmountField()
    applied = AmountField(default=0)
    kept = AmountField(default=0)
    refunded = AmountField(default=0)
    refunding = AmountField(default=0)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )

    objects = CreditNoteQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions: ClassVar = [
            ("view_creditnote", "See credit notes"),
            ("apply_creditnote", "Settle invoices with kept credit"),
            ("pay_out_creditnote", "Ask for kept credit to be paid out"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                F("business"),
                Lower("reference"),
                name="creditnote_reference_unique_per_business",
                violation_error_code="reference_exists",
                violation_error_message=gettext_noop(
                    "The business has a credit note with this number."
                ),
            ),
            models.UniqueConstraint(
                fields=["business", "period", "series_number"],
                name="creditnote_series_number_unique",
                violation_error_code="reference_exists",
                violation_error_message=gettext_noop("This number of the series is taken."),
            ),
            printable_text("creditnote_reference_printable", "reference"),
            iso_currency("creditnote_currency_is_iso"),
            models.CheckConstraint(
                condition=Q(gross__gte=0) & Q(gross=F("net") + F("tax")),
                name="creditnote_gross_is_net_and_tax",
                violation_error_code="credit_below_zero",
                violation_error_message=gettext_noop(
                    "A credit note is net and tax, and never below zero."
                ),
            ),
            models.CheckConstraint(
                condition=Q(applied__gte=0, kept__gte=0, refunded__gte=0, refunding__gte=0)
                & Q(gross__gte=F("applied") + F("kept") + F("refunded") + F("refunding")),
                name="creditnote_used_within_gross",
                violation_error_code="exceeds_credit",
                violation_error_message=gettext_noop("More would be used than was credited."),
            ),
            models.CheckConstraint(
                condition=follows_currency(
                    "net", "tax", "gross", "applied", "kept", "refunded", "refunding"
                ),
                name="creditnote_amounts_follow_currency",
                violation_error_code="invalid_amount",
                violation_error_message=gettext_noop(
                    "The amount has more decimals than its currency."
                ),
            ),
            models.CheckConstraint(
                condition=Q(reverses=None)
                | (~Q(reverses=F("id")) & Q(applied=0, kept=0, refunded=0)),
                name="creditnote_reversal_is_not_used",
                violation_error_code="invalid_reversal",
                violation_error_message=gettext_noop(
                    "A note that takes another one back settles nothing."
                ),
            ),
        ]
        indexes: ClassVar = [
            GinIndex(OpClass(Upper("reference"), "gin_trgm_ops"), name="creditnote_ref_trigrams"),
            models.Index(fields=["account", "id"], name="creditnote_by_account"),
            models.Index(fields=["order", "id"], name="creditnote_by_order"),
            models.Index(fields=["updated_at", "id"], name="creditnote_by_change"),
        ]

    def __str__(self) -> str:
        return self.reference


class CreditLine(Addressable):
    """One line of a credit note. Goods of an invoice line cover an interval of its units.

    `live` ends when the note is reversed and its interval is free again. `given` amounts were
    taken as they came.
    """

    credit_note = models.ForeignKey(CreditNote, models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField()
    invoice_line = models.ForeignKey(
        InvoiceLine, models.PROTECT, null=True, related_name="credit_lines"
    )
    part = models.ForeignKey(Part, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=20, choices=LineKind)
    name = models.CharField(max_length=200, blank=True)
    quantity = QuantityField()
    units = DecimalRangeField(null=True, blank=True)
    live = models.BooleanField(default=True)
    given = models.BooleanField(default=False)
    net = AmountField()
    tax = AmountField()
    gross = AmountField()
    vat_percent = PercentField()
    vat_type = models.CharField(max_length=10, choices=VatType, default=VatType.NORMAL)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["credit_note", "number"],
                name="creditline_number_unique_per_note",
                violation_error_code="line_exists",
                violation_error_message=gettext_noop(
                    "The credit note has a line with this number."
                ),
            ),
            ExclusionConstraint(
                name="creditline_units_credited_once",
                expressions=[
                    ("invoice_line", RangeOperators.EQUAL),
                    ("units", RangeOperators.OVERLAPS),
                ],
                condition=Q(live=True, units__isnull=False),
                violation_error_code="credited_already",
                violation_error_message=gettext_noop("These units are credited already."),
            ),
            models.CheckConstraint(
                condition=one_of("kind", LineKind) & ~Q(kind=LineKind.KIT),
                name="creditline_kind_known",
                violation_error_code="invalid_kind",
                violation_error_message=gettext_noop("This is no kind of a credit line."),
            ),
            positive_quantity("creditline_quantity_positive"),
            models.CheckConstraint(
                condition=Q(gross=F("net") + F("tax")),
                name="creditline_gross_is_net_and_tax",
                violation_error_code="invalid_total",
                violation_error_message=gettext_noop("Gross is net and tax."),
            ),
            models.CheckConstraint(
                condition=Q(units=None) | Q(invoice_line__isnull=False),
                name="creditline_units_belong_to_an_invoice_line",
                violation_error_code="invalid_units",
                violation_error_message=gettext_noop(
                    "Only a credit on an invoice line covers units of it."
                ),
            ),
            known_choice(
                "creditline_vat_type_known",
                "vat_type",
                VatType,
                "A VAT type is NORMAL, REDUCED or ZERO.",
            ),
        ]


class Settlement(models.Model):
    """Part of a payment or of a credit note that settles part of an invoice.

    With `reverses` it takes another one back: the same source and invoice, an amount below zero.
    """

    payment = models.ForeignKey(Payment, models.PROTECT, null=True, related_name="settlements")
    credit_note = models.ForeignKey(
        CreditNote, models.PROTECT, null=True, related_name="settlements"
    )
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="settlements")
    amount = AmountField()
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(payment=None, credit_note__isnull=False)
                | Q(payment__isnull=False, credit_note=None),
                name="settlement_has_one_source",
                violation_error_code="two_sources",
                violation_error_message=gettext_noop(
                    "A payment or a credit note settles, not both."
                ),
            ),
            models.CheckConstraint(
                condition=Q(reverses=None, amount__gt=0) | Q(reverses__isnull=False, amount__lt=0),
                name="settlement_amount_positive",
                violation_error_code="invalid_amount",
                violation_error_message=gettext_noop(
                    "Settling moves more than nothing; taking back, less."
                ),
            ),
        ]
