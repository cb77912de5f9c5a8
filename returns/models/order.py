from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Upper
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from customers.models import Company
from returns.models.codes import Reason
from returns.models.policy import PolicyVersion
from returns.querysets import ReturnQuerySet
from returns.states import CLOSED, LIVE, RETURN_PERMISSIONS, Goods, Money, Status
from rmaproject.audit.models import Addressable, Aggregate
from rmaproject.shared.db import TRIGGER_REFUSALS
from rmaproject.shared.errors import Conflict
from rmaproject.shared.fields import (
    AmountField,
    known_choice,
    one_of,
    printable_text,
)
from sales.models import BankDetails, Business
from stock.models import Location

TRIGGER_REFUSALS["returnorder_keeps_its_policy"] = (
    Conflict,
    "policy_pinned",
    "A return keeps the rules it was requested under.",
)


class ReturnOrder(Aggregate):
    """Permission for a customer to send goods back, and all that follows (an RMA).

    `status` is moved by `returns.services` alone; `goods` and `money` are computed there, as is
    `credited_gross`, what was credited in the currency of most, by which lists are sorted. Rules
    ask `requested_on`; `dated_on` is the day on the paper of whoever asked, and no rule reads it.
    `details_refused` says why payout details were not taken, until others are chosen. `location`
    is where goods are put that name no other place; else the business's own.
    """

    business = models.ForeignKey(Business, models.PROTECT, related_name="+")
    customer = models.ForeignKey(Company, models.PROTECT, related_name="+")
    reference = models.CharField(max_length=64)
    customer_reference = models.CharField(max_length=64, blank=True)
    status = models.CharField(max_length=20, choices=Status, default=Status.PENDING)
    held_from = models.CharField(max_length=20, blank=True)
    goods = models.CharField(max_length=20, choices=Goods, default=Goods.NONE)
    money = models.CharField(max_length=20, choices=Money, default=Money.NONE)
    credit_owed = models.BooleanField(default=False)
    credited_gross = AmountField(default=0)
    reason = models.ForeignKey(Reason, models.PROTECT, null=True, blank=True, related_name="+")
    status_reason = models.CharField(max_length=500, blank=True)
    bank_details = models.ForeignKey(
        BankDetails, models.PROTECT, null=True, blank=True, related_name="+"
    )
    details_refused = models.CharField(max_length=50, blank=True)
    approved_gross = AmountField(null=True, blank=True)
    deadline = models.DateField(null=True, blank=True)
    target_date = models.DateField(null=True, blank=True)
    location = models.ForeignKey(Location, models.PROTECT, null=True, blank=True, related_name="+")
    refund_by = models.DateField(null=True, blank=True)
    responsible_user = models.ForeignKey(
        "access.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    responsible_group = models.ForeignKey(
        "auth.Group", models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.TextField(blank=True)
    requested_on = models.DateField()
    dated_on = models.DateField(null=True, blank=True)
    created_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    discarded_at = models.DateTimeField(null=True, blank=True)
    content_digest = models.CharField(max_length=64, blank=True)
    policy = models.ForeignKey(
        PolicyVersion, models.PROTECT, null=True, blank=True, related_name="+"
    )
    override_reason = models.CharField(max_length=500, blank=True)

    objects = ReturnQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        permissions: ClassVar = RETURN_PERMISSIONS
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                F("business"),
                Lower("reference"),
                name="returnorder_reference_unique_per_business",
                violation_error_code="reference_exists",
                violation_error_message=gettext_noop(
                    "The business has a return with this reference."
                ),
            ),
            printable_text("returnorder_reference_printable", "reference"),
            known_choice(
                "returnorder_status_known", "status", Status, "This is no status of a return."
            ),
            models.CheckConstraint(
                condition=one_of("goods", Goods) & one_of("money", Money),
                name="returnorder_axes_known",
                violation_error_code="invalid_status",
                violation_error_message=gettext_noop("This is no state of goods or money."),
            ),
            models.CheckConstraint(
                condition=Q(status=Status.ON_HOLD, held_from__in=LIVE)
                | (~Q(status=Status.ON_HOLD) & Q(held_from="")),
                name="returnorder_held_from_while_on_hold",
                violation_error_code="invalid_hold",
                violation_error_message=gettext_noop("A held return knows what it was held from."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=CLOSED, closed_at__isnull=False)
                | (~Q(status__in=CLOSED) & Q(closed_at=None)),
                name="returnorder_closed_at_when_closed",
                violation_error_code="invalid_stamp",
                violation_error_message=gettext_noop("A closed return knows when it was closed."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[Status.ON_HOLD, Status.REJECTED]) | ~Q(status_reason=""),
                name="returnorder_hold_and_rejection_have_a_reason",
                violation_error_code="reason_required",
                violation_error_message=gettext_noop("Holding and rejecting need a reason."),
            ),
            models.CheckConstraint(
                condition=Q(discarded_at=None) | Q(status=Status.CANCELLED),
                name="returnorder_discarded_is_cancelled",
                violation_error_code="invalid_status",
                violation_error_message=gettext_noop("Only a cancelled return can be deleted."),
            ),
            models.CheckConstraint(
                condition=Q(responsible_user=None) | Q(responsible_group=None),
                name="returnorder_one_responsible",
                violation_error_code="two_responsible",
                violation_error_message=gettext_noop("A user or a group is responsible, not both."),
            ),
        ]
        indexes: ClassVar = [
            GinIndex(OpClass(Upper("reference"), "gin_trgm_ops"), name="returnorder_ref_trigrams"),
            models.Index(fields=["reference", "id"], name="returnorder_by_reference"),
            models.Index(fields=["updated_at", "id"], name="returnorder_by_change"),
            models.Index(fields=["customer", "id"], name="returnorder_by_customer"),
            GinIndex(
                OpClass(Upper("customer_reference"), "gin_trgm_ops"),
                name="returnorder_theirs_trigrams",
            ),
            models.Index(fields=["status", "id"], name="returnorder_by_status"),
            models.Index(fields=["target_date", "id"], name="returnorder_by_target_date"),
            models.Index(fields=["credited_gross", "id"], name="returnorder_by_credit"),
            models.Index(
                fields=["deadline"], condition=Q(closed_at=None), name="returnorder_by_deadline"
            ),
            models.Index(
                fields=["refund_by"],
                condition=Q(refund_by__isnull=False),
                name="returnorder_by_refund_promise",
            ),
            models.Index(fields=["requested_on"], name="returnorder_by_request"),
            models.Index(
                fields=["closed_at"],
                condition=Q(closed_at__isnull=False),
                name="returnorder_by_end",
            ),
            models.Index(
                fields=["id"],
                condition=Q(credit_owed=True) | Q(money__in=[Money.DUE, Money.PARTIALLY_REFUNDED]),
                name="returnorder_owing",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="policy",
                operation=pgtrigger.UpdateOf("policy_id"),
                when=pgtrigger.Before,
                condition=pgtrigger.Q(old__policy__df=pgtrigger.F("new__policy")),
                func="""
                RAISE EXCEPTION 'A return keeps the rules it was requested under.'
                    USING ERRCODE = 'restrict_violation',
                    CONSTRAINT = 'returnorder_keeps_its_policy';
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Audience(models.TextChoices):
    """Who may read a note."""

    INTERNAL = "internal", _("Internal")
    CUSTOMER = "customer", _("Customer-visible")


class Comment(Addressable):
    """A note on a return, for us or for the customer too."""

    return_order = models.ForeignKey(ReturnOrder, models.PROTECT, related_name="comments")
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.INTERNAL)
    text = models.TextField()
    author = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=one_of("audience", Audience) & ~Q(text=""),
                name="comment_says_something_to_somebody",
                violation_error_code="invalid_comment",
                violation_error_message=gettext_noop(
                    "A note has a text, and is internal or for the customer."
                ),
            ),
        ]
