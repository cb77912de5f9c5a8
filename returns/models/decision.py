"""The append-only rows behind a return line's counters, beside its receipts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from returns.models.codes import Disposition
from returns.models.line import ExtraLine, ReturnLine
from returns.models.order import ReturnOrder
from returns.models.receipt import ReceiptLine
from rmaproject.audit.appendonly import append_only
from rmaproject.audit.models import Addressable
from rmaproject.shared.fields import (
    PercentField,
    QuantityField,
    known_choice,
    positive_quantity,
)
from sales.models import CreditLine
from stock.models import Movement


class Verdict(models.TextChoices):
    """What an inspection decided."""

    ACCEPTED = "accepted", "Accepted"
    REJECTED = "rejected", "Rejected"


class Inspection(Addressable):
    """A verdict on a received quantity; what backs `accepted` and `rejected` of a line.

    `share` is the part of the price, in percent, that is credited for accepted units.
    """

    return_order = models.ForeignKey(ReturnOrder, models.PROTECT, related_name="inspections")
    receipt_line = models.ForeignKey(ReceiptLine, models.PROTECT, related_name="inspections")
    line = models.ForeignKey(ReturnLine, models.PROTECT, related_name="inspections")
    verdict = models.CharField(max_length=10, choices=Verdict)
    share = PercentField(default=100)
    quantity = QuantityField()
    note = models.CharField(max_length=500, blank=True)
    actor = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            positive_quantity("inspection_quantity_positive"),
            known_choice(
                "inspection_verdict_known", "verdict", Verdict, "An inspection accepts or rejects."
            ),
            models.CheckConstraint(
                condition=Q(share__gte=0, share__lte=100),
                name="inspection_share_is_a_percentage",
                violation_error_code="invalid_share",
                violation_error_message="A refund share lies between 0 and 100 percent.",
            ),
        ]
        triggers: ClassVar = append_only("returns_inspection")


class Disposal(Addressable):
    """A received quantity that was given its disposition; moves stock once."""

    return_order = models.ForeignKey(ReturnOrder, models.PROTECT, related_name="disposals")
    receipt_line = models.ForeignKey(ReceiptLine, models.PROTECT, related_name="disposals")
    line = models.ForeignKey(ReturnLine, models.PROTECT, related_name="disposals")
    disposition = models.ForeignKey(Disposition, models.PROTECT, related_name="+")
    quantity = QuantityField()
    movement = models.OneToOneField(Movement, models.PROTECT, null=True, related_name="+")
    actor = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            positive_quantity("disposal_quantity_positive"),
        ]
        triggers: ClassVar = append_only("returns_disposal")


class Release(models.Model):
    """A quantity that was announced and never sent: it may be claimed again, without credit."""

    line = models.ForeignKey(ReturnLine, models.PROTECT, related_name="releases")
    quantity = QuantityField()
    reason = models.CharField(max_length=500, blank=True)
    actor = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            positive_quantity("release_quantity_positive"),
        ]
        triggers: ClassVar = append_only("returns_release")


class Waiver(models.Model):
    """A quantity that will not come and is decided all the same: credit without goods."""

    line = models.ForeignKey(ReturnLine, models.PROTECT, related_name="waivers")
    quantity = QuantityField()
    reason = models.CharField(max_length=500, blank=True)
    actor = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            positive_quantity("waiver_quantity_positive"),
        ]
        triggers: ClassVar = append_only("returns_waiver")


class LineCredit(models.Model):
    """Ties a credit line to the return line or extra line it pays for.

    `inspection` is the one that accepted the units; None for what was waived.
    """

    line = models.ForeignKey(ReturnLine, models.PROTECT, null=True, related_name="credits")
    extra_line = models.ForeignKey(ExtraLine, models.PROTECT, null=True, related_name="credits")
    credit_line = models.OneToOneField(CreditLine, models.PROTECT, related_name="line_credit")
    inspection = models.ForeignKey(Inspection, models.PROTECT, null=True, related_name="credits")
    quantity = QuantityField()

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(line__isnull=False, extra_line=None)
                | Q(line=None, extra_line__isnull=False),
                name="linecredit_pays_for_one_line",
                violation_error_code="two_lines",
                violation_error_message="A credit line pays for one line of a return.",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=0),
                name="linecredit_quantity_not_negative",
                violation_error_code="invalid_quantity",
                violation_error_message="A quantity is not negative.",
            ),
        ]
        triggers: ClassVar = append_only("returns_linecredit")
