"""A kept file as an answer that no browser runs as a page of ours."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from rmaproject.files.models import Attachment
from rmaproject.files.services import content_of
from rmaproject.shared.errors import NotFound


def file_response(attachment: Attachment) -> HttpResponse:
    """The file under its own name: pictures shown, all else downloaded; nothing in it runs.

    Raises NotFound when the store has lost it.
    """
    try:
        content = content_of(attachment)
    except FileNotFoundError as error:
        raise NotFound(_("The file is not in the store any more."), code="not_found") from error
    answer = HttpResponse(content, content_type=attachment.content_type)
    disposition = content_disposition_header(not attachment.is_image, attachment.name)
    answer["Content-Disposition"] = disposition or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    answer["Cache-Control"] = "private, max-age=0, must-revalidate"
    answer["ETag"] = f'"{attachment.sha256}"'
    return answer
