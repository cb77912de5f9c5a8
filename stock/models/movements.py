"""The history of stock: what moved, from where to where, and why."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from rmaproject.audit.appendonly import append_only
from rmaproject.audit.models import Addressable
from rmaproject.shared.fields import QuantityField, known_choice
from stock.models.items import Batch, StockItem
from stock.models.locations import Location
from stock.models.parts import Part


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
