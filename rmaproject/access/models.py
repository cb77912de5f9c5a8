from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils import timezone


class User(AbstractUser):
    """A person or a service that acts; never deleted, only made inactive."""

    class Meta(AbstractUser.Meta):
        default_permissions = ()
        permissions: ClassVar = [
            ("see_all_businesses", "See the records of every business"),
            ("manage_settings", "Change settings, businesses, reasons and number patterns"),
            ("manage_users", "Give people roles and tokens"),
        ]


class ApiToken(models.Model):
    """A key for other systems; only its digest is kept, so a stolen database opens nothing."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100, blank=True)
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["digest"],
                name="apitoken_digest_unique",
                violation_error_code="token_exists",
                violation_error_message="This token exists already.",
            ),
            models.CheckConstraint(
                condition=Q(digest__regex="^[0-9a-f]{64}$"),
                name="apitoken_digest_is_sha256",
                violation_error_code="invalid_digest",
                violation_error_message="A token is kept as its SHA-256 digest only.",
            ),
        ]


class IdempotencyRecord(models.Model):
    """The first answer to a request with a key, written in the transaction of what it did."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers: Any = models.JSONField(default=dict)
    body = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user", "key"],
                name="idempotencyrecord_key_unique_per_user",
                violation_error_code="idempotency_key_in_use",
                violation_error_message="The first request with this key is still running.",
            ),
            models.CheckConstraint(
                condition=Q(status__gte=200, status__lt=600),
                name="idempotencyrecord_status_is_http",
                violation_error_code="invalid_status",
                violation_error_message="Only finished answers are kept.",
            ),
        ]
