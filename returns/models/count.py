from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from returns.models.line import ReturnLine
from returns.models.order import ReturnOrder
from returns.models.receipt import Parcel, Receipt
from rmaproject.audit.appendonly import append_only
from rmaproject.audit.models import Addressable
from rmaproject.shared.fields import QuantityField, known_choice, one_of
from stock.models import Location, Part, StockItem


class CountState(models.TextChoices):
    """How far a count has come; a parked one waits for whoever goes on with it."""

    OPEN = "open", _("Open")
    PARKED = "parked", _("Parked")
    FINISHED = "finished", _("Finished")
    CANCELLED = "cancelled", _("Thrown away")


#: Counts that scans still go to.
LIVE_COUNTS = (CountState.OPEN, CountState.PARKED)


class Carton(models.TextChoices):
    """How the parcel looked from outside."""

    WHOLE = "whole", _("Whole")
    DENTED = "dented", _("Dented")
    OPEN = "open", _("Open")


class ScanVerdict(models.TextChoices):
    """What became of one scan; only good and unexpected ones count goods."""

    GOOD = "good", _("Counted")
    UNEXPECTED = "unexpected", _("Not requested")
    DUPLICATE = "duplicate", _("Already received")
    UNKNOWN = "unknown", _("Unknown code")
    AMBIGUOUS = "ambiguous", _("Several things")
    NOTED = "noted", _("Noted")
    UNDONE = "undone", _("Undone")


#: Verdicts of rows that count goods.
COUNTING = (ScanVerdict.GOOD, ScanVerdict.UNEXPECTED)


class Count(Addressable):
    """Goods of one return being counted at the dock, before the one receipt that books them.

    `worker` counts since `since`; `reopens` is the receipt that was taken back for it.
    """

    return_order = models.ForeignKey(ReturnOrder, models.PROTECT, related_name="counts")
    parcel = models.ForeignKey(Parcel, models.PROTECT, null=True, related_name="+")
    location = models.ForeignKey(Location, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=20, choices=CountState, default=CountState.OPEN)
    carton = models.CharField(max_length=20, choices=Carton, blank=True)
    started_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField()
    worker = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField()
    closed_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    receipt = models.OneToOneField(Receipt, models.PROTECT, null=True, related_name="counted_by")
    reopens = models.OneToOneField(Receipt, models.PROTECT, null=True, related_name="reopened_by")

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["return_order"],
                condition=Q(state__in=LIVE_COUNTS),
                name="count_one_open_per_return",
                violation_error_code="count_open",
                violation_error_message=gettext_noop("The return is being counted already."),
            ),
            known_choice("count_state_known", "state", CountState, "This is no state of a count."),
            models.CheckConstraint(
                condition=Q(carton="") | one_of("carton", Carton),
                name="count_carton_known",
                violation_error_code="invalid_carton",
                violation_error_message=gettext_noop("This is no known condition of a carton."),
            ),
            models.CheckConstraint(
                condition=Q(state=CountState.FINISHED, receipt__isnull=False)
                | ~Q(state=CountState.FINISHED) & Q(receipt=None),
                name="count_finished_has_a_receipt",
                violation_error_code="invalid_count",
                violation_error_message=gettext_noop(
                    "A finished count, and no other, has a receipt."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(state=CountState.CANCELLED) | ~Q(reason=""),
                name="count_thrown_away_for_a_reason",
                violation_error_code="reason_required",
                violation_error_message=gettext_noop("Say why the count is thrown away."),
            ),
        ]


class CountScan(Addressable):
    """One scan or typed step of a count, as it came; a later row takes the place of a wrong one.

    `key` is the scanner's own name for the scan, so that one sent twice counts once. `quantity`
    is below zero where a step took goods out of the count again.
    """

    count = models.ForeignKey(Count, models.PROTECT, related_name="scans")
    key = models.CharField(max_length=64, blank=True)
    code = models.CharField(max_length=200, blank=True)
    verdict = models.CharField(max_length=20, choices=ScanVerdict)
    line = models.ForeignKey(ReturnLine, models.PROTECT, null=True, related_name="+")
    part = models.ForeignKey(Part, models.PROTECT, null=True, related_name="+")
    stock_item = models.ForeignKey(StockItem, models.PROTECT, null=True, related_name="+")
    serial = models.CharField(max_length=64, blank=True)
    batch = models.CharField(max_length=64, blank=True)
    description = models.CharField(max_length=200, blank=True)
    location = models.ForeignKey(Location, models.PROTECT, null=True, related_name="+")
    quantity = QuantityField(default=0)
    facts: Any = models.JSONField(default=dict)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    actor = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["count", "key"],
                condition=~Q(key=""),
                name="countscan_key_once_per_count",
                violation_error_code="scan_exists",
                violation_error_message=gettext_noop("This scan is in the count already."),
            ),
            known_choice("countscan_verdict_known", "verdict", ScanVerdict, "This is no verdict."),
            models.CheckConstraint(
                condition=Q(quantity=0) | Q(verdict__in=COUNTING),
                name="countscan_only_good_and_unexpected_count",
                violation_error_code="invalid_quantity",
                violation_error_message=gettext_noop(
                    "Only expected and unexpected goods are counted."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(verdict=ScanVerdict.GOOD) | Q(line__isnull=False),
                name="countscan_good_names_its_line",
                violation_error_code="nothing_named",
                violation_error_message=gettext_noop("Expected goods belong to a line."),
            ),
        ]
        triggers: ClassVar = append_only("returns_countscan")


class LabelKind(models.TextChoices):
    """What was printed of a return."""

    SLIP = "slip", _("Return slip")
    ITEM = "item", _("Item labels")
    PLATE = "plate", _("Plate label")


class LabelPrint(Addressable):
    """Labels or a slip were sent to a printer: by whom, when, and of which receipt."""

    return_order = models.ForeignKey(ReturnOrder, models.PROTECT, related_name="prints")
    kind = models.CharField(max_length=20, choices=LabelKind)
    receipt = models.ForeignKey(Receipt, models.PROTECT, null=True, related_name="+")
    copies = models.PositiveIntegerField(default=1)
    actor = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            known_choice("labelprint_kind_known", "kind", LabelKind, "This is no kind of label."),
        ]
        triggers: ClassVar = append_only("returns_labelprint")
