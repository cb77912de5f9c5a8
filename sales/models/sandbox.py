"""What the sandbox gateway keeps: it stands for another company's books, not for ours."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from rmaproject.shared.fields import AmountField, known_choice


class Behaviour(models.TextChoices):
    """How the sandbox can be told to answer."""

    OK = "ok", _("Pays and says so")
    FAIL = "fail", _("Refuses")
    TIMEOUT_BEFORE = "timeout_before", _("Does nothing and never answers")
    TIMEOUT_AFTER = "timeout_after", _("Pays and never answers")
    PENDING = "pending", _("Takes its time, and pays when asked often enough")
    LATE = "late", _("Never answers, and pays when asked often enough")


class SandboxPayout(models.Model):
    """A payout as the sandbox knows it: one for each key, whoever asks how often."""

    key = models.CharField(max_length=36)
    payment_reference = models.CharField(max_length=100, blank=True)
    currency = models.CharField(max_length=3)
    amount = AmountField()
    state = models.CharField(max_length=10)
    asks_left = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["key"],
                name="sandboxpayout_one_per_key",
                violation_error_code="key_exists",
                violation_error_message=gettext_noop("There is a payout with this key."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["done", "failed", "pending"]),
                name="sandboxpayout_state_known",
                violation_error_code="invalid_state",
                violation_error_message=gettext_noop("A payout is done, failed or pending."),
            ),
        ]


class SandboxOrder(models.Model):
    """An instruction: the next so many payouts are answered in this way."""

    behaviour = models.CharField(max_length=20, choices=Behaviour)
    payment_reference = models.CharField(max_length=100, blank=True)
    times = models.PositiveIntegerField(default=1)
    asks = models.PositiveIntegerField(default=1)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            known_choice(
                "sandboxorder_behaviour_known",
                "behaviour",
                Behaviour,
                "The sandbox knows no such behaviour.",
            ),
        ]
