from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Lower, LPad, Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from customers.models import Company
from rmaproject.audit.appendonly import append_only
from rmaproject.audit.models import Addressable, Aggregate
from rmaproject.shared.db import TRIGGER_REFUSALS
from rmaproject.shared.errors import RuleViolation
from rmaproject.shared.fields import (
    PriceField,
    QuantityField,
    currency_code,
    known_choice,
    printable,
    printable_text,
)
from stock.kit_models import KitPart
from stock.querysets import PartQuerySet, StockItemQuerySet

__all__ = [
    "HERE",
    "Batch",
    "Cause",
    "KitPart",
    "Location",
    "Movement",
    "Part",
    "PartCategory",
    "PartKind",
    "State",
    "StockItem",
]

TRIGGER_REFUSALS["location_tree_has_no_cycle"] = (
    RuleViolation,
    "location_cycle",
    "A location cannot lie inside itself.",
)


class State(models.TextChoices):
    """Where a stock item stands: only `available` may be promised to a customer."""

    AVAILABLE = "available", _("Available")
    HELD = "held", _("Held")
    QUARANTINED = "quarantined", _("Quarantined")
    IN_REPAIR = "in_repair", _("In repair")
    REFURBISHING = "refurbishing", _("Being refurbished")
    TO_SEND_BACK = "to_send_back", _("To be sent back")
    SOLD = "sold", _("With the customer")
    SCRAPPED = "scrapped", _("Scrapped")
    RETURNED_TO_VENDOR = "returned_to_vendor", _("Returned to the vendor")
    DONATED = "donated", _("Donated")


#: States of stock that lies at a location.
HERE = (
    State.AVAILABLE,
    State.HELD,
    State.QUARANTINED,
    State.IN_REPAIR,
    State.REFURBISHING,
    State.TO_SEND_BACK,
)
#: States of stock that left for good.
GONE = (State.SCRAPPED, State.RETURNED_TO_VENDOR, State.DONATED)


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


