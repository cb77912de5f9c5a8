"""The files of a record; who may see the record may see them."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from rmaproject.audit.models import Aggregate
from rmaproject.files.models import Attachment


def attachments_of(root: Aggregate) -> QuerySet[Attachment, Attachment]:
    """The files that hang on a record and were not removed, oldest first."""
    rows = Attachment.objects.filter(
        owner=root._meta.label_lower, owner_id=root.uuid, deleted_at=None
    )
    return rows.select_related("uploaded_by").order_by("pk")


def attachment_of(root: Aggregate, ident: UUID) -> Attachment | None:
    """One file of a record by its id."""
    return attachments_of(root).filter(uuid=ident).first()
