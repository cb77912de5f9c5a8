from __future__ import annotations

import hashlib
import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_noop
from oauth2_provider.models import AbstractApplication, AbstractGrant

from rmaproject.shared.appendonly import append_only


class User(AbstractUser):  # type: ignore[django-manager-missing]
    """A person or a service that acts; never deleted, only made inactive.

    How somebody likes to see the desk goes along: "" is what the browser or the business says.
    """

    language = models.CharField(max_length=10, blank=True, default="")
    time_zone = models.CharField(max_length=50, blank=True, default="")
    theme = models.CharField(max_length=5, blank=True, default="")
    single_keys = models.BooleanField(default=True)
    #: Raised to end every session of this person at once.
    session_round = models.PositiveIntegerField(default=0, editable=False)

    class Meta(AbstractUser.Meta):
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(theme__in=["", "light", "dark"]),
                name="user_theme_known",
                violation_error_code="invalid_theme",
                violation_error_message=gettext_noop(
                    "A theme is light, dark, or what the system says."
                ),
            ),
        ]
        permissions: ClassVar = [
            ("see_all_businesses", "See the records of every business"),
            ("manage_settings", "Change settings, businesses, reasons and number patterns"),
            ("manage_users", "Give people roles and tokens"),
        ]

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must know to go on: the password, and that nobody ended it."""
        told = f"{self.password}:{self.session_round}" if self.session_round else self.password
        salt = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"
        return salted_hmac(salt, told, secret=secret, algorithm="sha256").hexdigest()


class RightsEntry(models.Model):
    """Who did what to people, roles and what they see; `subject` is "user" or "role"."""

    at = models.DateTimeField(default=timezone.now, editable=False)
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    door = models.CharField(max_length=20)
    request_id = models.CharField(max_length=64, blank=True)
    verb = models.CharField(max_length=50)
    subject = models.CharField(max_length=10)
    subject_id = models.PositiveIntegerField()
    name = models.CharField(max_length=150)
    facts: Any = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()
        triggers: ClassVar = append_only("access_rightsentry")
        indexes: ClassVar = [
            models.Index(fields=["subject", "subject_id"], name="rightsentry_by_subject"),
        ]


class ApiToken(models.Model):
    """A key for other systems; only its digest is kept, so a stolen database opens nothing.

    `scopes` None opens all that the user holds, no `allowed_addresses` let every address in.
    """

    SHA256 = "sha256"
    HMAC = "hmac-sha256"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100, blank=True)
    prefix = models.CharField(max_length=12, blank=True, default="")
    digest = models.CharField(max_length=64)
    algorithm = models.CharField(max_length=20, default=HMAC)
    scopes = ArrayField(models.CharField(max_length=100), null=True, blank=True)
    allowed_addresses = ArrayField(models.CharField(max_length=50), default=list, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    made_with = models.ForeignKey("self", models.SET_NULL, null=True, related_name="made")
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_used_address = models.GenericIPAddressField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "token"
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["digest"],
                name="apitoken_digest_unique",
                violation_error_code="token_exists",
                violation_error_message=gettext_noop("This token exists already."),
            ),
            models.CheckConstraint(
                condition=Q(digest__regex="^[0-9a-f]{64}$"),
                name="apitoken_digest_is_sha256",
                violation_error_code="invalid_digest",
                violation_error_message=gettext_noop("A token is kept as its SHA-256 digest only."),
            ),
            models.CheckConstraint(
                condition=Q(algorithm__in=["sha256", "hmac-sha256"]),
                name="apitoken_algorithm_known",
                violation_error_code="invalid_algorithm",
                violation_error_message=gettext_noop(
                    "Nobody could compare a digest of another kind."
                ),
            ),
            models.CheckConstraint(
                condition=Q(scopes=None) | Q(scopes__len__gt=0),
                name="apitoken_opens_something",
                violation_error_code="no_scopes",
                violation_error_message=gettext_noop("A token with scopes names at least one."),
            ),
        ]


class OAuthClient(AbstractApplication):
    """A program that gets tokens by OAuth2: for people who let it in, or for its own user.

    A confidential client acts as `user`; one with redirect addresses may ask people.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "application"
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                Lower("name"),
                name="oauthclient_name_unique",
                violation_error_code="client_exists",
                violation_error_message=gettext_noop("Another application has this name."),
            ),
        ]

    @property
    def is_public(self) -> bool:
        return bool(self.client_type == self.CLIENT_PUBLIC)

    def allows_grant_type(self, *grant_types: str) -> bool:
        """Codes for who has an address to send people back to, own tokens for who has a secret."""
        allowed = set() if self.is_public else {self.GRANT_CLIENT_CREDENTIALS}
        if self.redirect_uris:
            allowed.add(self.GRANT_AUTHORIZATION_CODE)
        return not allowed.isdisjoint(grant_types)

    def is_usable(self, request: Any) -> bool:
        """Whether the client may do anything just now."""
        return self.revoked_at is None and (self.user is None or self.user.is_active)

    def get_allowed_schemes(self) -> list[str]:
        """http only where an address of the client leads to its own machine."""
        local = any(uri.startswith("http:") for uri in self.redirect_uris.split())
        return ["https", "http"] if local else ["https"]


class DigestField(models.CharField):  # type: ignore[type-arg]
    """A secret that is kept, and looked for, as its SHA-256 digest."""

    def get_prep_value(self, value: Any) -> Any:
        return value if value is None else hashlib.sha256(str(value).encode()).hexdigest()


class OAuthCode(AbstractGrant):
    """An authorization code on its way through somebody's browser."""

    code = DigestField(max_length=64, unique=True)

    class Meta:
        default_permissions = ()


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
                violation_error_message=gettext_noop(
                    "The first request with this key is still running."
                ),
            ),
            models.CheckConstraint(
                condition=Q(status__gte=200, status__lt=600),
                name="idempotencyrecord_status_is_http",
                violation_error_code="invalid_status",
                violation_error_message=gettext_noop("Only finished answers are kept."),
            ),
        ]
