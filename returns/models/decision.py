"""The append-only rows behind a return line's counters, beside its receipts."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop

from returns.models.disposition import Action, Disposition
from returns.models.line import ExtraLine, ReturnLine
from returns.models.order import ReturnOrder
from returns.models.receipt import ReceiptLine
from returns.models.sheet import Sheet, Verdict
from rmaproject.audit.appendonly import append_only
from rmaproject.audit.models import Addressable
from rmaproject.shared.fields import (
    AmountField,
    PercentField,
    PriceField,
    QuantityField,
    currency_code,
    known_choice,
    positive_quantity,
)
from sales.models import CreditLine
from stock.models import Movement


class StandingInspections(models.Manager["Inspection"]):
    """The verdicts that count: those that no later look replaced."""

    def get_queryset(self) -> models.QuerySet[Inspection]:
        return super().get_queryset().filter(replaced_by=None)


class Inspection(Addressable):
    """A verdict on a received quantity; what backs `accepted` and `rejected` of a line.

    Looking again writes a new row that `replaces` the former one. `objects` and all relations to
    inspections give only those that stand; `told` gives every one that was ever made.

    `share` is the part of the price, in percent, that is credited for accepted units. What a grade
    proposed stands beside what was decided; `snapshot` keeps sheet, grade, questions and answers
    as they were.
    """

    return_order = models.ForeignKey(ReturnOrder, models.PROTECT, related_name="inspections")
    receipt_line = models.ForeignKey(ReceiptLine, models.PROTECT, related_name="inspections")
    line = models.ForeignKey(ReturnLine, models.PROTECT, related_name="inspections")
    verdict = models.CharField(max_length=10, choices=Verdict)
    share = PercentField(default=100)
    quantity = QuantityField()
    disposition = models.ForeignKey(Disposition, models.PROTECT, null=True, related_name="+")
    sheet = models.ForeignKey(Sheet, models.PROTECT, null=True, related_name="+")
    grade = models.CharField(max_length=64, blank=True)
    snapshot: Any = models.JSONField(default=dict)
    proposed_verdict = models.CharField(max_length=10, choices=Verdict, blank=True)
    proposed_share = PercentField(null=True)
    proposed_disposition = models.ForeignKey(
        Disposition, models.PROTECT, null=True, related_name="+"
    )
    override_reason = models.CharField(max_length=500, blank=True)
    serial = models.CharField(max_length=64, blank=True)
    photos: Any = models.JSONField(default=list)
    note = models.CharField(max_length=500, blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    actor = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    objects = StandingInspections()
    told: ClassVar[models.Manager[Inspection]] = models.Manager()

    class Meta:
        default_permissions = ()
        default_manager_name = "objects"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            positive_quantity("inspection_quantity_positive"),
            models.CheckConstraint(
                condition=Q(replaces=None) | ~Q(replaces=F("id")),
                name="inspection_replaces_another",
                violation_error_code="inspected_again",
                violation_error_message=gettext_noop("An inspection cannot replace itself."),
            ),
            known_choice(
                "inspection_verdict_known", "verdict", Verdict, "An inspection accepts or rejects."
            ),
            models.CheckConstraint(
                condition=Q(share__gte=0, share__lte=100),
                name="inspection_share_is_a_percentage",
                violation_error_code="invalid_share",
                violation_error_message=gettext_noop(
                    "A refund share lies between 0 and 100 percent."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(override_reason="")
                | Q(proposed_verdict="")
                | Q(proposed_verdict=F("verdict"), proposed_share=F("share")),
                name="inspection_says_why_it_overrides",
                violation_error_code="reason_required",
                violation_error_message=gettext_noop(
                    "Going against what a grade proposes needs a reason."
                ),
            ),
        ]
        triggers: ClassVar = append_only("returns_inspection")


class Disposal(Addressable):
    """A quantity that was given its disposition; moves stock once. The rows are the cost book.

    Received goods have their receipt line, and the inspection whose units these are; only what
    the customer keeps has neither. `write_off` is the part of the goods' cost that is lost,
    `handling` what it costs us; `proposed` is the inspection's disposition where another was
    chosen, with the reason.
    """

    return_order = models.ForeignKey(ReturnOrder, models.PROTECT, related_name="disposals")
    receipt_line = models.ForeignKey(
        ReceiptLine, models.PROTECT, null=True, related_name="disposals"
    )
    line = models.ForeignKey(ReturnLine, models.PROTECT, related_name="disposals")
    inspection = models.ForeignKey(Inspection, models.PROTECT, null=True, related_name="disposals")
    disposition = models.ForeignKey(Disposition, models.PROTECT, related_name="+")
    action = models.CharField(max_length=20, choices=Action)
    quantity = QuantityField()
    movement = models.OneToOneField(Movement, models.PROTECT, null=True, related_name="+")
    proposed = models.ForeignKey(Disposition, models.PROTECT, null=True, related_name="+")
    override_reason = models.CharField(max_length=500, blank=True)
    unit_cost = PriceField(null=True)
    cost_currency = models.CharField(max_length=3, blank=True)
    write_off = AmountField(default=0)
    handling = AmountField(default=0)
    handling_currency = models.CharField(max_length=3, blank=True)
    fee_line = models.ForeignKey(ExtraLine, models.PROTECT, null=True, related_name="disposals")
    actor = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            positive_quantity("disposal_quantity_positive"),
            known_choice(
                "disposal_action_known", "action", Action, "This is none of the fixed actions."
            ),
            models.CheckConstraint(
                condition=Q(action=Action.CUSTOMER_KEEPS, receipt_line=None, movement=None)
                | (~Q(action=Action.CUSTOMER_KEEPS) & Q(receipt_line__isnull=False)),
                name="disposal_of_received_goods",
                violation_error_code="goods_are_here",
                violation_error_message=gettext_noop("The customer keeps only what has not come."),
            ),
            models.CheckConstraint(
                condition=Q(proposed=None) | ~Q(override_reason=""),
                name="disposal_says_why_it_overrides",
                violation_error_code="reason_required",
                violation_error_message=gettext_noop(
                    "Going against what was inspected needs a reason."
                ),
            ),
            models.CheckConstraint(
                condition=(
                    (Q(write_off=0) | Q(write_off__gt=0) & currency_code("cost_currency"))
                    & (Q(handling=0) | Q(handling__gt=0) & currency_code("handling_currency"))
                ),
                name="disposal_costs_have_a_currency",
                violation_error_code="invalid_cost",
                violation_error_message=gettext_noop("A cost is not negative and has a currency."),
            ),
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
                violation_error_message=gettext_noop(
                    "A credit line pays for one line of a return."
                ),
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=0),
                name="linecredit_quantity_not_negative",
                violation_error_code="invalid_quantity",
                violation_error_message=gettext_noop("A quantity is not negative."),
            ),
        ]
        triggers: ClassVar = append_only("returns_linecredit")
