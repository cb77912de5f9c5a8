from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Round, Upper
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from customers.models import Company
from rmaproject.audit.models import Addressable, Aggregate
from rmaproject.shared.db import TRIGGER_REFUSALS
from rmaproject.shared.errors import RuleViolation
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
from sales.models.business import Business
from sales.querysets import OrderQuerySet
from sales.states import ORDER_PERMISSIONS, OrderStatus
from stock.models import Part

TRIGGER_REFUSALS["orderline_lies_below_a_kit"] = (
    RuleViolation,
    "not_a_kit",
    "A part of a kit lies below a kit of the same order.",
)


class LineKind(models.TextChoices):
    """What a line of a sale, an invoice or a credit note stands for."""

    GOODS = "goods", _("Goods")
    DISCOUNT = "discount", _("Discount")
    SHIPPING = "shipping", _("Shipping")
    FEE = "fee", _("Fee")
    GOODWILL = "goodwill", _("Goodwill")
    PRICE_DIFFERENCE = "price_difference", _("Price difference")
    KIT = "kit", _("Kit")


#: What an invoice charges; a kit is charged by its parts.
SOLD_KINDS = (LineKind.GOODS, LineKind.DISCOUNT, LineKind.SHIPPING, LineKind.FEE)
#: What a line of a sales order can be.
ORDER_KINDS = (*SOLD_KINDS, LineKind.KIT)
#: Kinds that name a part.
PART_KINDS = (LineKind.GOODS, LineKind.KIT)


class VatType(models.TextChoices):
    """The class of a VAT rate, in the words of seed 004."""

    NORMAL = "NORMAL", _("Normal")
    REDUCED = "REDUCED", _("Reduced")
    ZERO = "ZERO", _("Zero")