class Location(Aggregate):
    """A place in the tree of places where stock lies."""

    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    code = models.CharField(max_length=64)
    name = models.CharField(max_length=200, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                Lower("code"),
                name="location_code_unique",
                violation_error_code="code_exists",
                violation_error_message=gettext_noop("Another location has this code."),
            ),
            printable_text("location_code_printable", "code"),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="no_cycle",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id"),
                when=pgtrigger.After,
                condition=pgtrigger.Q(new__parent__isnull=False),
                func="""
                IF EXISTS (
                    WITH RECURSIVE above(id, parent_id) AS (
                        SELECT id, parent_id FROM stock_location WHERE id = NEW.parent_id
                        UNION
                        SELECT l.id, l.parent_id FROM stock_location l
                        JOIN above ON l.id = above.parent_id)
                    SELECT 1 FROM above WHERE id = NEW.id)
                THEN RAISE EXCEPTION 'A location cannot lie inside itself.'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'location_tree_has_no_cycle';
                END IF;
                RETURN NULL;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.code


class Batch(Addressable):
    """A production lot of a part; `external_number` is its maker's own."""

    part = models.ForeignKey(Part, models.PROTECT, related_name="batches")
    number = models.CharField(max_length=64)
    made_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    external_number = models.CharField(max_length=64, blank=True)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                F("part"),
                Lower("number"),
                name="batch_number_unique_per_part",
                violation_error_code="batch_exists",
                violation_error_message=gettext_noop("The part has a batch with this number."),
            ),
            models.CheckConstraint(
                condition=printable("number"),
                name="batch_number_printable",
                violation_error_code="invalid_batch",
                violation_error_message=gettext_noop(
                    "A batch number has 1 to 64 printable characters."
                ),
            ),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(made_on=None) | Q(expires_on__gte=F("made_on")),
                name="batch_expires_after_it_is_made",
                violation_error_code="invalid_expiry",
                violation_error_message=gettext_noop("A batch cannot expire before it is made."),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class StockItem(Addressable):
    """A serialized unit, one row for ever; or a bulk quantity of a part at one place in one state.

    Changed only together with a movement, which is its history; `version` counts the changes.
    """

    part = models.ForeignKey(Part, models.PROTECT, related_name="stock_items")
    serial = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001 NULL is bulk
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=20, choices=State, default=State.AVAILABLE)
    location = models.ForeignKey(Location, models.PROTECT, null=True, blank=True, related_name="+")
    holder = models.ForeignKey(Company, models.PROTECT, null=True, blank=True, related_name="+")
    quantity = QuantityField()
    allocated = QuantityField(default=0)
    version = models.PositiveIntegerField(default=1)
    #: Kept by a trigger, so that whatever changes stock says when.
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = StockItemQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                F("part"),
                Lower("serial"),
                name="stockitem_serial_unique_per_part",
                violation_error_code="serial_exists",
                violation_error_message=gettext_noop(
                    "The part has a unit with this serial number."
                ),
            ),
            models.UniqueConstraint(
                fields=["part", "batch", "location", "state"],
                condition=Q(serial=None),
                nulls_distinct=False,
                name="stockitem_bulk_once_per_place_and_state",
                violation_error_code="stock_item_exists",
                violation_error_message=gettext_noop(
                    "This stock is counted at this place already."
                ),
            ),
            models.CheckConstraint(
                condition=Q(serial=None) | Q(quantity=1),
                name="stockitem_unit_counts_one",
                violation_error_code="unit_counts_one",
                violation_error_message=gettext_noop("A serialized unit counts one."),
            ),
            models.CheckConstraint(
                condition=Q(serial=None) | printable("serial"),
                name="stockitem_serial_printable",
                violation_error_code="invalid_serial",
                violation_error_message=gettext_noop(
                    "A serial number has 1 to 64 printable characters."
                ),
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=0),
                name="stockitem_quantity_not_negative",
                violation_error_code="not_enough_stock",
                violation_error_message=gettext_noop("There is not that much in stock."),
            ),
            models.CheckConstraint(
                condition=Q(allocated__gte=0) & Q(allocated__lte=F("quantity")),
                name="stockitem_allocated_within_quantity",
                violation_error_code="not_enough_stock",
                violation_error_message=gettext_noop(
                    "There is not that much in stock that is free."
                ),
            ),
            known_choice(
                "stockitem_state_known", "state", State, "This is no state of a stock item."
            ),
            models.CheckConstraint(
                condition=(
                    Q(state__in=HERE, location__isnull=False, holder=None)
                    | Q(state=State.SOLD, serial__isnull=False, location=None)
                    & Q(holder__isnull=False)
                    | Q(state__in=GONE, serial__isnull=False, location=None, holder=None)
                ),
                name="stockitem_place_fits_its_state",
                violation_error_code="place_and_state",
                violation_error_message=gettext_noop(
                    "A unit is at a location or with a customer, never both."
                ),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="changed_now",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func="NEW.updated_at = clock_timestamp(); RETURN NEW;",
            )
        ]
        indexes: ClassVar = [
            GinIndex(OpClass(Upper("serial"), "gin_trgm_ops"), name="stockitem_serial_trigrams"),
        ]

    def __str__(self) -> str:
        return self.serial or f"{self.quantity.normalize():f} of {self.part_id}"


class Cause(models.TextChoices):
    """Why stock moved; each cause moves it once."""

    BOOK_IN = "book_in", _("Booked in")
    CORRECTION = "correction", _("Corrected")
    MOVE = "move", _("Moved")
    SHIPMENT = "shipment", _("Shipped")
    RECEIPT = "receipt", _("Returned")
    DISPOSAL = "disposal", _("Disposed")
    REVERSAL = "reversal", _("Receipt reversed")
    SEND_BACK = "send_back", _("Sent back")
    ASSEMBLY = "assembly", _("Kit put together or taken apart")


class Movement(Addressable):
    """One row of the stock ledger; the only way stock changes. No place means outside of it."""

    part = models.ForeignKey(Part, models.PROTECT, related_name="+")
    unit = models.ForeignKey(StockItem, models.PROTECT, null=True, related_name="movements")
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="+")
    quantity = QuantityField()
    from_location = models.ForeignKey(Location, models.PROTECT, null=True, related_name="+")
    from_state = models.CharField(max_length=20, blank=True)
    to_location = models.ForeignKey(Location, models.PROTECT, null=True, related_name="+")
    to_state = models.CharField(max_length=20, blank=True)
    cause = models.CharField(max_length=20, choices=Cause)
    note = models.CharField(max_length=200, blank=True)
    actor = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0),
                name="movement_quantity_positive",
                violation_error_code="invalid_quantity",
                violation_error_message=gettext_noop("A movement moves more than nothing."),
            ),
            models.CheckConstraint(
                condition=Q(unit=None) | Q(quantity=1),
                name="movement_of_a_unit_is_one",
                violation_error_code="unit_counts_one",
                violation_error_message=gettext_noop("A serialized unit counts one."),
            ),
            known_choice("movement_cause_known", "cause", Cause, "A movement has one known cause."),
        ]
        triggers: ClassVar = append_only("stock_movement")
