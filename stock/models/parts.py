"""What is sold and stocked: parts and their categories."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Lower, LPad, Upper
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from rmaproject.audit.models import Aggregate
from rmaproject.shared.fields import PriceField, currency_code, known_choice, printable_text
from stock.querysets import PartQuerySet


class PartKind(models.TextChoices):
    """What a part is made of: an assembly is built for good, a kit comes apart again."""

    SIMPLE = "simple", _("Simple part")
    KIT = "kit", _("Kit")
    ASSEMBLY = "assembly", _("Assembly")


class PartCategory(Aggregate):
    """A class of parts, which rules for returns and inspection sheets are made for."""

    code = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    active = models.BooleanField(default=True)

    class Meta:
        default_permissions = ()
        verbose_name_plural = "part categories"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                Lower("code"),
                name="partcategory_code_unique",
                violation_error_code="code_exists",
                violation_error_message=gettext_noop("Another part category has this code."),
            ),
            printable_text("partcategory_code_printable", "code"),
        ]

    def __str__(self) -> str:
        return self.name


class Part(Aggregate):
    """What is sold: a SKU with its unit and the way its stock is counted."""

    sku = models.CharField(max_length=64)
    gtin = models.CharField(max_length=14, blank=True, default="")
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    category = models.ForeignKey(
        PartCategory, models.PROTECT, null=True, blank=True, related_name="+"
    )
    unit = models.CharField(max_length=20, default="pcs")
    kind = models.CharField(max_length=20, choices=PartKind, default=PartKind.SIMPLE)
    is_salable = models.BooleanField(default=True)
    is_serialized = models.BooleanField(default=False)
    is_batched = models.BooleanField(default=False)
    is_virtual = models.BooleanField(default=False)
    unit_cost = PriceField(null=True, blank=True)
    cost_currency = models.CharField(max_length=3, blank=True)
    active = models.BooleanField(default=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions: ClassVar = [
            ("view_stock", "See parts, locations, stock and movements"),
            ("edit_part", "Add and change parts"),
            ("edit_location", "Add and change locations"),
            ("correct_stock", "Book stock in, move and correct it"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                Lower("sku"),
                name="part_sku_unique",
                violation_error_code="sku_exists",
                violation_error_message=gettext_noop("Another part has this SKU."),
            ),
            printable_text("part_sku_printable", "sku"),
            models.UniqueConstraint(
                LPad("gtin", 14, Value("0")),
                condition=~Q(gtin=""),
                name="part_gtin_unique",
                violation_error_code="gtin_exists",
                violation_error_message=gettext_noop("Another part has this GTIN."),
            ),
            models.CheckConstraint(
                condition=Q(gtin="") | Q(gtin__regex=r"^([0-9]{8}|[0-9]{12,14})$"),
                name="part_gtin_has_its_digits",
                violation_error_code="invalid_gtin",
                violation_error_message=gettext_noop("A GTIN has 8, 12, 13 or 14 digits."),
            ),
            models.CheckConstraint(
                condition=~Q(is_serialized=True, is_batched=True),
                name="part_serialized_or_batched",
                violation_error_code="serialized_and_batched",
                violation_error_message=gettext_noop(
                    "A part is counted by serial or by batch, not by both."
                ),
            ),
            models.CheckConstraint(
                condition=Q(unit_cost=None, cost_currency="")
                | Q(unit_cost__gte=0) & currency_code("cost_currency"),
                name="part_cost_has_a_currency",
                violation_error_code="invalid_cost",
                violation_error_message=gettext_noop(
                    "A cost is not negative and has a currency; both or none."
                ),
            ),
            known_choice(
                "part_kind_known", "kind", PartKind, "A part is simple, a kit or an assembly."
            ),
            models.CheckConstraint(
                condition=~Q(kind=PartKind.KIT)
                | Q(is_serialized=False, is_batched=False, is_virtual=False),
                name="part_kit_is_counted_by_quantity",
                violation_error_code="kit_is_tracked",
                violation_error_message=gettext_noop("A kit has no serial numbers and no batches."),
            ),
        ]
        indexes: ClassVar = [
            GinIndex(OpClass(Upper("sku"), "gin_trgm_ops"), name="part_sku_trigrams"),
            GinIndex(OpClass(Upper("name"), "gin_trgm_ops"), name="part_name_trigrams"),
            models.Index(fields=["updated_at", "id"], name="part_by_change"),
        ]

    def __str__(self) -> str:
        return f"{self.sku} {self.name}"
