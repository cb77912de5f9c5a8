from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from returns.models.order import ReturnOrder
from rmaproject.audit.appendonly import append_only
from rmaproject.audit.models import Addressable
from rmaproject.shared.fields import known_choice


class ApprovalStep(models.TextChoices):
    """What became of the question whether a return may go on."""

    ASKED = "asked", _("Asked")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")


class Approval(Addressable):
    """A step of the approval of a return: asked, approved or rejected, and over which amounts.

    `amounts` is what the return would credit at that moment, by currency, as decimal texts.
    """

    return_order = models.ForeignKey(ReturnOrder, models.PROTECT, related_name="approvals")
    answer = models.CharField(max_length=10, choices=ApprovalStep)
    amounts: Any = models.JSONField(default=dict)
    reason = models.CharField(max_length=500, blank=True)
    actor = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            known_choice(
                "approval_answer_known", "answer", ApprovalStep, "A return is approved or rejected."
            ),
        ]
        triggers: ClassVar = append_only("returns_approval")
