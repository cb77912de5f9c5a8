from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from rmaproject.audit.models import Addressable
from rmaproject.shared.fields import known_choice


class ContentType(models.TextChoices):
    """The kinds of files that are taken; pictures are written anew, so nothing hides in them."""

    JPEG = "image/jpeg", "JPEG"
    PNG = "image/png", "PNG"
    WEBP = "image/webp", "WebP"
    PDF = "application/pdf", "PDF"
    TEXT = "text/plain", "Text"


class Attachment(Addressable):
    """A file that hangs on a record, named by the label of its model and its UUID.

    `about` is the line or inspection inside the record that it shows, if any. `name` is what the
    user called it and is only shown; `stored` is where it lies. A removed one keeps its row.
    """

    owner = models.CharField(max_length=50)
    owner_id = models.UUIDField()
    about = models.UUIDField(null=True, blank=True)
    name = models.CharField(max_length=200)
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
                "Only pictures, PDF and plain text are kept.",
            ),
            models.CheckConstraint(
                condition=Q(size__gt=0) & ~Q(name="") & Q(sha256__regex="^[0-9a-f]{64}$"),
                name="attachment_has_name_and_content",
                violation_error_code="empty_file",
                violation_error_message="A file has a name and is not empty.",
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
