"""Files on a return over REST: sent as a form, listed, handed out, and taken away."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from returns.api.outputs import PartOutput
from returns.api.parts import ReturnPart
from returns.selectors import permission_for
from returns.services import attach_file, remove_file
from rmaproject.files.models import Attachment, ContentType, Kind
from rmaproject.files.selectors import attachments_of
from rmaproject.files.serving import file_response
from rmaproject.rest.inputs import Input, TextInput, read
from rmaproject.shared.errors import RuleViolation

#: What a form has beside its file.
FORM_BYTES = 64 * 1024


class AttachmentOutput(PartOutput):
    id = serializers.UUIDField()
    name = serializers.CharField()
    content_type = serializers.ChoiceField(ContentType.choices)
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    about = serializers.UUIDField(allow_null=True, help_text="The line or inspection it shows.")
    kind = serializers.ChoiceField(Kind.choices, help_text="Evidence of an inspection, or a file.")
    caption = serializers.CharField()
    uploaded_by = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField()
    content = serializers.CharField(help_text="Where the file itself is.")


class AttachmentForm(Input):
    """A form with a picture (JPEG, PNG, WebP), a PDF or a plain text."""

    file = serializers.FileField(allow_empty_file=True)
    about = serializers.UUIDField(required=False)
    kind = serializers.ChoiceField([Kind.EVIDENCE], required=False)
    caption = TextInput(max_length=250)


@extend_schema_view(
    list=extend_schema(responses=AttachmentOutput(many=True)),
    retrieve=extend_schema(responses=AttachmentOutput),
)
class AttachmentViewSet(ReturnPart):
    """Files on a return. Pictures are written anew, without what they hid."""

    serializer_class = AttachmentOutput
    parser_classes = (MultiPartParser,)
    orderings = {"at": "pk"}
    default_ordering = "at"
    unversioned = frozenset({"create", "destroy"})

    def visible(self) -> QuerySet[Attachment, Attachment]:
        return attachments_of(self.owner)

    def show(self, row: Attachment) -> dict[str, Any]:
        place = [self.owner.uuid, row.uuid]
        return {
            "id": row.uuid,
            **self.version(),
            "name": row.name,
            "content_type": row.content_type,
            "size": row.size,
            "sha256": row.sha256,
            "about": row.about,
            "kind": row.kind,
            "caption": row.comment,
            "uploaded_by": row.uploaded_by.username if row.uploaded_by else None,
            "at": row.at,
            "content": reverse("return-attachment-content", args=place),
        }

    @extend_schema(
        request={"multipart/form-data": AttachmentForm}, responses={201: AttachmentOutput}
    )
    def create(self, request: Request, return_id: str) -> Response | HttpResponse:
        """Hang a file on the return; legal in every status."""
        order = self.owner
        self.actor.require(permission_for("comment"))
        require_small(request)
        values = read(AttachmentForm, request)
        file = values["file"]
        return self.write_part(
            lambda: attach_file(
                order.pk,
                file.name,
                file.read(),
                about=values.get("about"),
                kind=values.get("kind", ""),
                comment=values.get("caption", ""),
                actor=self.actor,
            ),
            optional=True,
            status=201,
        )

    @extend_schema(request=None, responses={204: None})
    def destroy(self, request: Request, return_id: str, uuid: str) -> Response | HttpResponse:
        """Take a file away; the history says who did it."""
        row = self.record(uuid, permission_for("comment"))

        def act() -> None:
            remove_file(self.owner.pk, row.uuid, actor=self.actor)

        return self.write_part(act, optional=True)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def content(self, request: Request, return_id: str, uuid: str) -> HttpResponse:
        """The file itself: pictures to be shown, all else to be downloaded."""
        return file_response(self.record(uuid))


def require_small(request: Request) -> None:
    """Refuse a body that is too large before it is read. Raises RuleViolation `file_too_large`."""
    most = settings.MAX_FILE_BYTES
    size = int(request.headers.get("Content-Length") or 0)
    if size > most + FORM_BYTES:
        message = _("A file has at most %(most)s MB.") % {"most": most // (1024 * 1024)}
        raise RuleViolation(message, code="file_too_large", pointer="/file", size=size, most=most)
