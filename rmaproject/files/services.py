"""Files are kept under names of ours, beside the database; a record's service calls this."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from rmaproject.access.actors import Actor
from rmaproject.audit.models import Aggregate
from rmaproject.files.checking import Checked
from rmaproject.files.models import Attachment, ContentType
from rmaproject.files.selectors import attachments_of
from rmaproject.shared import clock
from rmaproject.shared.canonical import digest
from rmaproject.shared.errors import RuleViolation

ENDINGS: Final = {
    ContentType.JPEG: "jpg",
    ContentType.PNG: "png",
    ContentType.WEBP: "webp",
    ContentType.PDF: "pdf",
    ContentType.TEXT: "txt",
    ContentType.LINK: "uri",
}


def keep_file(
    root: Aggregate,
    file: Checked,
    *,
    actor: Actor,
    about: UUID | None = None,
    comment: str = "",
    kind: str = "",
    key: UUID | None = None,
) -> Attachment:
    """Keep a checked file with a locked record, within its transaction.

    Raises RuleViolation `too_many_files` with the figure.
    """
    most = settings.MAX_FILES_PER_RECORD
    if attachments_of(root).count() >= most:
        message = _("At most %(most)s files hang on one record.") % {"most": most}
        raise RuleViolation(message, code="too_many_files", pointer="/file", most=most)
    secret = uuid4().hex
    path = f"attachments/{secret[:2]}/{secret}.{ENDINGS[file.content_type]}"
    stored = default_storage.save(path, ContentFile(file.content))
    return Attachment.objects.create(
        owner=root._meta.label_lower,
        owner_id=root.uuid,
        about=about,
        kind=kind,
        key=key,
        name=file.name,
        comment=comment,
        link=file.link,
        content_type=file.content_type,
        size=len(file.content),
        sha256=file.sha256,
        stored=stored,
        uploaded_by_id=actor.user_id,
        at=clock.now(),
    )


def drop_file(attachment: Attachment, *, actor: Actor) -> None:
    """Take a file away from its record: the row stays and says who, the content is erased."""
    attachment.deleted_at, attachment.deleted_by_id = clock.now(), actor.user_id
    attachment.save(update_fields=["deleted_at", "deleted_by"])
    stored = attachment.stored
    transaction.on_commit(lambda: default_storage.delete(stored))


def discard_content(stored: str) -> None:
    """Delete what was kept under this name: for records that are removed with all they had."""
    default_storage.delete(stored)


def facts_of(attachment: Attachment) -> dict[str, Any]:
    """What the trail keeps of a file: never its name, which may be personal."""
    return {
        "attachment": attachment.uuid,
        "name_digest": digest(attachment.name),
        "sha256": attachment.sha256,
        "size": attachment.size,
    }


def content_of(attachment: Attachment) -> bytes:
    """The bytes of a file. Raises FileNotFoundError when the store has lost it."""
    with default_storage.open(attachment.stored) as file:
        return bytes(file.read())
