"""Files and links on records, all below one address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request

from returns.compat.inventree.base import InventreeDoor
from returns.compat.inventree.filters import by_flag, key
from returns.compat.inventree.forms import Form, TextField
from returns.compat.inventree.lists import refused, require_known
from returns.compat.inventree.records import KINDS, Kind, kind_of, record_of
from returns.compat.inventree.resources import Records
from returns.compat.inventree.views_users import show_user
from rmaproject.files.models import Attachment
from rmaproject.files.serving import file_response
from rmaproject.shared.errors import NotFound


class AttachmentForm(Form):
    """A file, or a link, on one record."""

    model_type = serializers.CharField(max_length=50)
    model_id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    attachment = serializers.FileField(required=False, allow_null=True, allow_empty_file=True)
    link = TextField(max_length=2000)
    comment = TextField(max_length=250)

    shown = {
        "pk": "integer",
        "filename": "string",
        "upload_date": "date",
        "upload_user": "integer",
        "user_detail": "nested object",
        "file_size": "integer",
        "is_image": "boolean",
        "thumbnail": "string",
    }
    unkept = frozenset(("tags",))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A file or a link, not both."""
        if bool(attrs.get("attachment")) == bool(attrs.get("link")):
            message = "Missing file" if not attrs.get("link") else "Send a file or a link."
            raise serializers.ValidationError({"attachment": [message]})
        return attrs


class Attachments(Records):
    """The attachments of records in sight: a list is always that of one record or one model."""

    title = "Attachment"
    form = AttachmentForm
    rights = {"POST": "", "DELETE": ""}
    bulk_delete = True
    words = {"file": "attachment"}
    filters = {
        "model_type": lambda rows, text: rows,
        "model_id": lambda rows, text: rows,
        "is_link": by_flag(~Q(link="")),
        "is_file": by_flag(Q(link="")),
    }
    orderings = {"pk": "pk", "upload_date": "at", "file_size": "size"}

    def visible(self) -> QuerySet[Attachment, Attachment]:
        """Those of one record where the query names it, else of all that the caller sees."""
        query = self.request.query_params
        if "pk" in self.kwargs or self.request.method != "GET" or "model_type" not in query:
            return self._of(*[kind for kind in KINDS.values() if kind.files])
        kind = kind_of(query["model_type"], with_files=True)
        if "model_id" not in query:
            return self._of(kind)
        try:
            row = record_of(kind, self.actor, key(query["model_id"]))
        except ValueError as error:
            raise refused({"model_id": str(error)}) from error
        return _kept().filter(owner=row._meta.label_lower, owner_id=row.uuid)

    def loaded(self, rows: Any) -> Any:
        return rows.select_related("uploaded_by")

    def find(self, rows: QuerySet[Any, Any], text: str) -> QuerySet[Any, Any]:
        return rows.filter(Q(name__icontains=text) | Q(comment__icontains=text))

    def show_all(self, rows: list[Any], flags: Mapping[str, bool]) -> list[dict[str, Any]]:
        keys = _keys(rows)
        return [_show(row, *keys[row.owner, row.owner_id]) for row in rows]

    def create(self, values: dict[str, Any]) -> Attachment:
        kind = kind_of(values["model_type"], with_files=True)
        row, files = record_of(kind, self.actor, values["model_id"]), _files(kind)
        self.actor.require(files.permission)
        comment = values.get("comment", "")
        if values.get("link"):
            return files.link(row.pk, values["link"], comment=comment, actor=self.actor)
        file = values["attachment"]
        return files.attach(row.pk, file.name, file.read(), comment=comment, actor=self.actor)

    def remove(self, row: Attachment) -> None:
        kind = next(kind for kind in KINDS.values() if _label(kind) == row.owner)
        files = _files(kind)
        self.actor.require(files.permission)
        owner = kind.visible(self.actor).get(uuid=row.owner_id)
        files.remove(owner.pk, row.uuid, actor=self.actor)

    def _of(self, *kinds: Kind) -> QuerySet[Attachment, Attachment]:
        owners = Q(pk=None)
        for kind in kinds:
            rows = kind.visible(self.actor).values("uuid")
            owners |= Q(owner=_label(kind), owner_id__in=rows)
        return _kept().filter(owners)


class AttachmentContent(InventreeDoor):
    """The file itself, for who sees its record."""

    def get(self, request: Request, pk: int) -> HttpResponse:
        require_known(request, ())
        found = _kept().filter(pk=pk).first() if pk < 2**63 else None
        kinds = [kind for kind in KINDS.values() if found and _label(kind) == found.owner]
        if found is None or not kinds:
            raise NotFound("Not found.", code="not_found")
        if not kinds[0].visible(self.actor).filter(uuid=found.owner_id).exists():
            raise NotFound("Not found.", code="not_found")
        return file_response(found)


def _kept() -> QuerySet[Attachment, Attachment]:
    return Attachment.objects.filter(deleted_at=None)


def _label(kind: Kind) -> str:
    return kind.model._meta.label_lower


def _files(kind: Kind) -> Any:
    if kind.files is None:
        raise NotFound("Not found.", code="not_found")
    return kind.files


def _keys(rows: list[Attachment]) -> dict[tuple[str, Any], tuple[str, int]]:
    """The model name and key of the record of each attachment; one query a model."""
    found: dict[tuple[str, Any], tuple[str, int]] = {}
    for name, kind in KINDS.items():
        label = _label(kind)
        owners = {row.owner_id for row in rows if row.owner == label}
        if owners and kind.files:
            pairs = kind.model._default_manager.filter(uuid__in=owners).values_list("uuid", "pk")
            found |= {(label, uuid): (name, pk) for uuid, pk in pairs}
    return found


def _show(row: Attachment, model: str, key: int) -> dict[str, Any]:
    return {
        "pk": row.pk,
        "model_type": model,
        "model_id": key,
        "attachment": None if row.link else reverse("inventree-attachment-file", args=[row.pk]),
        "filename": "" if row.link else row.name,
        "link": row.link or None,
        "comment": row.comment,
        "is_image": row.is_image,
        "file_size": 0 if row.link else row.size,
        "upload_date": row.at.date().isoformat(),
        "upload_user": row.uploaded_by_id,
        "user_detail": show_user(row.uploaded_by) if row.uploaded_by else None,
    }
