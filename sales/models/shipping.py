from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Upper
from django.utils.translation import gettext_noop

from rmaproject.audit.models import Addressable
from rmaproject.shared.fields import (
    QuantityField,
    positive_quantity,
    printable_text,
)
from sales.models.order import OrderLine, SalesOrder
from stock.models import Movement, StockItem


class Shipment(Addressable):
    """A parcel to the customer: pending until its goods have left."""

    order = models.ForeignKey(SalesOrder, models.PROTECT, related_name="shipments")
    reference = models.CharField(max_length=64)
    carrier = models.CharField(max_length=100, blank=True)
    tracking_number = models.CharField(max_length=100, blank=True)
    shipped_on = models.DateField(null=True, blank=True)
    delivered_on = models.DateField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                F("order"),
                Lower("reference"),
                name="shipment_reference_unique_per_order",
                violation_error_code="reference_exists",
                violation_error_message=gettext_noop("The order has a shipment with this number."),
            ),
            printable_text("shipment_reference_printable", "reference"),
            models.CheckConstraint(
                condition=Q(delivered_on=None) | Q(delivered_on__gte=F("shipped_on")),
                name="shipment_delivered_after_it_left",
                violation_error_code="invalid_date",
                violation_error_message=gettext_noop(
                    "A parcel arrives on the day it left, or later."
                ),
            ),
        ]
        indexes: ClassVar = [
            GinIndex(
                OpClass(Upper("tracking_number"), "gin_trgm_ops"), name="shipment_tracking_trigrams"
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Allocation(Addressable):
    """Stock promised to a sold line in a shipment; with its movement once that has left.

    A sale recorded from elsewhere names no bulk stock item and moves no bulk stock.
    """

    order_line = models.ForeignKey(OrderLine, models.PROTECT, related_name="allocations")
    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="allocations")
    stock_item = models.ForeignKey(StockItem, models.PROTECT, null=True, related_name="+")
    quantity = QuantityField()
    movement = models.OneToOneField(Movement, models.PROTECT, null=True, related_name="+")

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            positive_quantity("allocation_quantity_positive"),
        ]


class UnitSale(models.Model):
    """The span in which a unit is sold: opened by shipping, closed by its receipt."""

    stock_item = models.ForeignKey(StockItem, models.PROTECT, related_name="sales")
    order_line = models.ForeignKey(
        OrderLine, models.PROTECT, null=True, blank=True, related_name="unit_sales"
    )
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["stock_item"],
                condition=Q(until=None),
                name="unitsale_one_open_per_unit",
                violation_error_code="unit_sold_already",
                violation_error_message=gettext_noop("The unit is sold already."),
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="unitsale_ends_after_it_begins",
                violation_error_code="invalid_period",
                violation_error_message=gettext_noop("A sale cannot end before it begins."),
            ),
        ]
