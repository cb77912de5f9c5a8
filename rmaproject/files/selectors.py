"""The files of a record; who may see the record may see them."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from rmaproject.audit.models import Aggregate
from rmaproject.files.models import Attachment, Kind


def attachments_of(root: Aggregate) -> QuerySet[Attachment, Attachment]:
    """The files that hang on a record and were not removed, oldest first."""
    rows = Attachment.objects.filter(
        owner=root._meta.label_lower, owner_id=root.uuid, deleted_at=None
    )
    return rows.select_related("uploaded_by").order_by("pk")


def attachment_of(root: Aggregate, ident: UUID) -> Attachment | None:
    """One file of a record by its id."""
    return attachments_of(root).filter(uuid=ident).first()


def kept_under(root: Aggregate, key: UUID | None) -> Attachment | None:
    """The file of a record that was sent under this key, also when it was removed since."""
    rows = Attachment.objects.filter(owner=root._meta.label_lower, owner_id=root.uuid)
    return rows.filter(key=key).first() if key else None


def samples_of(root: Aggregate) -> dict[UUID | None, list[Attachment]]:
    """The sample photos of a record by what they show."""
    found: dict[UUID | None, list[Attachment]] = {}
    for row in attachments_of(root).filter(kind=Kind.SAMPLE):
        found.setdefault(row.about, []).append(row)
    return found
