from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from customers.models import Company
from returns.models.line import ReturnLine
from returns.models.order import ReturnOrder
from rmaproject.audit.appendonly import append_only
from rmaproject.audit.models import Addressable
from rmaproject.shared.fields import (
    QuantityField,
    known_choice,
    positive_quantity,
)
from stock.models import Location, Movement, StockItem


class Condition(models.TextChoices):
    """What somebody at the dock saw; a first look, not an inspection."""

    UNKNOWN = "unknown", _("Not looked at")
    GOOD = "good", _("Good")
    OPENED = "opened", _("Opened")
    DAMAGED = "damaged", _("Damaged")


class Parcel(Addressable):
    """An inbound consignment of a return."""

    return_order = models.ForeignKey(ReturnOrder, models.PROTECT, related_name="parcels")
    number = models.PositiveIntegerField()
    carrier = models.CharField(max_length=100, blank=True)
    tracking_number = models.CharField(max_length=100, blank=True)
    expected_on = models.DateField(null=True, blank=True)
    location = models.ForeignKey(Location, models.PROTECT, null=True, blank=True, related_name="+")
    void = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["return_order", "number"],
                name="parcel_number_unique_per_return",
                violation_error_code="parcel_exists",
                violation_error_message=gettext_noop("The return has a parcel with this number."),
            ),
        ]
        indexes: ClassVar = [
            GinIndex(
                OpClass(Upper("tracking_number"), "gin_trgm_ops"), name="parcel_tracking_trigrams"
            ),
            models.Index(
                fields=["expected_on"],
                condition=Q(expected_on__isnull=False),
                name="parcel_by_expected_day",
            ),
        ]


class Receipt(Addressable):
    """What arrived at once, when and by whom counted; with `reverses` it takes one back."""

    return_order = models.ForeignKey(ReturnOrder, models.PROTECT, related_name="receipts")
    number = models.PositiveIntegerField()
    parcel = models.ForeignKey(
        Parcel, models.PROTECT, null=True, blank=True, related_name="receipts"
    )
    received_on = models.DateField()
    note = models.CharField(max_length=500, blank=True)
    actor = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["return_order", "number"],
                name="receipt_number_unique_per_return",
                violation_error_code="receipt_exists",
                violation_error_message=gettext_noop("The return has a receipt with this number."),
            ),
            models.CheckConstraint(
                condition=Q(reverses=None) | ~Q(reverses=F("id")),
                name="receipt_reverses_another",
                violation_error_code="invalid_reversal",
                violation_error_message=gettext_noop("A receipt cannot reverse itself."),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["received_on"], name="receipt_by_day")]
        triggers: ClassVar = append_only("returns_receipt")


class ReceiptLine(Addressable):
    """A quantity of one line that arrived; one movement, none for what has no stock.

    `taken_from` held the unit until then, and gets it back when the receipt is reversed.
    """

    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="lines")
    line = models.ForeignKey(ReturnLine, models.PROTECT, related_name="receipt_lines")
    stock_item = models.ForeignKey(StockItem, models.PROTECT, null=True, related_name="+")
    location = models.ForeignKey(Location, models.PROTECT, null=True, related_name="+")
    taken_from = models.ForeignKey(Company, models.PROTECT, null=True, related_name="+")
    quantity = QuantityField()
    condition = models.CharField(max_length=20, choices=Condition, default=Condition.UNKNOWN)
    note = models.CharField(max_length=500, blank=True)
    movement = models.OneToOneField(Movement, models.PROTECT, null=True, related_name="+")

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            positive_quantity("receiptline_quantity_positive"),
            models.CheckConstraint(
                condition=Q(taken_from=None) | Q(stock_item__isnull=False, movement__isnull=False),
                name="receiptline_units_are_taken_from_a_holder",
                violation_error_code="invalid_receipt",
                violation_error_message=gettext_noop(
                    "Only a unit that was moved was taken from its holder."
                ),
            ),
            known_choice(
                "receiptline_condition_known", "condition", Condition, "This is no known condition."
            ),
        ]
        triggers: ClassVar = append_only("returns_receiptline")
