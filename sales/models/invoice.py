from __future__ import annotations

from typing import ClassVar

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
    PriceField,
    QuantityField,
    iso_currency,
    known_choice,
    positive_quantity,
    printable_text,
)
from rmaproject.shared.money import follows_currency
from sales.models.business import Account, Business
from sales.models.order import SOLD_KINDS, LineKind, OrderLine, SalesOrder, VatType
from sales.querysets import InvoiceQuerySet, PaymentQuerySet
from stock.models import Part


class Invoice(Aggregate):
    """What was charged. `settled` is paid or credited against it, `credited` was taken back."""

    business = models.ForeignKey(Business, models.PROTECT, related_name="+")
    customer = models.ForeignKey(Company, models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, related_name="invoices")
    order = models.ForeignKey(SalesOrder, models.PROTECT, null=True, related_name="invoices")
    reference = models.CharField(max_length=64)
    currency = models.CharField(max_length=3)
    invoiced_on = models.DateField()
    net = AmountField()
    tax = AmountField()
    gross = AmountField()
    settled = AmountField(default=0)
    credited = AmountField(default=0)

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions: ClassVar = [
            ("view_invoice", "See invoices"),
            ("create_invoice", "Make invoices"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                F("business"),
                Lower("reference"),
                name="invoice_reference_unique_per_business",
                violation_error_code="reference_exists",
                violation_error_message=gettext_noop(
                    "The business has an invoice with this reference."
                ),
            ),
            printable_text("invoice_reference_printable", "reference"),
            iso_currency("invoice_currency_is_iso"),
            models.CheckConstraint(
                condition=Q(gross__gte=0) & Q(gross=F("net") + F("tax")),
                name="invoice_gross_is_net_and_tax",
                violation_error_code="invalid_total",
                violation_error_message=gettext_noop(
                    "An invoice is net and tax, and not below zero."
                ),
            ),
            models.CheckConstraint(
                condition=Q(settled__gte=0) & Q(settled__lte=F("gross")),
                name="invoice_settled_within_gross",
                violation_error_code="exceeds_invoice",
                violation_error_message=gettext_noop("More would be settled than was invoiced."),
            ),
            models.CheckConstraint(
                condition=Q(credited__gte=0) & Q(credited__lte=F("gross")),
                name="invoice_credited_within_gross",
                violation_error_code="exceeds_invoice",
                violation_error_message=gettext_noop("More would be credited than was invoiced."),
            ),
            models.CheckConstraint(
                condition=follows_currency("net", "tax", "gross", "settled", "credited"),
                name="invoice_amounts_follow_currency",
                violation_error_code="invalid_amount",
                violation_error_message=gettext_noop(
                    "The amount has more decimals than its currency."
                ),
            ),
        ]
        indexes: ClassVar = [
            GinIndex(OpClass(Upper("reference"), "gin_trgm_ops"), name="invoice_ref_trigrams"),
            models.Index(fields=["account", "id"], name="invoice_by_account"),
        ]

    def __str__(self) -> str:
        return self.reference


class InvoiceLine(Addressable):
    """One line of an invoice; its units are credited by intervals that never overlap."""

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField()
    order_line = models.ForeignKey(
        OrderLine, models.PROTECT, null=True, related_name="invoice_lines"
    )
    kind = models.CharField(max_length=20, choices=LineKind, default=LineKind.GOODS)
    part = models.ForeignKey(Part, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    quantity = QuantityField()
    gross_unit_price = PriceField()
    vat_percent = PercentField()
    vat_type = models.CharField(max_length=10, choices=VatType, default=VatType.NORMAL)
    net = AmountField()
    tax = AmountField()
    gross = AmountField()
    credited_units = QuantityField(default=0)
    credited_gross = AmountField(default=0)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["invoice", "number"],
                name="invoiceline_number_unique_per_invoice",
                violation_error_code="line_exists",
                violation_error_message=gettext_noop("The invoice has a line with this number."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=SOLD_KINDS),
                name="invoiceline_kind_known",
                violation_error_code="invalid_kind",
                violation_error_message=gettext_noop(
                    "A line is goods, discount, shipping or a fee."
                ),
            ),
            positive_quantity("invoiceline_quantity_positive"),
            models.CheckConstraint(
                condition=Q(gross=F("net") + F("tax")),
                name="invoiceline_gross_is_net_and_tax",
                violation_error_code="invalid_total",
                violation_error_message=gettext_noop("Gross is net and tax."),
            ),
            models.CheckConstraint(
                condition=Q(kind=LineKind.DISCOUNT, gross__lte=0)
                | (~Q(kind=LineKind.DISCOUNT) & Q(gross__gte=0)),
                name="invoiceline_only_discounts_are_negative",
                violation_error_code="invalid_price",
                violation_error_message=gettext_noop("Only a discount has an amount below zero."),
            ),
            known_choice(
                "invoiceline_vat_type_known",
                "vat_type",
                VatType,
                "A VAT type is NORMAL, REDUCED or ZERO.",
            ),
            models.CheckConstraint(
                condition=Q(credited_units__gte=0) & Q(credited_units__lte=F("quantity")),
                name="invoiceline_credited_within_quantity",
                violation_error_code="exceeds_invoiced",
                violation_error_message=gettext_noop(
                    "More units would be credited than were invoiced."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(kind=LineKind.DISCOUNT)
                | Q(credited_gross__lte=0, credited_gross__gte=F("gross")),
                name="invoiceline_discount_credited_within_gross",
                violation_error_code="exceeds_discount",
                violation_error_message=gettext_noop(
                    "More of the discount would be taken back than was given."
                ),
            ),
        ]


class Payment(Aggregate):
    """Money that came in. `applied` settles invoices, `refunded` went back."""

    business = models.ForeignKey(Business, models.PROTECT, related_name="+")
    customer = models.ForeignKey(Company, models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, related_name="payments")
    currency = models.CharField(max_length=3)
    amount = AmountField()
    applied = AmountField(default=0)
    refunded = AmountField(default=0)
    refunding = AmountField(default=0)
    paid_on = models.DateField()
    method = models.CharField(max_length=50, blank=True)
    gateway = models.CharField(max_length=50, blank=True)
    gateway_reference = models.CharField(max_length=100, blank=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions: ClassVar = [
            ("view_payment", "See payments"),
            ("record_payment", "Record payments"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="payment_amount_positive",
                violation_error_code="invalid_amount",
                violation_error_message=gettext_noop("A payment is more than nothing."),
            ),
            iso_currency("payment_currency_is_iso"),
            models.CheckConstraint(
                condition=Q(applied__gte=0) & Q(applied__lte=F("amount")),
                name="payment_applied_within_amount",
                violation_error_code="exceeds_payment",
                violation_error_message=gettext_noop("More would be applied than was paid."),
            ),
            models.CheckConstraint(
                condition=Q(refunded__gte=0, refunding__gte=0)
                & Q(amount__gte=F("refunded") + F("refunding")),
                name="payment_refunded_within_amount",
                violation_error_code="exceeds_payment",
                violation_error_message=gettext_noop("More would be refunded than was paid."),
            ),
            models.CheckConstraint(
                condition=follows_currency("amount", "applied", "refunded", "refunding"),
                name="payment_amounts_follow_currency",
                violation_error_code="invalid_amount",
                violation_error_message=gettext_noop(
                    "The amount has more decimals than its currency."
                ),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["account", "id"], name="payment_by_account")]