class SalesOrder(Aggregate):
    """What a customer ordered; the ground that every return stands on.

    `return_order` is the id of the return that the order replaces goods of.
    """

    business = models.ForeignKey(Business, models.PROTECT, related_name="+")
    customer = models.ForeignKey(Company, models.PROTECT, related_name="+")
    reference = models.CharField(max_length=64)
    customer_reference = models.CharField(max_length=64, blank=True)
    channel = models.CharField(max_length=50, blank=True)
    status = models.CharField(max_length=20, choices=OrderStatus, default=OrderStatus.PENDING)
    held_from = models.CharField(max_length=20, blank=True)
    currency = models.CharField(max_length=3)
    ordered_on = models.DateField()
    target_date = models.DateField(null=True, blank=True)
    responsible_user = models.ForeignKey(
        "access.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    responsible_group = models.ForeignKey(
        "auth.Group", models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.TextField(blank=True)
    return_order = models.UUIDField(null=True, blank=True)
    created_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    content_digest = models.CharField(max_length=64, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions: ClassVar = [
            ("view_order", "See sales orders"),
            ("create_order", "Create sales orders"),
            ("edit_order", "Change sales orders and their lines"),
            ("allocate_order", "Allocate stock to sales orders"),
            ("record_order", "Record sales that were made elsewhere"),
            *ORDER_PERMISSIONS,
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                F("business"),
                Lower("reference"),
                name="salesorder_reference_unique_per_business",
                violation_error_code="reference_exists",
                violation_error_message=gettext_noop(
                    "The business has a sales order with this reference."
                ),
            ),
            printable_text("salesorder_reference_printable", "reference"),
            known_choice(
                "salesorder_status_known",
                "status",
                OrderStatus,
                "This is no status of a sales order.",
            ),
            models.CheckConstraint(
                condition=(
                    Q(status=OrderStatus.ON_HOLD)
                    & Q(held_from__in=[OrderStatus.PENDING, OrderStatus.IN_PROGRESS])
                )
                | (~Q(status=OrderStatus.ON_HOLD) & Q(held_from="")),
                name="salesorder_held_from_while_on_hold",
                violation_error_code="invalid_hold",
                violation_error_message=gettext_noop("A held order knows what it was held from."),
            ),
            models.CheckConstraint(
                condition=Q(responsible_user=None) | Q(responsible_group=None),
                name="salesorder_one_responsible",
                violation_error_code="two_responsible",
                violation_error_message=gettext_noop("A user or a group is responsible, not both."),
            ),
            iso_currency("salesorder_currency_is_iso"),
            models.CheckConstraint(
                condition=Q(status=OrderStatus.COMPLETE, completed_at__isnull=False)
                | (~Q(status=OrderStatus.COMPLETE) & Q(completed_at=None)),
                name="salesorder_completed_at_when_complete",
                violation_error_code="invalid_stamp",
                violation_error_message=gettext_noop(
                    "A complete order knows when it was completed."
                ),
            ),
        ]
        indexes: ClassVar = [
            GinIndex(OpClass(Upper("reference"), "gin_trgm_ops"), name="salesorder_ref_trigrams"),
            models.Index(fields=["reference", "id"], name="salesorder_by_reference"),
            models.Index(fields=["updated_at", "id"], name="salesorder_by_change"),
            models.Index(fields=["customer", "id"], name="salesorder_by_customer"),
            GinIndex(
                OpClass(Upper("customer_reference"), "gin_trgm_ops"),
                name="salesorder_theirs_trigrams",
            ),
            models.Index(fields=["status", "id"], name="salesorder_by_status"),
            models.Index(fields=["target_date", "id"], name="salesorder_by_target_date"),
            models.Index(fields=["ordered_on"], name="salesorder_by_day"),
        ]

    def __str__(self) -> str:
        return self.reference


class OrderLine(Addressable):
    """One line of a sale. `claimed` is what returns have taken hold of, kept by a trigger.

    A kit is a line with the price; below it stand the lines of its parts, `per_kit` of each in
    one of it. Only those of goods are shipped, charged and returned. `value_share` is what all
    units of such a line are worth of the kit's gross, fixed when it is sold.
    """

    order = models.ForeignKey(SalesOrder, models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=LineKind, default=LineKind.GOODS)
    part = models.ForeignKey(Part, models.PROTECT, null=True, blank=True, related_name="+")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="components"
    )
    per_kit = QuantityField(null=True, blank=True)
    value_weight = models.DecimalField(max_digits=19, decimal_places=6, null=True, blank=True)
    value_share = AmountField(null=True, blank=True)
    name = models.CharField(max_length=200, blank=True)
    quantity = QuantityField()
    gross_unit_price = PriceField(default=0)
    vat_percent = PercentField(default=0)
    vat_type = models.CharField(max_length=10, choices=VatType, default=VatType.NORMAL)
    allocated = QuantityField(default=0)
    shipped = QuantityField(default=0)
    claimed = QuantityField(default=0)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["order", "number"],
                name="orderline_number_unique_per_order",
                violation_error_code="line_exists",
                violation_error_message=gettext_noop("The order has a line with this number."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ORDER_KINDS),
                name="orderline_kind_known",
                violation_error_code="invalid_kind",
                violation_error_message=gettext_noop(
                    "A line is goods, a kit, discount, shipping or a fee."
                ),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=PART_KINDS, part__isnull=False)
                | (~Q(kind__in=PART_KINDS) & Q(part=None)),
                name="orderline_goods_have_a_part",
                violation_error_code="part_missing",
                violation_error_message=gettext_noop(
                    "Goods and kits name a part, and only they do."
                ),
            ),
            models.CheckConstraint(
                condition=Q(parent=None, per_kit=None, value_weight=None, value_share=None)
                | Q(
                    kind__in=PART_KINDS,
                    parent__isnull=False,
                    per_kit__gt=0,
                    value_weight__gte=0,
                    value_share__gte=0,
                ),
                name="orderline_part_of_a_kit_has_its_share",
                violation_error_code="share_missing",
                violation_error_message=gettext_noop(
                    "A line of a kit, and no other, has its share of it."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(kind=LineKind.KIT) | Q(quantity=Round("quantity")),
                name="orderline_kits_are_whole",
                violation_error_code="invalid_quantity",
                violation_error_message=gettext_noop("A kit is complete or it is parts."),
            ),
            positive_quantity("orderline_quantity_positive"),
            models.CheckConstraint(
                condition=Q(kind=LineKind.DISCOUNT, gross_unit_price__lte=0)
                | (~Q(kind=LineKind.DISCOUNT) & Q(gross_unit_price__gte=0)),
                name="orderline_only_discounts_are_negative",
                violation_error_code="invalid_price",
                violation_error_message=gettext_noop("Only a discount has a price below zero."),
            ),
            models.CheckConstraint(
                condition=Q(vat_percent__gte=0, vat_percent__lt=1000),
                name="orderline_vat_not_negative",
                violation_error_code="invalid_vat",
                violation_error_message=gettext_noop("A VAT rate is not negative."),
            ),
            known_choice(
                "orderline_vat_type_known",
                "vat_type",
                VatType,
                "A VAT type is NORMAL, REDUCED or ZERO.",
            ),
            models.CheckConstraint(
                condition=Q(claimed__gte=0),
                name="orderline_claimed_not_negative",
                violation_error_code="claim_below_zero",
                violation_error_message=gettext_noop(
                    "Nothing can be claimed less than not at all."
                ),
            ),
            models.CheckConstraint(
                condition=Q(claimed__lte=F("shipped")),
                name="orderline_claimed_within_shipped",
                violation_error_code="exceeds_returnable",
                violation_error_message=gettext_noop("More would be returned than was shipped."),
            ),
            models.CheckConstraint(
                condition=Q(shipped__gte=0, allocated__gte=0)
                & Q(quantity__gte=F("shipped") + F("allocated")),
                name="orderline_shipped_within_quantity",
                violation_error_code="exceeds_ordered",
                violation_error_message=gettext_noop("More would be shipped than was ordered."),
            ),
            models.CheckConstraint(
                condition=Q(kind=LineKind.GOODS) | Q(shipped=0, allocated=0),
                name="orderline_only_goods_ship",
                violation_error_code="not_goods",
                violation_error_message=gettext_noop(
                    "Only goods are allocated, shipped and returned."
                ),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="parent",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id", "order_id", "kind"),
                when=pgtrigger.After,
                condition=pgtrigger.Q(new__parent__isnull=False),
                func="""
                IF NOT EXISTS (
                    SELECT 1 FROM sales_orderline p WHERE p.id = NEW.parent_id
                    AND p.kind = 'kit' AND p.order_id = NEW.order_id AND p.number < NEW.number)
                THEN RAISE EXCEPTION 'A part of a kit lies below a kit of the same order.'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'orderline_lies_below_a_kit';
                END IF;
                RETURN NULL;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class DiscountWeight(models.Model):
    """How much of a discount line belongs to a goods line, fixed when the sale is made.

    `weight` is the goods line's gross total in the order's currency at that moment.
    """

    discount = models.ForeignKey(OrderLine, models.PROTECT, related_name="weights")
    goods = models.ForeignKey(OrderLine, models.PROTECT, related_name="discounted_by")
    weight = models.DecimalField(max_digits=19, decimal_places=4)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["discount", "goods"],
                name="discountweight_once_per_goods_line",
                violation_error_code="weight_exists",
                violation_error_message=gettext_noop(
                    "The discount is weighed on this line already."
                ),
            ),
            models.CheckConstraint(
                condition=Q(weight__gte=0),
                name="discountweight_not_negative",
                violation_error_code="invalid_weight",
                violation_error_message=gettext_noop("A weight is not negative."),
            ),
        ]
