from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from rmaproject.audit.appendonly import append_only


class Addressable(models.Model):
    """A record that other systems name by a UUID; the bigint key stays inside."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


class Aggregate(Addressable):
    """The root of a consistent whole: one version, one audit chain, one lock.

    Written only through `audit.trail`, which keeps version, head and trail together.
    """

    version = models.PositiveIntegerField(default=1, editable=False)
    audit_head = models.CharField(max_length=64, default="", editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True


class AuditEntry(models.Model):
    """One change of one aggregate; `hash` covers it and the entry before it."""

    aggregate = models.CharField(max_length=50)
    aggregate_id = models.UUIDField()
    n = models.PositiveIntegerField()
    verb = models.CharField(max_length=50)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    door = models.CharField(max_length=20)
    request_id = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    facts: Any = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["aggregate_id", "n"],
                name="auditentry_numbered_once",
                violation_error_code="concurrent_change",
                violation_error_message=gettext_noop(
                    "Somebody else changed the record at the same moment."
                ),
            ),
            models.CheckConstraint(
                condition=Q(n__gte=1) & (Q(n=1, previous="") | Q(n__gt=1, previous__regex=".{64}")),
                name="auditentry_follows_another",
                violation_error_code="broken_audit_chain",
                violation_error_message=gettext_noop(
                    "Each audit entry but the first follows another."
                ),
            ),
        ]
        triggers: ClassVar = append_only("audit_auditentry")
        indexes: ClassVar = [
            models.Index(
                fields=["request_id"], condition=~Q(request_id=""), name="auditentry_by_request"
            ),
        ]
