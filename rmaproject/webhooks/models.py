from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from rmaproject.access.models import User
from rmaproject.audit.models import Addressable, Aggregate
from rmaproject.events.models import Event
from rmaproject.shared.fields import known_choice


class Endpoint(Aggregate):
    """An address of another system that wants to be told; it learns what its owner may see.

    `scopes` are the rights that the key it was made with opened, None for all of its owner's.
    `failures` and `paused_until` are how it goes just now; they are no part of its history.
    """

    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    scopes = ArrayField(models.CharField(max_length=100), null=True, blank=True)
    url = models.CharField(max_length=2000)
    description = models.CharField(max_length=200, blank=True)
    types = ArrayField(models.CharField(max_length=80))
    businesses = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    format = models.CharField(max_length=30, default="standard")
    active = models.BooleanField(default=True)
    disabled_reason = models.CharField(max_length=20, blank=True)
    disabled_at = models.DateTimeField(null=True, blank=True)
    discarded_at = models.DateTimeField(null=True, blank=True)
    secret = models.TextField(editable=False)
    old_secret = models.TextField(blank=True, editable=False)
    old_secret_until = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    paused_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        verbose_name = "webhook"
        permissions: ClassVar = [("manage_webhooks", "Let other systems be told of changes")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(active=True, disabled_reason="")
                | Q(active=False, disabled_reason__gt=""),
                name="endpoint_disabled_says_why",
                violation_error_code="invalid_state",
                violation_error_message=gettext_noop("A webhook is active, or says why it is not."),
            ),
        ]


class DeliveryState(models.TextChoices):
    """What became of a delivery."""

    PENDING = "pending", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Given up")
    CANCELLED = "cancelled", _("Cancelled")


class Delivery(Addressable):
    """One event on its way to one endpoint. Without an event it is a test.

    `leased_until` is set while a worker calls; after it another worker may, for the first died.
    """

    endpoint = models.ForeignKey(Endpoint, models.PROTECT, related_name="deliveries")
    event = models.ForeignKey(Event, models.CASCADE, null=True, related_name="+")
    message_id = models.UUIDField(default=uuid.uuid4)
    type = models.CharField(max_length=80)
    aggregate_id = models.UUIDField()
    replayed = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        verbose_name = "delivery"
        verbose_name_plural = "deliveries"
        indexes: ClassVar = [
            models.Index(
                fields=["endpoint", "aggregate_id", "id"],
                name="delivery_pending",
                condition=Q(state="pending"),
            ),
            models.Index(fields=["created_at"], name="delivery_created"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            known_choice(
                "delivery_state_known", "state", DeliveryState, "This is no state of a delivery."
            ),
            models.UniqueConstraint(
                fields=["endpoint", "event"],
                condition=Q(replayed=False),
                name="delivery_once_per_event",
                violation_error_code="delivered_already",
                violation_error_message=gettext_noop("The event is on its way there already."),
            ),
        ]


class Attempt(models.Model):
    """One call of an endpoint: what was sent, what came back, how long it took."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="log")
    at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    request_headers: Any = models.JSONField(default=dict)
    status = models.PositiveIntegerField(null=True)
    response_headers: Any = models.JSONField(default=dict)
    response_body = models.TextField(blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        default_permissions = ()


class Progress(models.Model):
    """Up to which event deliveries were made; one row, locked while the next ones are."""

    position = models.PositiveBigIntegerField(default=0)

    class Meta:
        default_permissions = ()
