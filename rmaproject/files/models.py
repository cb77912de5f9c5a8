from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop

from rmaproject.audit.models import Addressable
from rmaproject.shared.fields import known_choice


class ContentType(models.TextChoices):
    """The kinds of files that are taken; pictures are written anew, so nothing hides in them."""

    JPEG = "image/jpeg", "JPEG"
    PNG = "image/png", "PNG"
    WEBP = "image/webp", "WebP"
    PDF = "application/pdf", "PDF"
    TEXT = "text/plain", "Text"
    LINK = "text/uri-list", "Link"


class Kind(models.TextChoices):
    """What a file is there for."""

    FILE = "", "File"
    EVIDENCE = "evidence", "Evidence"
    SAMPLE = "sample", "Sample"


class Attachment(Addressable):
    """A file that hangs on a record, named by the label of its model and its UUID.

    `about` is the line or inspection inside the record that it shows, if any. `name` is what the
    user called it and is only shown; `stored` is where it lies. A removed one keeps its row.
    A link to something elsewhere is a file too, with the address alone in it. `key` is the
    sender's own: sent again under it, the same file is kept once.
    """

    owner = models.CharField(max_length=50)
    owner_id = models.UUIDField()
    about = models.UUIDField(null=True, blank=True)
    kind = models.CharField(max_length=20, choices=Kind, blank=True, default=Kind.FILE)
    key = models.UUIDField(null=True, blank=True)
    name = models.CharField(max_length=200)
    comment = models.CharField(max_length=250, blank=True)
    link = models.URLField(max_length=2000, blank=True)
    content_type = models.CharField(max_length=40, choices=ContentType)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    stored = models.CharField(max_length=200, unique=True)
    uploaded_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    deleted_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            known_choice(
                "attachment_content_type_known",
                "content_type",
                ContentType,
                "Only pictures, PDF, plain text and links are kept.",
            ),
            known_choice(
                "attachment_kind_known",
                "kind",
                Kind,
                "A file is evidence, a sample, or just a file.",
            ),
            models.UniqueConstraint(
                fields=["owner_id", "key"],
                name="attachment_kept_once_per_key",
                violation_error_code="file_kept_already",
                violation_error_message=gettext_noop("A file with this key hangs on the record."),
            ),
            models.CheckConstraint(
                condition=Q(content_type=ContentType.LINK) ^ Q(link=""),
                name="attachment_link_has_an_address",
                violation_error_code="invalid_link",
                violation_error_message=gettext_noop("A link has an address, and a file has none."),
            ),
            models.CheckConstraint(
                condition=Q(size__gt=0) & ~Q(name="") & Q(sha256__regex="^[0-9a-f]{64}$"),
                name="attachment_has_name_and_content",
                violation_error_code="empty_file",
                violation_error_message=gettext_noop("A file has a name and is not empty."),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner_id", "id"], name="attachment_by_owner"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        """Whether a browser may show it."""
        return self.content_type.startswith("image/")


class Supplement(models.Model):
    """What another system's clients keep with a record and we have no column for.

    No rule reads it. `content` are single fields of that system's form of the record, `metadata`
    is what a client hangs on it for itself.
    """

    owner = models.CharField(max_length=50)
    owner_id = models.UUIDField()
    system = models.CharField(max_length=20)
    content: Any = models.JSONField(default=dict)
    metadata: Any = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["owner_id", "system"],
                name="supplement_one_per_record_and_system",
                violation_error_code="concurrent_change",
                violation_error_message=gettext_noop(
                    "Somebody else changed the record at the same moment."
                ),
            ),
        ]
