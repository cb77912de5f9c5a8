"""Units and quantities of stock, and the batches they are of."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from customers.models import Company
from rmaproject.audit.models import Addressable
from rmaproject.shared.fields import QuantityField, known_choice, printable
from stock.models.locations import Location
from stock.models.parts import Part
from stock.querysets import StockItemQuerySet


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
